/**
 * The series of a run, each in a column file: `columns/<name>.f32` has a value per step, `epochs/<name>.f32` one
 * per epoch. The latter repeat `epochs.jsonl`, which is for people, in a form that a plot reads in parts.
 */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EpochRecord, RunSeries } from '../../shared/protocol/core.ts';
import { isActive } from './activeRuns.ts';
import { writeFilesAtomic } from './atomicFiles.ts';
import { encodeColumn } from './columnFile.ts';
import { readEpochs } from './openRun.ts';
import type { RunRecord } from './records.ts';
import { runFiles } from './runDirectory.ts';

/** In the order in which a plot shows them. */
export type SeriesNames = NonNullable<RunRecord['series']>;

export interface SeriesOptions {
  readonly validates: boolean;
  /** Whether steps of an epoch have learning rates of their own. */
  readonly scheduled?: boolean;
}

export function seriesNames(
  metrics: readonly string[],
  { validates, scheduled = false }: SeriesOptions,
): SeriesNames {
  const both = ['loss', ...metrics];
  const validation = validates ? both.map((name) => `val_${name}`) : [];
  return {
    step: scheduled ? [...both, 'learning_rate'] : both,
    epoch: [...both, ...validation, 'learning_rate'],
  };
}

/** What an epoch adds to each series. */
export function epochValues(record: EpochRecord): Record<string, number> {
  const { loss, val_loss, metrics, learning_rate } = record;
  return { loss, ...(val_loss === undefined ? {} : { val_loss }), ...metrics, learning_rate };
}

/** The values of a series, one for each record; NaN where it has none. */
export function epochColumn(records: readonly EpochRecord[], series: string): Float32Array {
  const values = new Float32Array(records.length);
  for (let i = 0; i < values.length; i++) values[i] = valueOf(records[i]!, series) ?? NaN;
  return values;
}

function valueOf(record: EpochRecord, series: string): number | undefined {
  if (series === 'loss' || series === 'val_loss' || series === 'learning_rate')
    return record[series];
  return record.metrics[series];
}

export function seriesFile(directory: string, per: RunSeries['per'], name: string): string {
  const folder = per === 'step' ? runFiles.columns : runFiles.epochColumns;
  return path.join(directory, folder, `${name}.f32`);
}

export function seriesOf(directory: string, names: SeriesNames): RunSeries[] {
  const ofKind = (per: RunSeries['per']): RunSeries[] =>
    names[per].map((name) => ({ name, per, file: seriesFile(directory, per, name) }));
  return [...ofKind('step'), ...ofKind('epoch')];
}

/** Of a run on disk. One that began before there were columns of epochs gets them now. */
export async function storedSeries(directory: string, record: RunRecord): Promise<RunSeries[]> {
  const names = record.series ?? (await namesOfBefore(directory, record));
  return seriesOf(directory, names);
}

/** Writes the columns of epochs anew: after a resume they have what `epochs.jsonl` has. */
export async function writeEpochColumns(
  directory: string,
  names: readonly string[],
  records: readonly EpochRecord[],
): Promise<void> {
  const folder = path.join(directory, runFiles.epochColumns);
  const files = names.map((series) => {
    const values = epochColumn(records, series);
    const header = { format: 'f32le', series, first: 0 } as const;
    return [`${series}.f32`, encodeColumn({ header, values })] as const;
  });
  await mkdir(folder, { recursive: true });
  await writeFilesAtomic(folder, Object.fromEntries(files));
}

async function namesOfBefore(directory: string, record: RunRecord): Promise<SeriesNames> {
  const columns = (await readdir(path.join(directory, runFiles.columns))).sort();
  const step = columns.filter((file) => file.endsWith('.f32')).map((file) => file.slice(0, -4));
  const records = await readEpochs(directory);
  const epoch = Object.keys(records[0] === undefined ? {} : epochValues(records[0]));
  const folder = path.join(directory, runFiles.epochColumns);
  if (await stat(folder).then(Boolean, () => false)) return { step, epoch };
  // While an older version trains it, its records still grow.
  if (isActive(directory, record)) return { step, epoch: [] };
  try {
    await writeEpochColumns(directory, epoch, records);
  } catch {
    return { step, epoch: [] }; // A folder that may only be read: its steps can be plotted.
  }
  return { step, epoch };
}
