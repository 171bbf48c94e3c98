/**
 * Points of a column file, read in pages of 4,096 points. Nothing keeps the file open between calls: there
 * may be thousands of runs, and Windows does not delete open files. Thousands are opened at one click: file
 * descriptors take a third of the time of Node's `FileHandle`.
 */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { headerBytes } from '../shared/columns/columnFormat.ts';

const openFile = promisify(fs.open);
const statOf = promisify(fs.fstat);
const readInto = promisify(fs.readv);
const closeFile = promisify(fs.close);

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

/** Neighbours: from `first` up to and without `end`. */
export interface PageSpan {
  readonly first: number;
  readonly end: number;
}

export interface ReadOptions {
  /** Points of the file. */
  readonly count: number;
  /** Takes in the file's header, where pages are read from the first on. */
  readonly header?: Uint8Array | null;
}

/** Reads neighbouring pages, each into an array of its own; null when the file is too short for them. */
export async function readPages(
  descriptor: number,
  { first, end }: PageSpan,
  { count, header = null }: ReadOptions,
): Promise<Float32Array[] | null> {
  const pages: Float32Array[] = [];
  for (let page = first; page < end; page++) {
    pages.push(new Float32Array(pageLength(page, count)));
  }
  const buffers: NodeJS.ArrayBufferView[] = header === null ? pages : [header, ...pages];
  const wanted = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const start = header === null ? headerBytes + first * pagePoints * 4 : 0;
  const { bytesRead } = await readInto(descriptor, buffers, start);
  return bytesRead < wanted ? null : pages;
}

/** Of an open file, in bytes. */
export async function fileSize(descriptor: number): Promise<number> {
  return (await statOf(descriptor)).size;
}

/** @param use is given the open file */
export async function withFile<T>(
  path: string,
  use: (descriptor: number) => Promise<T>,
): Promise<T> {
  const descriptor = await openFile(path, 'r');
  try {
    return await use(descriptor);
  } finally {
    await closeFile(descriptor);
  }
}
