/** One tensor of a run on disk, without reading the others. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError, isError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { WeightsSnapshot } from '../../shared/protocol/weights.ts';
import { baseName, listCheckpoints, newest } from './checkpoints.ts';
import { runFiles } from './runDirectory.ts';
import { decodeSafetensorsTensor, readSafetensorsHeader, type NamedTensor } from './safetensors.ts';
import { listSnapshots, snapshotFile } from './snapshots.ts';

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
  const tensor = await readTensor(source.file, source.prefix + name);
  return { ...tensor, name, step: source.step };
}

/** The snapshots kept, by rising step. */
export async function snapshotHistory(
  directory: string,
  stepsPerEpoch: number,
): Promise<WeightsSnapshot[]> {
  const names = await listSnapshots(path.join(directory, runFiles.weights));
  return names.map(({ step }) => ({ step, epoch: step / Math.max(1, stepsPerEpoch) }));
}

interface TensorFile {
  readonly file: string;
  readonly prefix: string;
  readonly step: number;
}

async function snapshotOf(directory: string, step: number): Promise<TensorFile> {
  const folder = path.join(directory, runFiles.weights);
  const name = (await listSnapshots(folder)).find((snapshot) => snapshot.step === step);
  if (name !== undefined) return { file: snapshotFile(folder, name), prefix: '', step };
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
  return { file, prefix: 'model/', step: name.step };
}

async function readTensor(file: string, name: string): Promise<NamedTensor> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new AppError('run.notFound', say`${file} is no longer there`, { cause });
  });
  try {
    return await readFrom(handle, file, name);
  } catch (cause) {
    if (isError(cause, 'input.invalid')) throw cause;
    throw new AppError('run.corrupt', say`${file} is not a whole safetensors file`, { cause });
  } finally {
    await handle.close();
  }
}

async function readFrom(handle: FileHandle, file: string, name: string): Promise<NamedTensor> {
  const read = async (at: number, length: number) => {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, at);
    if (bytesRead < length) throw new RangeError(`${file} ends early`);
    return bytes;
  };
  const { entries, dataStart } = await readSafetensorsHeader(read);
  const entry = entries[name];
  if (entry === undefined) {
    const names = Object.keys(entries).join(', ');
    throw new AppError('input.invalid', say`${file} has no tensor ${name}; it has ${names}`);
  }
  const [begin, end] = entry.data_offsets;
  return decodeSafetensorsTensor(name, entry, await read(dataStart + begin, end - begin));
}
