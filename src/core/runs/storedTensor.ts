/** Tensors of a run on disk, without reading the others. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError, isError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { WeightsSnapshot } from '../../shared/protocol/weights.ts';
import { baseName, listCheckpoints, newest } from './checkpoints.ts';
import { runFiles } from './runDirectory.ts';
import { readFully } from './readFully.ts';
import { decodeSafetensorsTensor, readSafetensorsHeader, type NamedTensor } from './safetensors.ts';
import { listSnapshots } from './snapshots.ts';

export interface StoredTensor extends NamedTensor {
  /** Steps done when the weights were these. */
  readonly step: number;
}

/**
 * At a snapshot's step; with null from the checkpoint that predict uses: the best, else the last.
 * @throws AppError `run.notFound` where there is no such snapshot, `input.invalid` for a name the model
 * has not, `run.corrupt` for a damaged file.
 */
export async function readStoredTensor(
  directory: string,
  step: number | null,
  name: string,
): Promise<StoredTensor> {
  const source = step === null ? await checkpointOf(directory) : await snapshotOf(directory, step);
  const [tensor] = await readTensors(source, [name]);
  return { ...tensor!, step: source.step };
}

/** All tensors of a snapshot. @throws as `readStoredTensor` does. */
export async function readSnapshotTensors(
  directory: string,
  step: number,
  names: readonly string[],
): Promise<NamedTensor[]> {
  return readTensors(await snapshotOf(directory, step), names);
}

/** The snapshots kept, by rising step. */
export async function snapshotHistory(
  directory: string,
  stepsPerEpoch: number,
): Promise<WeightsSnapshot[]> {
  const snapshots = await listSnapshots(path.join(directory, runFiles.weights));
  return snapshots.map(({ step }) => ({ step, epoch: step / Math.max(1, stepsPerEpoch) }));
}

interface TensorFile {
  readonly file: string;
  /** Before the names of the tensors. */
  readonly prefix: string;
  readonly step: number;
  /** Along a leading axis of the file's tensors; null where they have none. */
  readonly index: number | null;
}

async function snapshotOf(directory: string, step: number): Promise<TensorFile> {
  const snapshots = await listSnapshots(path.join(directory, runFiles.weights));
  const snapshot = snapshots.find((one) => one.step === step);
  if (snapshot !== undefined) return { ...snapshot, prefix: '' };
  throw new AppError('run.notFound', say`${directory} keeps no weights of step ${step}`);
}

async function checkpointOf(directory: string): Promise<TensorFile> {
  const folder = path.join(directory, runFiles.checkpoints);
  const names = await listCheckpoints(folder);
  const name = newest(names, 'best') ?? newest(names, 'last');
  if (name === undefined) {
    throw new AppError('run.notFound', say`${directory} has no weights yet: resume it first`);
  }
  const file = path.join(folder, `${baseName(name)}.safetensors`);
  return { file, prefix: 'model/', step: name.step, index: null };
}

async function readTensors(source: TensorFile, names: readonly string[]): Promise<NamedTensor[]> {
  const { file } = source;
  const handle = await open(file).catch((cause: unknown) => {
    throw new AppError('run.notFound', say`${file} is no longer there`, { cause });
  });
  try {
    const tensors: NamedTensor[] = [];
    for (const name of names) tensors.push(await readFrom(handle, source, name));
    return tensors;
  } catch (cause) {
    if (isError(cause, 'input.invalid')) throw cause;
    throw new AppError('run.corrupt', say`${file} is not a whole safetensors file`, { cause });
  } finally {
    await handle.close();
  }
}

async function readFrom(
  handle: FileHandle,
  { file, prefix, index }: TensorFile,
  name: string,
): Promise<NamedTensor> {
  const read = (at: number, length: number) => readFully(handle, at, length);
  const { entries, dataStart } = await readSafetensorsHeader(read);
  const entry = entries[prefix + name];
  if (entry === undefined) {
    const names = Object.keys(entries).join(', ');
    throw new AppError(
      'input.invalid',
      say`${file} has no tensor ${prefix + name}; it has ${names}`,
    );
  }
  const [begin, end] = entry.data_offsets;
  if (index === null) {
    return decodeSafetensorsTensor(name, entry, await read(dataStart + begin, end - begin));
  }
  const [count = 1, ...shape] = entry.shape;
  const bytes = (end - begin) / count;
  const data = await read(dataStart + begin + index * bytes, bytes);
  return decodeSafetensorsTensor(name, { ...entry, shape }, data);
}
