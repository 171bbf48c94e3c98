/** Reading runs. Opening changes nothing on disk; what a crash tore is left out. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { EpochRecord, RunListEntry } from '../../shared/protocol/core.ts';
import { isImages, type Preprocessing } from '../data/preprocessing.ts';
import { isActive } from './activeRuns.ts';
import {
  listCheckpoints,
  readCheckpoint,
  type Checkpoint,
  type CheckpointKind,
} from './checkpoints.ts';
import { readColumn } from './columnFile.ts';
import { readLines } from './jsonLines.ts';
import {
  environmentSchema,
  runRecordSchema,
  toEpochRecord,
  type EnvironmentRecord,
  type RunRecord,
} from './records.ts';
import { readJson, runFiles } from './runDirectory.ts';

/** What is small whatever the run's length. */
export interface RunFiles {
  readonly directory: string;
  readonly record: RunRecord;
  readonly state: RunListEntry['state'];
  /** `config.json`: the resolved config. */
  readonly configText: string;
  readonly environment: EnvironmentRecord;
  readonly preprocessing: Preprocessing;
}

export interface OpenedRun extends RunFiles {
  readonly epochs: readonly EpochRecord[];
}

/** @throws AppError `run.notFound`, or `run.corrupt` naming the damaged file. */
export async function openRun(directory: string): Promise<OpenedRun> {
  return { ...(await openRunFiles(directory)), epochs: await readEpochs(directory) };
}

/** @throws like `openRun`. */
export async function openRunFiles(directory: string): Promise<RunFiles> {
  const file = (name: string) => path.join(directory, name);
  const record = await readRecord(directory);
  const [configText, environment, preprocessing] = await Promise.all([
    readFile(file(runFiles.config), 'utf8'),
    readJson(file(runFiles.environment), (value) => environmentSchema.parse(value)),
    readJson(file(runFiles.preprocessing), toPreprocessing),
  ]);
  const state = stateOf(directory, record);
  return { directory, record, state, configText, environment, preprocessing };
}

/** The newest readable checkpoint of the kind; one that a disk fault damaged gives way to the one before. */
export async function loadCheckpoint(
  directory: string,
  kind: CheckpointKind,
): Promise<Checkpoint | null> {
  const folder = path.join(directory, runFiles.checkpoints);
  const names = (await listCheckpoints(folder)).filter((name) => name.kind === kind).reverse();
  let damage: Error | null = null;
  for (const name of names) {
    try {
      return await readCheckpoint(folder, name);
    } catch (error) {
      damage ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (damage !== null) throw damage;
  return null;
}

export async function readEpochs(directory: string): Promise<EpochRecord[]> {
  const { values } = await readLines(path.join(directory, runFiles.epochs));
  return values.map(toEpochRecord);
}

/** All values of all series, one per step. */
export async function readColumns(directory: string): Promise<Record<string, Float32Array>> {
  const folder = path.join(directory, runFiles.columns);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.f32'));
  const columns = await Promise.all(files.map((file) => readColumn(path.join(folder, file))));
  return Object.fromEntries(columns.map(({ header, values }) => [header.series, values]));
}

/** The runs in a folder, newest first; folders that are no runs are passed over. */
export async function listRuns(parent: string): Promise<RunListEntry[]> {
  const names = await readdir(parent).catch(() => [] as string[]);
  const entries = await Promise.all(names.map((name) => listEntry(path.join(parent, name))));
  return entries
    .filter((entry) => entry !== null)
    .sort((a, b) => b.created.localeCompare(a.created));
}

async function listEntry(directory: string): Promise<RunListEntry | null> {
  const record = await readRecord(directory).catch(() => null);
  if (record === null) return null;
  return runEntry(directory, record);
}

export function runEntry(directory: string, record: RunRecord): RunListEntry {
  const { name, created, epochs, epochsDone, loss, val_loss } = record;
  const { metrics, baseline, seenRows, score, verdict, seconds, configFile, machine } = record;
  const progress = { epochs, epochsDone, loss, val_loss, metrics, seconds };
  const outcome = { baseline, seenRows, score, verdict };
  const state = stateOf(directory, record);
  const place = machine === undefined ? {} : { machine };
  return { directory, name, state, created, configFile, ...place, ...progress, ...outcome };
}

function stateOf(directory: string, record: RunRecord): RunListEntry['state'] {
  if (record.state !== 'running') return record.state;
  return isActive(directory, record) ? 'running' : 'interrupted';
}

/** @throws like `openRun`. */
export async function readRecord(directory: string): Promise<RunRecord> {
  const file = path.join(directory, runFiles.record);
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (!exists)
    throw new AppError('run.notFound', say`${directory} is not a run: it has no run.json`);
  return readJson(file, (value) => runRecordSchema.parse(value));
}

/** We wrote it, and every later use goes through its typed fields; only its outline is checked. */
function toPreprocessing(value: unknown): Preprocessing {
  const preprocessing = value as Preprocessing;
  const knows = isImages(preprocessing) || Array.isArray(preprocessing.features);
  if (!knows || typeof preprocessing.target !== 'object') {
    throw new TypeError('no preprocessing');
  }
  return preprocessing;
}
