/** Asks for the name of a compute: valid, free, or that of one that is there and can be used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { l10n } from 'vscode';
import { readCompute } from '../../../azure/computes.ts';
import type { ComputeTarget } from '../../../azure/computes.ts';
import type { AzureConnection } from '../../../azure/connection.ts';
import { explained } from '../../../azure/explain.ts';
import type { WorkspaceId } from '../../../azure/resourceIds.ts';
import { workspacesOf } from '../../../azure/workspaces.ts';
import { isError } from '../../../shared/errors.ts';
import { computeNameProblem } from '../../../azure/yaml/computeDocument.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { textStep } from './form.ts';
import type { Note, TextStep } from './formTypes.ts';

export interface NameWish {
  /** One of this kind that has the name is offered for use; null: none is. */
  readonly computeType: 'AmlCompute' | 'ComputeInstance' | null;
  readonly question: string;
  readonly prompt: string;
  readonly suggestion: string | ((answers: ComputeAnswers) => string);
  readonly when?: (answers: ComputeAnswers) => boolean;
}

/** While somebody types, Azure is not asked for every letter. */
const typingMs = 250;
/** Names of instances count in a whole region; more workspaces are not asked. */
const mostWorkspaces = 20;

export function nameStep(place: FormPlace, wish: NameWish): TextStep<ComputeAnswers> {
  const known = new Map<string, Promise<Holder | null>>();
  let turn = 0;
  const holder = (name: string) => {
    const found = known.get(name) ?? holderOf(place, wish, name);
    known.set(name, found);
    found.catch(() => known.delete(name));
    return found;
  };
  let used: string | null = null;
  const { suggestion } = wish;
  return textStep<ComputeAnswers>({
    ...(wish.when === undefined ? {} : { when: wish.when }),
    question: wish.question,
    prompt: () => wish.prompt,
    value: (answers) => (typeof suggestion === 'string' ? suggestion : suggestion(answers)),
    async check(name) {
      const problem = computeNameProblem(name);
      if (problem !== null) return { severity: 'error', text: problem };
      const mine = ++turn;
      if (!known.has(name)) await sleep(typingMs);
      if (mine !== turn) return null; // something else stands there by now
      const found = await holder(name);
      used = found?.usable === true ? name : null;
      return found === null ? null : holderNote(name, found);
    },
    take: (name) =>
      used === name ? { ends: true, answers: { name, form: { end: 'use' } } } : { name },
  });
}

interface Holder {
  readonly workspace: string;
  readonly compute: ComputeTarget;
  /** It is what the form would make. */
  readonly usable: boolean;
}

async function holderOf(
  { connection, workspace }: FormPlace,
  { computeType }: NameWish,
  name: string,
): Promise<Holder | null> {
  const own = await find(connection, workspace, name);
  if (own !== null) {
    const usable = own.properties?.computeType === computeType;
    return { workspace: workspace.name, compute: own, usable };
  }
  if (computeType !== 'ComputeInstance') return null;
  const all = await workspacesOf(connection, workspace.subscriptionId).first();
  const others = all.filter(
    (other) => other.location === workspace.location && other.name !== workspace.name,
  );
  const found = await Promise.all(
    others.slice(0, mostWorkspaces).map(async (other) => {
      const compute = await find(connection, other, name).catch(() => null); // not ours to see
      return compute === null ? null : { workspace: other.name, compute, usable: false };
    }),
  );
  return found.find((one) => one !== null) ?? null;
}

async function find(
  connection: AzureConnection,
  workspace: WorkspaceId,
  name: string,
): Promise<ComputeTarget | null> {
  try {
    const attempt = { what: name, role: 'Reader' } as const;
    return await explained(attempt, () => readCompute(connection, workspace, name));
  } catch (error) {
    if (isError(error, 'azure.notFound')) return null;
    throw error;
  }
}

function holderNote(name: string, { compute, usable, workspace }: Holder): Note {
  const kind = compute.properties?.computeType ?? '';
  if (usable) {
    const text = l10n.t('{0} exists already. Enter takes it as it is; nothing is created.', name);
    return { severity: 'warning', text };
  }
  const text = l10n.t(
    '{0} is taken by a compute ({1}) of the workspace {2}. Choose another name.',
    name,
    kind,
    workspace,
  );
  return { severity: 'error', text };
}
