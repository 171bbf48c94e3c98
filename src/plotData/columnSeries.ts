/**
 * A column file as points: its pyramid, built while the file grows, and its values, by way of the cache of
 * pages. Takes in only whole values; a torn tail counts when the rest of it has come.
 */
import { columnLength, headerBytes, parseColumnHeader } from '../shared/columns/columnFormat.ts';
import type { LruCache } from './lruCache.ts';
import {
  FileWasCut,
  fileSize,
  pagePoints,
  readPages,
  slicePages,
  withFile,
  type PageSpan,
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
  /** Values of the page that holds the last point: a series of few points has no other. */
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
    const growing = this.#queue.then(() =>
      withFile(this.#file, (descriptor) => this.#grow(descriptor)),
    );
    this.#queue = growing.catch(() => undefined); // The caller hears of it; the next one tries again.
    return growing;
  }

  inMemory(buckets: readonly number[]): BucketReader | null {
    const tail = this.#tail;
    // Buckets ascend: no page lies behind that of the tail.
    if (pageOf(buckets[0] ?? 0) === this.#tailPage) return readerOf(() => tail);
    const pages = new Map<number, Float32Array>();
    const missing = this.#collect(buckets, pages);
    return missing.length > 0 ? null : readerOf((page) => pages.get(page)!);
  }

  /** @throws FileWasCut, errors of the file system */
  async load(buckets: readonly number[]): Promise<BucketReader> {
    const pages = new Map<number, Float32Array>();
    const missing = this.#collect(buckets, pages);
    if (missing.length > 0) await this.#loadPages(missing, pages);
    return readerOf((page) => pages.get(page)!);
  }

  /** The pages that are in memory. @returns those that are not */
  #collect(buckets: readonly number[], into: Map<number, Float32Array>): readonly number[] {
    const missing: number[] = [];
    for (const bucket of buckets) {
      const page = pageOf(bucket);
      if (into.has(page) || missing.at(-1) === page) continue;
      const known = page === this.#tailPage ? this.#tail : this.#pages.get(this.#key(page));
      if (known === undefined) missing.push(page);
      else into.set(page, known);
    }
    return missing;
  }

  async #loadPages(missing: readonly number[], into: Map<number, Float32Array>): Promise<void> {
    const count = this.#count;
    await withFile(this.#file, (descriptor) =>
      Promise.all(
        neighbours(missing).map(async (run) => {
          const pages = await readPages(descriptor, run, { count });
          if (pages === null) throw new FileWasCut(this.#file);
          for (const [i, page] of pages.entries()) {
            this.#work.bytesRead += page.byteLength;
            this.#keepPage(run.first + i, page);
            into.set(run.first + i, page);
          }
        }),
      ),
    );
  }

  async #grow(descriptor: number): Promise<boolean> {
    const count = columnLength(await fileSize(descriptor));
    if (count < this.#count) return false;
    const end = Math.ceil(count / pagePoints);
    for (let first = this.#tailPage; first < end; first += slicePages) {
      const header = this.#firstStep === null ? new Uint8Array(headerBytes) : null;
      const slice = { first, end: Math.min(first + slicePages, end) };
      const pages = await readPages(descriptor, slice, { count, header });
      if (pages === null) return false;
      if (header !== null) this.#firstStep = parseColumnHeader(header).first;
      if (!this.#takeIn(first, pages)) return false;
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
      this.#work.bytesRead += page.byteLength;
      if (page.length === pagePoints) this.#keepPage(first + i, page);
    }
    return true;
  }

  get #tailPage(): number {
    return Math.floor(Math.max(this.#count - 1, 0) / pagePoints);
  }

  #keepPage(page: number, values: Float32Array): void {
    this.#pages.set(this.#key(page), values, values.byteLength);
  }

  #key(page: number): string {
    return `${this.id}/${page}`;
  }
}

function pageOf(bucket: number): number {
  return Math.floor(bucket / pageBuckets);
}

function readerOf(page: (number: number) => Float32Array): BucketReader {
  return rememberLast((bucket) => {
    const at = (bucket % pageBuckets) * bucketPoints;
    return page(pageOf(bucket)).subarray(at, at + bucketPoints);
  });
}

/** Ascending page numbers as runs that can each be read in one go. */
function neighbours(pages: readonly number[]): PageSpan[] {
  const runs: { first: number; end: number }[] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run?.end === page && page - run.first < slicePages) run.end++;
    else runs.push({ first: page, end: page + 1 });
  }
  return runs;
}
