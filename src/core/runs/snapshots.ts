/**
 * Snapshots of the weights over a run, one per epoch, for views of how they moved. What gathers between two
 * writes is one file, `weights/<first epoch>-<last epoch>.safetensors`: its tensors are stacked along a leading
 * axis, and its metadata say of which epochs and steps. When they become too many or too large, every second
 * epoch goes and from then on only every second is taken, so that what is kept stays evenly spread.
 */
import { open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { allocate, elementCount } from '../../shared/tensor/tensorType.ts';
import { writeFileAtomic } from './atomicFiles.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensorsHeader,
  type NamedTensor,
  type SafetensorsHeader,
} from './safetensors.ts';
import { readFully } from './readFully.ts';

const mostSnapshots = 200;
/** The first weights and one more are kept however large they are. */
const mostBytes = 64e6;
const leastSnapshots = 2;

/** The end of an epoch; epoch 0 is the beginning. */
export interface SnapshotMoment {
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
}

export interface Snapshot extends SnapshotMoment {
  readonly tensors: readonly NamedTensor[];
}

export interface StoredSnapshot extends SnapshotMoment {
  readonly file: string;
  /** Along the leading axis of the file's tensors. */
  readonly index: number;
}

/** How many snapshots of weights of so many bytes are kept at most. */
export function snapshotLimit(bytes: number): number {
  const fitting = Math.floor(mostBytes / Math.max(bytes, 1));
  return Math.min(Math.max(fitting, leastSnapshots), mostSnapshots);
}

/** Of the epochs up to this one at most `limit` are multiples of the stride, 0 among them. */
export function strideFor(epoch: number, limit: number): number {
  let stride = 1;
  while (Math.floor(epoch / stride) + 1 > limit) stride *= 2;
  return stride;
}

/** By rising step. */
export async function listSnapshots(directory: string): Promise<StoredSnapshot[]> {
  const files = await snapshotFiles(directory);
  const found = await Promise.all(
    files.map(async (file) =>
      (await momentsIn(file)).map((moment, index) => ({ ...moment, file, index })),
    ),
  );
  // A crash while snapshots were thinned may have left some in two files.
  const byStep = new Map(found.flat().map((snapshot) => [snapshot.step, snapshot]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** Of the same tensors, by rising epoch. Gives the file; null for none. */
export async function writeSnapshots(
  directory: string,
  snapshots: readonly Snapshot[],
): Promise<string | null> {
  const [first, last] = [snapshots[0], snapshots.at(-1)];
  if (first === undefined || last === undefined) return null;
  const metadata = {
    format: 'trainbench',
    epochs: snapshots.map(({ epoch }) => epoch).join(),
    steps: snapshots.map(({ step }) => step).join(),
  };
  const pad = (value: number) => String(value).padStart(9, '0');
  const file = path.join(directory, `${pad(first.epoch)}-${pad(last.epoch)}.safetensors`);
  await writeFileAtomic(file, encodeSafetensors({ tensors: stack(snapshots), metadata }));
  return file;
}

/** Removes those that are not kept; `removing` may put them elsewhere before. Gives whether there were any. */
export async function filterSnapshots(
  directory: string,
  keeps: (moment: SnapshotMoment) => boolean,
  removing: (snapshots: readonly Snapshot[]) => Promise<unknown> = () => Promise.resolve(),
): Promise<boolean> {
  let removed = false;
  for (const file of await snapshotFiles(directory)) {
    if ((await momentsIn(file)).every(keeps)) continue;
    const snapshots = unstack(await readFile(file), file);
    await removing(snapshots.filter((snapshot) => !keeps(snapshot)));
    const rewritten = await writeSnapshots(directory, snapshots.filter(keeps));
    if (rewritten !== file) await rm(file);
    removed = true;
  }
  return removed;
}

async function snapshotFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => /^\d+-\d+\.safetensors$/.test(name));
  return names.sort().map((name) => path.join(directory, name));
}

/** None where the file is gone: a run in training thins its snapshots while others look at them. */
async function momentsIn(file: string): Promise<SnapshotMoment[]> {
  const handle = await open(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return [];
  try {
    return momentsOf(await readSafetensorsHeader((at, length) => readFully(handle, at, length)));
  } catch (cause) {
    throw new AppError('run.corrupt', say`${file} is not a whole safetensors file`, { cause });
  } finally {
    await handle.close();
  }
}

function momentsOf({ metadata }: Pick<SafetensorsHeader, 'metadata'>): SnapshotMoment[] {
  const { epochs = '', steps = '' } = metadata;
  if (epochs === '') return [];
  const step = steps.split(',').map(Number);
  return epochs.split(',').map((epoch, i) => ({ epoch: Number(epoch), step: step[i]! }));
}

function stack(snapshots: readonly Snapshot[]): NamedTensor[] {
  return snapshots[0]!.tensors.map(({ name, dtype, shape }, t) => {
    const stacked = { name, dtype, shape: [snapshots.length, ...shape] };
    const values = allocate(stacked);
    const count = elementCount(shape);
    for (const [i, { tensors }] of snapshots.entries()) values.set(tensors[t]!.values, i * count);
    return { ...stacked, values };
  });
}

function unstack(bytes: Uint8Array, file: string): Snapshot[] {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  return momentsOf({ metadata }).map((moment, i) => ({
    ...moment,
    tensors: tensors.map(({ name, dtype, shape: [, ...shape], values }) => {
      const count = elementCount(shape);
      return { name, dtype, shape, values: values.slice(i * count, (i + 1) * count) };
    }),
  }));
}
