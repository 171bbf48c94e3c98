/**
 * Checkpoints: `<kind>-<step>.safetensors` and `<kind>-<step>.json`. The JSON appears last, so a
 * checkpoint exists when its JSON does. `last` holds all that resuming needs; `best` the weights that
 * ModelCheckpoint watches for.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { temporarySuffix, writeFilesAtomic } from './atomicFiles.ts';
import { checkpointStateSchema, type CheckpointState } from './records.ts';
import { readJson } from './runDirectory.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';

export type CheckpointKind = 'last' | 'best';

export interface CheckpointName {
  readonly kind: CheckpointKind;
  readonly step: number;
}

export interface Checkpoint {
  readonly kind: CheckpointKind;
  readonly state: CheckpointState;
  /**
   * `model/<tensor>`; in a `last` also `optimizer/<parameter>/<slot>` and `callbacks/<index>/<tensor>`,
   * the weights that a callback may restore.
   */
  readonly tensors: readonly NamedTensor[];
}

export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  const { kind, state, tensors } = checkpoint;
  const base = baseName({ kind, step: state.step });
  const metadata = { format: 'trainbench', layout: 'dense kernels [in, out]' };
  await writeFilesAtomic(directory, {
    [`${base}.safetensors`]: encodeSafetensors({ tensors, metadata }),
    [`${base}.json`]: stringifyNumbers(state, 1),
  });
}

/** Whole checkpoints, by rising step. */
export async function listCheckpoints(directory: string): Promise<CheckpointName[]> {
  const files = await readdir(directory);
  return files
    .map((file) => /^(last|best)-(\d+)\.json$/.exec(file))
    .filter((match) => match !== null)
    .map((match) => ({ kind: match[1] as CheckpointKind, step: Number(match[2]) }))
    .filter((name) => files.includes(`${baseName(name)}.safetensors`))
    .sort((a, b) => a.step - b.step);
}

export function newest(
  names: readonly CheckpointName[],
  kind: CheckpointKind,
): CheckpointName | undefined {
  return names.filter((name) => name.kind === kind).at(-1);
}

/** @throws AppError `run.corrupt` when a file is damaged. */
export async function readCheckpoint(directory: string, name: CheckpointName): Promise<Checkpoint> {
  const base = path.join(directory, baseName(name));
  const state = await readJson(`${base}.json`, (value) => checkpointStateSchema.parse(value));
  const file = `${base}.safetensors`;
  const { tensors } = decodeSafetensors(await readFile(file), file);
  return { kind: name.kind, state, tensors };
}

/** Removes what newer checkpoints replaced: all but the newest of each kind. */
export async function pruneCheckpoints(directory: string): Promise<void> {
  const names = await listCheckpoints(directory);
  const kept = [newest(names, 'last'), newest(names, 'best')];
  const old = names.filter((name) => !kept.includes(name));
  await removeCheckpoints(directory, old);
}

/** JSON first: a checkpoint without its JSON does not exist, one without its tensors is damaged. */
async function removeCheckpoints(
  directory: string,
  names: readonly CheckpointName[],
): Promise<void> {
  for (const extension of ['.json', '.safetensors']) {
    await Promise.all(names.map((n) => rm(path.join(directory, baseName(n) + extension))));
  }
}

/** Of a run that ended with other weights than its last ones and goes on: then they are weights of before. */
export async function removeBest(directory: string): Promise<void> {
  const best = (await listCheckpoints(directory)).filter(({ kind }) => kind === 'best');
  await removeCheckpoints(directory, best);
}

/** Files of `directory` that no whole checkpoint owns: what a crash in the middle of a write left. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await listCheckpoints(directory);
  const owned = new Set(
    names.flatMap((n) => [`${baseName(n)}.json`, `${baseName(n)}.safetensors`]),
  );
  const files = (await readdir(directory)).filter(
    (file) => file.endsWith(temporarySuffix) || !owned.has(file),
  );
  await Promise.all(files.map((file) => rm(path.join(directory, file), { force: true })));
}

/** The tensors of one part of a checkpoint, named without the prefix. */
export function withPrefix(tensors: readonly NamedTensor[], prefix: string): NamedTensor[] {
  return tensors
    .filter(({ name }) => name.startsWith(prefix))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
}

export function addPrefix(tensors: readonly NamedTensor[], prefix: string): NamedTensor[] {
  return tensors.map((tensor) => ({ ...tensor, name: prefix + tensor.name }));
}

export function baseName({ kind, step }: CheckpointName): string {
  return `${kind}-${String(step).padStart(9, '0')}`;
}
