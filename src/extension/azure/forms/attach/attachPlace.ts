/** What the forms that attach something have in common. */
import { l10n } from 'vscode';
import type { Attachments } from '../../../../azure/attach/attachments.ts';
import type { ComputeAnswers, FormPlace } from '../computeAnswers.ts';
import { endStep } from '../endStep.ts';
import type { Step } from '../formTypes.ts';
import { nameStep } from '../nameStep.ts';

export interface AttachPlace extends FormPlace {
  readonly attachments: Attachments;
  /** Name of the compute whose settings change by attaching it anew; null for a new one. */
  readonly anew: string | null;
}

export function attachTitle({ anew, workspace }: AttachPlace, kind: string): string {
  return anew === null
    ? l10n.t('Attach {0} to {1}', kind, workspace.name)
    : l10n.t('Attach {0} Anew', anew);
}

export function attachNameStep(place: AttachPlace, prompt: string): Step<ComputeAnswers> {
  return nameStep(place, {
    when: () => place.anew === null,
    computeType: null,
    question: l10n.t('Name of the compute.'),
    prompt,
    suggestion: ({ resource_id = '' }) => suggestedName(resource_id),
  });
}

/** A name that the service takes, from that of the resource. */
function suggestedName(resourceId: string): string {
  const plain = resourceId
    .slice(resourceId.lastIndexOf('/') + 1)
    .replaceAll(/[^a-z0-9-]/gi, '-')
    .replace(/^[^a-z]+/i, '')
    .replace(/-+\d*$/, '')
    .slice(0, 24);
  return plain.length < 3 ? `${plain || 'my'}-compute` : plain;
}

export interface AttachEnd {
  readonly when?: (answers: ComputeAnswers) => boolean;
  readonly offersMore?: boolean;
  /** What attaching means: what is billed where, what is older. */
  readonly detail: string;
}

export function attachEnd(
  { anew }: AttachPlace,
  { detail, offersMore = false, when = () => true }: AttachEnd,
): Step<ComputeAnswers> {
  return endStep({
    when,
    offersMore,
    price: () => Promise.resolve(detail),
    words: {
      send: (name) =>
        anew === null ? l10n.t('Attach {0}', name) : l10n.t('Detach {0} and attach it anew', name),
      save: l10n.t('Attaches nothing now; passwords, keys and tokens are not written'),
      more: l10n.t('The identity towards data and other services'),
    },
  });
}
