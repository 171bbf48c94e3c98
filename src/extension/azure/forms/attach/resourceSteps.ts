/** Asks for the resource that is attached: from the list of the subscription, or by its id. */
import { l10n } from 'vscode';
import { attachKinds, resourceTypeOf } from '../../../../azure/attach/attachKinds.ts';
import type { AttachKind, AttachType } from '../../../../azure/attach/attachKinds.ts';
import type { Attachable } from '../../../../azure/attach/attachable.ts';
import { explained } from '../../../../azure/explain.ts';
import { sameId, subscriptionOf } from '../../../../azure/resourceIds.ts';
import type { ComputeAnswers } from '../computeAnswers.ts';
import { pickStep, textStep } from '../form.ts';
import type { Choice, Note, Step } from '../formTypes.ts';
import type { AttachPlace } from './attachPlace.ts';

export interface ResourceWish {
  readonly type: AttachType;
  readonly question: string;
  readonly when?: (answers: ComputeAnswers) => boolean;
}

export function resourceSteps(
  place: AttachPlace,
  { question, type, when = () => true }: ResourceWish,
): readonly Step<ComputeAnswers>[] {
  if (place.anew !== null) return [];
  const resources = new Resources(place, type);
  return [
    pickStep<ComputeAnswers>({
      when,
      question,
      choices: async ({ form }) => [
        ...(await resources.choices()),
        {
          label: l10n.t('Enter an id…'),
          detail: l10n.t('For a resource of another subscription, or one that is not listed'),
          answers: { form: { ...form, byId: true } },
        },
      ],
    }),
    textStep<ComputeAnswers>({
      when: (answers) => when(answers) && answers.form?.byId === true,
      question: l10n.t('Id of the resource in Azure.'),
      placeholder: `/subscriptions/…/providers/${attachKinds[type].resourceTypes[0]}/…`,
      check: (id) => resources.check(id.trim()),
      take: (id) => resources.answers(id.trim()),
    }),
  ];
}

class Resources {
  readonly #place: AttachPlace;
  readonly #type: AttachType;
  readonly #kind: AttachKind;
  readonly #lists = new Map<string, Promise<readonly Attachable[]>>();
  #known: readonly Attachable[] = [];

  constructor(place: AttachPlace, type: AttachType) {
    this.#place = place;
    this.#type = type;
    this.#kind = attachKinds[type];
  }

  /** What cannot be attached comes last and says why. */
  async choices(): Promise<readonly Choice<ComputeAnswers>[]> {
    const found = await this.#list(this.#place.workspace.subscriptionId);
    const choices = found.map((one) => this.#choice(one));
    const isOpen = ({ isRefused }: Choice<ComputeAnswers>) => isRefused !== true;
    const open = choices.filter(isOpen);
    return [...open, ...choices.filter((choice) => !isOpen(choice))];
  }

  async check(id: string): Promise<Note | null> {
    const { resourceTypes } = this.#kind;
    if (
      !resourceTypes.some((type) => sameId(type, resourceTypeOf(id))) ||
      subscriptionOf(id) === ''
    ) {
      const text = l10n.t('An id of {0} is wanted.', resourceTypes.join(', '));
      return { severity: 'error', text };
    }
    const { subscriptionId } = this.#place.workspace;
    if (this.#kind.isLocal === true && !sameId(subscriptionOf(id), subscriptionId)) {
      const text = l10n.t(
        'It has to be in the subscription of the workspace, {0}.',
        subscriptionId,
      );
      return { severity: 'error', text };
    }
    const attached = attachedText(this.#place, id);
    if (attached !== null) return { severity: 'error', text: attached };
    const found = await this.#list(subscriptionOf(id)).catch(() => null); // not ours to see
    const one = found?.find((resource) => sameId(resource.id, id));
    if (one?.problem !== undefined && one.problem !== null) {
      return { severity: 'error', text: one.problem };
    }
    if (one !== undefined) return null;
    const text = l10n.t('It is not to be seen from here; Azure will tell whether it is there.');
    return { severity: 'warning', text };
  }

  answers(id: string): Partial<ComputeAnswers> {
    const one = this.#known.find((resource) => sameId(resource.id, id));
    return { resource_id: one?.id ?? id, ...(one === undefined ? {} : this.#facts(one)) };
  }

  #choice(one: Attachable): Choice<ComputeAnswers> {
    const { about, id, location, name, problem, resourceGroup } = one;
    const refusal = attachedText(this.#place, id) ?? problem;
    return {
      label: name,
      description: `${resourceGroup} · ${location}`,
      detail: refusal ?? about,
      answers: { ...this.answers(id), form: { byId: false } },
      ...(refusal === null ? {} : { isRefused: true }),
    };
  }

  #facts({ facts: { address, user, workspaceUrl } }: Attachable): Partial<ComputeAnswers> {
    return {
      ...(this.#type === 'virtualmachine' && user !== undefined
        ? { ssh_settings: { admin_username: user } }
        : {}),
      ...(this.#type === 'hdinsight' && address !== undefined ? { address } : {}),
      ...(workspaceUrl === undefined ? {} : { workspace_url: workspaceUrl }),
    };
  }

  #list(subscriptionId: string): Promise<readonly Attachable[]> {
    const known = this.#lists.get(subscriptionId);
    if (known !== undefined) return known;
    const { connection } = this.#place;
    const attempt = { what: subscriptionId, role: 'Reader' } as const;
    const list = explained(attempt, () => this.#kind.list(connection, subscriptionId));
    this.#lists.set(subscriptionId, list);
    list.then(
      (found) => {
        this.#known = [...this.#known, ...found];
      },
      () => this.#lists.delete(subscriptionId), // asked again at the next look
    );
    return list;
  }
}

/** Why a resource is not attached a second time; null where it is not attached yet. */
export function attachedText(
  { attachments }: Pick<AttachPlace, 'attachments'>,
  id: string,
): string | null {
  const compute = attachments.of(id);
  if (compute === null) return null;
  return l10n.t(
    'It is attached already, as {0}: a second attachment would break that one. Use {0}, or detach it first.',
    compute.name,
  );
}
