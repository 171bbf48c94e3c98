/**
 * Brings a run back to a checkpoint before it is resumed. What lies after the checkpoint moves to
 * `discarded/<n>/` with the layout of a run. First copied, then cut: after a crash in between nothing
 * is lost, and the next resume does it again under the next number.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory, temporarySuffix, writeFileAtomic } from './atomicFiles.ts';
import { baseName, listCheckpoints, removeLeftovers } from './checkpoints.ts';
import { encodeColumn, headerBytes, readColumn } from './columnFile.ts';
import { readLines } from './jsonLines.ts';
import { toEpochRecord } from './records.ts';
import { runFiles } from './runDirectory.ts';
import { filterSnapshots, writeSnapshots, type SnapshotMoment } from './snapshots.ts';

export interface ResumePoint {
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
}

/** Gives the folder with what was discarded, or null when nothing lay after the point. */
export async function discardAfter(directory: string, point: ResumePoint): Promise<string | null> {
  await removeTemporary(directory);
  const target = await nextFolder(path.join(directory, runFiles.discarded));
  const moved = [
    ...(await cutColumns(directory, target, point.step)),
    await cutEpochs(directory, target, point.epoch),
    await cutTornLine(path.join(directory, runFiles.events)),
    ...(await moveCheckpoints(directory, target, point.step)),
    await moveSnapshots(directory, target, point.step),
  ];
  return moved.includes(true) ? target : null;
}

async function cutColumns(directory: string, target: string, step: number): Promise<boolean[]> {
  const folder = path.join(directory, runFiles.columns);
  return Promise.all(
    (await readdir(folder)).map((name) =>
      cutColumn(path.join(folder, name), path.join(target, runFiles.columns, name), step),
    ),
  );
}

async function cutColumn(file: string, target: string, step: number): Promise<boolean> {
  if (step === 0 && (await readFile(file)).length < headerBytes) {
    await rm(file); // Killed while writing the header: there was no value yet.
    return false;
  }
  const { header, values } = await readColumn(file);
  const tail = values.slice(step);
  if (tail.length > 0) {
    await mkdir(path.dirname(target), { recursive: true });
    const column = { header: { ...header, first: step }, values: tail };
    await writeFileAtomic(target, encodeColumn(column));
  }
  await truncateSynced(file, headerBytes + Math.min(step, values.length) * 4);
  return tail.length > 0;
}

async function cutEpochs(directory: string, target: string, epoch: number): Promise<boolean> {
  const file = path.join(directory, runFiles.epochs);
  const { values, ends } = await readLines(file);
  if (values.length === 0) {
    await rm(file, { force: true }); // Absent, or a single torn line.
    return false;
  }
  const kept = values.filter((value) => toEpochRecord(value).epoch <= epoch).length;
  const end = kept === 0 ? 0 : ends[kept - 1]!;
  if (kept < values.length) {
    await mkdir(target, { recursive: true });
    const tail = (await readFile(file)).subarray(end, ends.at(-1));
    await writeFileAtomic(path.join(target, runFiles.epochs), tail);
  }
  await truncateSynced(file, end);
  return kept < values.length;
}

/** Events stay: they tell what happened. But nothing may be appended to half a line. */
async function cutTornLine(file: string): Promise<false> {
  const { ends } = await readLines(file);
  if (ends.length === 0) await rm(file, { force: true });
  else await truncateSynced(file, ends.at(-1)!);
  return false;
}

async function moveCheckpoints(
  directory: string,
  target: string,
  step: number,
): Promise<boolean[]> {
  const checkpoints = path.join(directory, runFiles.checkpoints);
  await removeLeftovers(checkpoints);
  const late = (await listCheckpoints(checkpoints)).filter((name) => name.step > step);
  const files = late.flatMap((name) =>
    ['.json', '.safetensors'].map((end) => path.join(checkpoints, baseName(name) + end)),
  );
  return Promise.all(files.map((file) => moveInto(target, directory, file)));
}

async function moveSnapshots(directory: string, target: string, step: number): Promise<boolean> {
  const to = path.join(target, runFiles.weights);
  const isEarly = (snapshot: SnapshotMoment): boolean => snapshot.step <= step;
  return filterSnapshots(path.join(directory, runFiles.weights), isEarly, async (late) => {
    await mkdir(to, { recursive: true });
    await writeSnapshots(to, late);
  });
}

async function moveInto(target: string, directory: string, file: string): Promise<boolean> {
  const to = path.join(target, path.relative(directory, file));
  await mkdir(path.dirname(to), { recursive: true });
  await rename(file, to);
  await syncDirectory(path.dirname(file));
  return true;
}

/** What a crash in the middle of an atomic write left in the folders of the run. */
async function removeTemporary(directory: string): Promise<void> {
  const folders = ['', runFiles.columns, runFiles.weights, runFiles.original];
  for (const folder of folders.map((sub) => path.join(directory, sub))) {
    const files = (await readdir(folder)).filter((file) => file.endsWith(temporarySuffix));
    await Promise.all(files.map((file) => rm(path.join(folder, file))));
  }
}

async function truncateSynced(file: string, length: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function nextFolder(parent: string): Promise<string> {
  const used = (await readdir(parent).catch(() => [] as string[])).map(Number);
  return path.join(parent, String(Math.max(0, ...used.filter(Number.isInteger)) + 1));
}
