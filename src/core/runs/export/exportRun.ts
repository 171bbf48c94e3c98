/** Writes the weights of a run for other tools. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError, errorMessage } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { writeFileAtomic } from '../atomicFiles.ts';
import { withPrefix, type Checkpoint } from '../checkpoints.ts';
import { loadCheckpoint, openRun } from '../openRun.ts';
import { encodeSafetensors, type NamedTensor } from '../safetensors.ts';
import { encodeStateDict, type FlattenedImages } from './pytorch.ts';

export type ExportFormat = 'pt' | 'safetensors';

export interface ExportOptions {
  readonly file?: string;
  /** See StateDictOptions. */
  readonly flattened?: FlattenedImages;
}

/**
 * Exports the best weights if ModelCheckpoint kept them, else the last ones. Gives the file written:
 * `file`, or `<run>/export/<name>.<format>`.
 */
export async function exportRun(
  directory: string,
  format: ExportFormat,
  { file, flattened = new Map() }: ExportOptions = {},
): Promise<string> {
  const { record } = await openRun(directory);
  const checkpoint = await bestCheckpoint(directory);
  const target = path.resolve(file ?? path.join(directory, 'export', `${record.name}.${format}`));
  const content = encodeWeights(checkpoint, format, flattened);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFileAtomic(target, content);
  } catch (cause) {
    const message = say`cannot write ${target}: ${errorMessage(cause)}`;
    throw new AppError('file.notWritable', message, { cause });
  }
  return target;
}

/** The weights that evaluate, predict and export use. @throws AppError `run.corrupt` before the first checkpoint. */
export async function bestCheckpoint(directory: string): Promise<Checkpoint> {
  const checkpoint =
    (await loadCheckpoint(directory, 'best')) ?? (await loadCheckpoint(directory, 'last'));
  if (checkpoint === null) {
    throw new AppError('run.notFound', say`${directory} has no weights yet: resume it first`);
  }
  return checkpoint;
}

/** Those of the model, under the model's names: not the optimizer's, not what callbacks keep. */
export function modelTensors(checkpoint: Checkpoint): NamedTensor[] {
  return withPrefix(checkpoint.tensors, 'model/');
}

function encodeWeights(
  checkpoint: Checkpoint,
  format: ExportFormat,
  flattened: FlattenedImages,
): Uint8Array {
  const tensors = modelTensors(checkpoint);
  const { step } = checkpoint.state;
  if (format === 'pt') return encodeStateDict(tensors, { steps: step, flattened });
  const metadata = {
    format: 'trainbench',
    layout: 'dense kernels [in, out], convolution kernels [rows, columns, in, out]',
    step: String(step),
  };
  return encodeSafetensors({ tensors, metadata });
}
