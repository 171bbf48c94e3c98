/** A whole run for a plot: its records and its loss of every step. */
import path from 'node:path';
import type { SavedRun } from '../../shared/protocol/core.ts';
import { listCheckpoints } from './checkpoints.ts';
import { openRun, readColumns, runEntry } from './openRun.ts';
import { runFiles } from './runDirectory.ts';

/** @throws AppError `run.notFound`, or `run.corrupt` naming the damaged file. */
export async function readRun(folder: string): Promise<SavedRun> {
  const directory = path.resolve(folder);
  const [{ record, environment, epochs }, columns, checkpoints] = await Promise.all([
    openRun(directory),
    readColumns(directory),
    listCheckpoints(path.join(directory, runFiles.checkpoints)),
  ]);
  return {
    ...runEntry(directory, record),
    stepsPerEpoch: record.stepsPerEpoch,
    step: record.step,
    checkpointStep: checkpoints.findLast(({ kind }) => kind === 'last')?.step ?? 0,
    backend: environment.backend,
    device: environment.device,
    epochRecords: epochs,
    stepLoss: columns['loss'] ?? new Float32Array(0),
  };
}
