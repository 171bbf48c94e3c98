/**
 * Points of a column file, read in pages of 4,096 points. Nothing keeps the file open between calls: there
 * may be thousands of runs, and Windows does not delete open files.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { headerBytes } from '../shared/columns/columnFormat.ts';

export const pagePoints = 4096;

/** Pages read in one go while a whole file is read: 1 MB. */
export const slicePages = 64;

/** The file has become shorter than it was, because a resume cut it: what is known of it is void. */
export class FileWasCut extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} is shorter than it was`);
    this.file = file;
  }
}

/** Points of page `page` in a file of `count` points. */
export function pageLength(page: number, count: number): number {
  return Math.min(pagePoints, count - page * pagePoints);
}

/** Reads neighbouring pages, each into an array of its own; null when the file is too short for them. */
export async function readPages(
  handle: FileHandle,
  pages: { readonly first: number; readonly end: number },
  count: number,
): Promise<Float32Array[] | null> {
  const values = Array.from(
    { length: pages.end - pages.first },
    (_, i) => new Float32Array(pageLength(pages.first + i, count)),
  );
  const buffers = values.map((page) => new Uint8Array(page.buffer));
  const wanted = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const { bytesRead } = await handle.readv(buffers, headerBytes + pages.first * pagePoints * 4);
  return bytesRead < wanted ? null : values;
}

export async function withFile<T>(
  file: string,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(file, 'r');
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
