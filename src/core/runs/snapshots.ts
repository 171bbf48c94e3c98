/**
 * Snapshots of the weights over a run, for views of how they moved: `weights/<number>-<step>.safetensors`.
 * Never more than 200: when they would be, every second one goes and from then on only every second is
 * taken, so that what is kept stays evenly spread.
 */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from './atomicFiles.ts';
import { encodeSafetensors, type NamedTensor } from './safetensors.ts';

export const snapshotLimit = 200;

export interface SnapshotName {
  /** How many snapshots had been offered before this one. */
  readonly number: number;
  readonly step: number;
}

/** The stride after which at most `limit` of the numbers 0 .. offered - 1 are kept. */
export function strideFor(offered: number, limit = snapshotLimit): number {
  let stride = 1;
  while (Math.ceil(offered / stride) > limit) stride *= 2;
  return stride;
}

export async function listSnapshots(directory: string): Promise<SnapshotName[]> {
  return (await readdir(directory))
    .map((file) => /^(\d+)-(\d+)\.safetensors$/.exec(file))
    .filter((match) => match !== null)
    .map((match) => ({ number: Number(match[1]), step: Number(match[2]) }))
    .sort((a, b) => a.number - b.number);
}

/** Writes the snapshot if its turn has come, and removes those that the new stride leaves out. */
export async function writeSnapshot(
  directory: string,
  name: SnapshotName,
  tensors: readonly NamedTensor[],
): Promise<void> {
  const stride = strideFor(name.number + 1);
  if (name.number % stride !== 0) return;
  const metadata = { format: 'trainbench', step: String(name.step) };
  await writeFileAtomic(snapshotFile(directory, name), encodeSafetensors({ tensors, metadata }));
  const left = (await listSnapshots(directory)).filter(({ number }) => number % stride !== 0);
  await Promise.all(left.map((old) => rm(snapshotFile(directory, old), { force: true })));
}

export function snapshotFile(directory: string, { number, step }: SnapshotName): string {
  const pad = (value: number) => String(value).padStart(9, '0');
  return path.join(directory, `${pad(number)}-${pad(step)}.safetensors`);
}
