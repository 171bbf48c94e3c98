/**
 * The folder of a run, `runs/<time>-<name>/`:
 *
 *     run.json             state for lists; written last of the first files, so it makes the folder a run
 *     config.json          the config with all defaults; original/<file> is the user's own
 *     environment.json     versions, device, numeric choices, seed, checksum of the data
 *     preprocessing.json   how rows become numbers, for evaluate and predict
 *     columns/<series>.f32 one value per step (columnFile.ts)
 *     epochs/<series>.f32  one value per epoch, for plots (runSeries.ts)
 *     epochs.jsonl         the same as a record per epoch, for people
 *     events.jsonl         started, paused, resumed, learning rate changes, ...
 *     checkpoints/         last-<step> and best-<step>, each .safetensors + .json (checkpoints.ts)
 *     weights/             snapshots of the weights, one per epoch while they are few (snapshots.ts)
 *     discarded/<n>/       what lay after the checkpoint that a resume began from
 */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

export const runFiles = {
  record: 'run.json',
  config: 'config.json',
  environment: 'environment.json',
  preprocessing: 'preprocessing.json',
  epochs: 'epochs.jsonl',
  events: 'events.jsonl',
  columns: 'columns',
  epochColumns: 'epochs',
  checkpoints: 'checkpoints',
  weights: 'weights',
  original: 'original',
  discarded: 'discarded',
} as const;

/**
 * Makes the empty folders of a new run. Two runs of the same second get `-2`, `-3`, ...
 * @throws AppError `file.notWritable`
 */
export async function createRunDirectory(
  parent: string,
  name: string,
  time: Date,
): Promise<string> {
  try {
    return await createFolders(parent, name, time);
  } catch (cause) {
    const file = await fileOnPath(parent);
    const reason = file === null ? errorMessage(cause) : say`${file} is a file, not a folder`;
    const message = say`cannot make a run directory in ${parent}: ${reason}`;
    throw new AppError('file.notWritable', message, { cause });
  }
}

async function createFolders(parent: string, name: string, time: Date): Promise<string> {
  await mkdir(parent, { recursive: true });
  const base = path.join(parent, `${timestamp(time)}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}`);
  for (let attempt = 1; ; attempt++) {
    const directory = attempt === 1 ? base : `${base}-${attempt}`;
    if (!(await makeNew(directory))) continue;
    await makeRunFolders(directory);
    return directory;
  }
}

/** The folders within that every run has from its beginning. */
export async function makeRunFolders(directory: string): Promise<void> {
  const { columns, epochColumns, checkpoints, weights, original } = runFiles;
  const folders = [columns, epochColumns, checkpoints, weights, original];
  await Promise.all(folders.map((sub) => mkdir(path.join(directory, sub), { recursive: true })));
}

/** The part of a path that should be a folder and is something else; null where there is none. */
async function fileOnPath(folder: string): Promise<string | null> {
  const found = await stat(folder).catch(() => null);
  if (found !== null) return found.isDirectory() ? null : folder;
  const parent = path.dirname(folder);
  return parent === folder ? null : fileOnPath(parent);
}

/** Removes the folder of a run that never began; a folder that became a run is never removed. */
export async function removeUnstarted(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** @throws AppError `run.corrupt` when the file is not whole JSON of the shape that `check` accepts. */
export async function readJson<T>(file: string, check: (value: unknown) => T): Promise<T> {
  const text = await readFile(file, 'utf8');
  try {
    return check(JSON.parse(text));
  } catch (cause) {
    throw new AppError('run.corrupt', say`${file} is damaged or from another version`, { cause });
  }
}

async function makeNew(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Local time, sortable, without the colons that Windows forbids: 20261121-030405. */
function timestamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
