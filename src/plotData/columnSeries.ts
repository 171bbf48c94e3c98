/**
 * A column file as points: its pyramid, built while the file grows, and its values, by way of the cache of
 * pages. Takes in only whole values; a torn tail counts when the rest of it has come.
 */
import type { FileHandle } from 'node:fs/promises';
import { columnLength, headerBytes, parseColumnHeader } from '../shared/columns/columnFormat.ts';
import type { LruCache } from './lruCache.ts';
import {
  FileWasCut,
  pageLength,
  pagePoints,
  readPages,
  slicePages,
  withFile,
} from './pageReader.ts';
import {
  newPointsId,
  rememberLast,
  type BucketReader,
  type Points,
  type WorkDone,
} from './points.ts';
import { bucketPoints, Pyramid } from './pyramid.ts';

const pageBuckets = pagePoints / bucketPoints;

export interface ColumnSeriesOptions {
  readonly pages: LruCache<Float32Array>;
  readonly work: WorkDone;
}

export class ColumnSeries implements Points {
  readonly id = newPointsId();
  readonly pyramid = new Pyramid();
  readonly #file: string;
  readonly #pages: LruCache<Float32Array>;
  readonly #work: WorkDone;
  #count = 0;
  #firstStep: number | null = null;
  /** Values of the page that holds the last point. */
  #tail: Float32Array = new Float32Array();
  #opened: Promise<boolean> | null = null;
  #isOpen = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(file: string, { pages, work }: ColumnSeriesOptions) {
    this.#file = file;
    this.#pages = pages;
    this.#work = work;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the points that the file had at first have been taken in. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get firstStep(): number | null {
    return this.#firstStep;
  }

  get bytes(): number {
    return this.pyramid.bytes + this.#tail.byteLength;
  }

  /** Resolves when the points that the file had at first have been taken in. */
  opened(): Promise<boolean> {
    return (this.#opened ??= this.grow().then((grown) => (this.#isOpen = grown)));
  }

  /**
   * Takes in what the file has gained. False when the file no longer begins with what is known of it: a
   * resume has cut it, and this object is of no more use.
   * @throws SyntaxError for a file that is no column, errors of the file system
   */
  grow(): Promise<boolean> {
    const growing = this.#queue.then(() => withFile(this.#file, (handle) => this.#grow(handle)));
    this.#queue = growing.catch(() => undefined); // The caller hears of it; the next one tries again.
    return growing;
  }

  /** @throws FileWasCut, errors of the file system */
  async load(buckets: readonly number[]): Promise<BucketReader> {
    const pages = new Map<number, Float32Array>();
    const missing: number[] = [];
    for (const bucket of buckets) {
      const page = Math.floor(bucket / pageBuckets);
      if (pages.has(page) || missing.at(-1) === page) continue;
      const cached = this.#pages.get(this.#key(page));
      const isWhole = cached !== undefined && cached.length >= pageLength(page, this.#count);
      if (isWhole) pages.set(page, cached);
      else missing.push(page);
    }
    if (missing.length > 0) await this.#loadPages(missing, pages);
    return rememberLast((bucket) => {
      const at = (bucket % pageBuckets) * bucketPoints;
      return pages.get(Math.floor(bucket / pageBuckets))!.subarray(at, at + bucketPoints);
    });
  }

  async #loadPages(missing: readonly number[], into: Map<number, Float32Array>): Promise<void> {
    const count = this.#count;
    await withFile(this.#file, (handle) =>
      Promise.all(
        neighbours(missing).map(async (run) => {
          const pages = await readPages(handle, run, count);
          if (pages === null) throw new FileWasCut(this.#file);
          for (const [i, page] of pages.entries()) {
            this.#keepPage(run.first + i, page);
            into.set(run.first + i, page);
          }
        }),
      ),
    );
  }

  async #grow(handle: FileHandle): Promise<boolean> {
    const count = columnLength((await handle.stat()).size);
    if (count < this.#count) return false;
    if (count === 0) return true;
    this.#firstStep ??= await readFirstStep(handle);
    const end = Math.ceil(count / pagePoints);
    for (let first = this.#tailPage; first < end; first += slicePages) {
      const slice = { first, end: Math.min(first + slicePages, end) };
      const pages = await readPages(handle, slice, count);
      if (pages === null || !this.#takeIn(first, pages)) return false;
    }
    return true;
  }

  /** False when the values known before are not those of the file any more. */
  #takeIn(first: number, pages: readonly Float32Array[]): boolean {
    for (const [i, page] of pages.entries()) {
      const known = Math.max(this.#count - (first + i) * pagePoints, 0);
      for (let k = 0; k < known; k++) if (!Object.is(page[k], this.#tail[k])) return false;
      this.pyramid.append(page.subarray(known));
      this.#count += page.length - known;
      this.#tail = page;
      this.#keepPage(first + i, page);
    }
    return true;
  }

  get #tailPage(): number {
    return Math.floor(Math.max(this.#count - 1, 0) / pagePoints);
  }

  #keepPage(page: number, values: Float32Array): void {
    this.#pages.set(this.#key(page), values, values.byteLength);
    this.#work.bytesRead += values.byteLength;
  }

  #key(page: number): string {
    return `${this.id}/${page}`;
  }
}

async function readFirstStep(handle: FileHandle): Promise<number> {
  const bytes = new Uint8Array(headerBytes);
  await handle.read(bytes, 0, headerBytes, 0);
  return parseColumnHeader(bytes).first;
}

/** Ascending page numbers as runs that can each be read in one go. */
function neighbours(pages: readonly number[]): { first: number; end: number }[] {
  const runs: { first: number; end: number }[] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run?.end === page && page - run.first < slicePages) run.end++;
    else runs.push({ first: page, end: page + 1 });
  }
  return runs;
}
