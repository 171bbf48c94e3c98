/**
 * The bytes of a download that have come so far, beside the file they are to become. What a cut download leaves, even
 * one whose process was killed, is taken up by the next: it renames it to its own name, so that no two write to one.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../system/isAlive.ts';

/** A name for the bytes of `file`, where there are some already if a download of it was cut. */
export async function takePartial(file: string): Promise<string> {
  const own = newPartial(file);
  const left = await abandoned(file);
  const taken = await firstThat(left, (other) => rename(other, own));
  await Promise.all(
    left.filter((other) => other !== taken).map((other) => rm(other, { force: true })),
  );
  return own;
}

/** That nobody else knows of. */
export function newPartial(file: string): string {
  return `${file}.${process.pid}.${randomUUID()}.part`;
}

/** Keeps what has come for the next download. */
export async function leavePartial(partial: string, file: string): Promise<void> {
  if ((await sizeOf(partial)) === 0) await rm(partial, { force: true });
  else await rename(partial, `${file}.part`);
}

/** In bytes; 0 for a file that is not there. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Those of no living process, the longest first. */
async function abandoned(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  const names = (await readdir(folder)).filter((name) => {
    const owner = name.startsWith(start)
      ? /^(?:(\d+)\.[^.]+\.)?part$/.exec(name.slice(start.length))
      : null;
    return owner !== null && (owner[1] === undefined || !isAlive(Number(owner[1])));
  });
  const files = names.map((name) => path.join(folder, name));
  const sizes = new Map(
    await Promise.all(files.map(async (each) => [each, await sizeOf(each)] as const)),
  );
  return files.sort((a, b) => sizes.get(b)! - sizes.get(a)!);
}

async function firstThat<T>(
  items: readonly T[],
  attempt: (item: T) => Promise<void>,
): Promise<T | null> {
  for (const item of items) {
    try {
      await attempt(item);
      return item;
    } catch {
      // another process has taken it
    }
  }
  return null;
}
