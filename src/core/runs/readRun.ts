/** Runs for a plot: one with its records, or many with where their series are. */
import path from 'node:path';
import { errorMessage } from '../../shared/errors.ts';
import type { PlottedRun, SavedRun } from '../../shared/protocol/core.ts';
import { listCheckpoints } from './checkpoints.ts';
import { readValue } from './columnFile.ts';
import { openRun, readRecord, runEntry } from './openRun.ts';
import type { RunRecord } from './records.ts';
import { runFiles } from './runDirectory.ts';
import { seriesFile, storedSeries } from './runSeries.ts';

/** @throws AppError `run.notFound`, or `run.corrupt` naming the damaged file. */
export async function readRun(folder: string): Promise<SavedRun> {
  const directory = path.resolve(folder);
  const { record, environment, epochs } = await openRun(directory);
  const [plotted, checkpoints, lastLoss] = await Promise.all([
    plottedRun(directory, record),
    listCheckpoints(path.join(directory, runFiles.checkpoints)),
    record.step === 0 ? null : readValue(seriesFile(directory, 'step', 'loss'), record.step),
  ]);
  return {
    ...plotted,
    step: record.step,
    lastLoss,
    checkpointStep: checkpoints.findLast(({ kind }) => kind === 'last')?.step ?? 0,
    backend: environment.backend,
    device: environment.device,
    ...(record.choice !== null && { choice: record.choice }),
    epochRecords: epochs,
  };
}

type Unreadable = Readonly<Record<'directory' | 'problem', string>>;

/** In the order asked for. */
export async function readSeries(
  directories: readonly string[],
): Promise<(PlottedRun | Unreadable)[]> {
  const read = async (folder: string): Promise<PlottedRun | Unreadable> => {
    const directory = path.resolve(folder);
    try {
      return await plottedRun(directory, await readRecord(directory));
    } catch (error) {
      return { directory, problem: errorMessage(error) };
    }
  };
  return Promise.all(directories.map(read));
}

async function plottedRun(directory: string, record: RunRecord): Promise<PlottedRun> {
  const series = await storedSeries(directory, record);
  return { ...runEntry(directory, record), stepsPerEpoch: record.stepsPerEpoch, series };
}
