/** Many files and folders up or down: planned first, so that sizes and what is in the way are known before a byte goes. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { walk } from './store.ts';
import type { Store, StoredItem, Transfer } from './store.ts';

/** One file of a transfer. */
export interface Job {
  /** On this machine. */
  readonly local: string;
  /** In the store. */
  readonly path: string;
  readonly bytes: number;
}

export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
  /** Path in the store of the file that last moved. */
  readonly current: string;
}

export interface Moving {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

/** Files at a time: many small ones would wait for each other's answers. */
const atOnce = 4;

/**
 * What an upload would send. @param locals files and folders; of a folder all that is below it, under its own name.
 * @param folder of the store, '' for its top
 */
export async function planUpload(
  locals: readonly string[],
  folder: string,
): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  const add = async (local: string, target: string): Promise<void> => {
    const facts = await stat(local);
    if (facts.isFile()) jobs.push({ local, path: target, bytes: facts.size });
    if (!facts.isDirectory()) return;
    for (const name of (await readdir(local)).sort()) {
      await add(path.join(local, name), `${target}/${name}`);
    }
  };
  for (const local of locals) {
    const name = path.basename(local);
    await add(local, folder === '' ? name : `${folder}/${name}`);
  }
  return jobs;
}

/**
 * What a download would bring. @param items a folder keeps its own name below the local one; with the path '' it is the
 * whole store. @throws AppError `input.invalid` for a name that would leave the local folder
 */
export async function planDownload(
  store: Store,
  items: readonly StoredItem[],
  { localFolder, signal }: { readonly localFolder: string; readonly signal?: AbortSignal },
): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const item of items) {
    const above = item.path.slice(0, item.path.lastIndexOf('/') + 1);
    const found = item.kind === 'file' ? [item] : walk(store, item.path, signal);
    for await (const { kind, path: stored, size } of found) {
      if (kind === 'folder') continue;
      const local = insideOf(localFolder, stored.slice(above.length));
      jobs.push({ local, path: stored, bytes: size ?? 0 });
    }
  }
  return jobs;
}

/** Blobs may be named as they like, `../../.bashrc` too. */
function insideOf(folder: string, name: string): string {
  const local = path.resolve(folder, ...name.split('/'));
  const way = path.relative(folder, local);
  if (way !== '' && !way.startsWith('..') && !path.isAbsolute(way)) return local;
  throw new AppError(
    'input.invalid',
    say`${name} cannot be downloaded: its name leads out of the folder ${folder}. Rename it first.`,
  );
}

/** Jobs whose target is there already. */
export async function uploadsInTheWay(
  store: Store,
  jobs: readonly Job[],
  signal?: AbortSignal,
): Promise<readonly Job[]> {
  const found: Job[] = [];
  await inParallel(jobs, async (job) => {
    if (await store.hasFile(job.path, signal)) found.push(job);
  });
  return found;
}

export async function downloadsInTheWay(jobs: readonly Job[]): Promise<readonly Job[]> {
  const found: Job[] = [];
  await inParallel(jobs, async (job) => {
    const isThere = await stat(job.local).then(
      () => true,
      () => false,
    );
    if (isThere) found.push(job);
  });
  return found;
}

/** @param overwrites targets that may be replaced; others that are there by then make it fail. */
export async function upload(
  store: Store,
  jobs: readonly Job[],
  { overwrites, ...moving }: Moving & { readonly overwrites: readonly Job[] },
): Promise<void> {
  await move(jobs, moving, (job, transfer) =>
    store.upload(job.local, job.path, { ...transfer, overwrite: overwrites.includes(job) }),
  );
}

/** A file gets its name once all of it is there; until then, and for good where it fails, there is none. */
export async function download(
  store: Store,
  jobs: readonly Job[],
  moving: Moving = {},
): Promise<void> {
  await move(jobs, moving, async ({ local, path: stored }, transfer) => {
    await mkdir(path.dirname(local), { recursive: true });
    const part = `${local}.${randomUUID().slice(0, 8)}.part`;
    try {
      const expected = await store.download(stored, part, transfer);
      transfer.signal?.throwIfAborted(); // the library hears of it only where it still waits for bytes
      const { size } = await stat(part);
      if (size !== expected) throw incomplete(stored, { size, expected });
      await rename(part, local);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  });
}

function incomplete(
  stored: string,
  { expected, size }: { readonly expected: number; readonly size: number },
): AppError {
  return new AppError(
    'azure.network',
    say`Of ${stored} only ${size} of ${expected} bytes came. Try again.`,
  );
}

async function move(
  jobs: readonly Job[],
  { onProgress, signal }: Moving,
  work: (job: Job, transfer: Transfer) => Promise<void>,
): Promise<void> {
  const totalBytes = jobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const moved = new Map<Job, number>();
  let bytes = 0;
  let files = 0;
  const tell = (job: Job, ofJob: number) => {
    bytes += ofJob - (moved.get(job) ?? 0);
    moved.set(job, ofJob);
    onProgress?.({ bytes, totalBytes, files, totalFiles: jobs.length, current: job.path });
  };
  // One that fails ends the others.
  const own = new AbortController();
  const ends = signal === undefined ? own.signal : AbortSignal.any([signal, own.signal]);
  await inParallel(jobs, async (job) => {
    try {
      ends.throwIfAborted();
      await work(job, { signal: ends, onBytes: (bytes) => tell(job, bytes) });
    } catch (error) {
      own.abort();
      throw error;
    }
    files++;
    tell(job, job.bytes);
  });
}

/** The first failure counts; all have ended by then. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | null = null;
  const take = async () => {
    for (let next = queue.next(); next.done !== true && failure === null; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  const ended = failure as { readonly error: unknown } | null;
  if (ended !== null) throw ended.error;
}

/** All that is below a folder, and then the folder. @param folder '' keeps the top itself, which is the store. */
export async function removeBelow(
  store: Store,
  folder: string,
  {
    onProgress,
    signal,
  }: { readonly signal?: AbortSignal; readonly onProgress?: (path: string) => void },
): Promise<void> {
  for await (const { kind, path: stored } of walk(store, folder, signal)) {
    onProgress?.(stored);
    if (kind === 'file') await store.removeFile(stored, signal);
    else await store.removeFolder(stored, signal);
  }
  if (folder !== '') await store.removeFolder(folder, signal);
}
