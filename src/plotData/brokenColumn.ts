/**
 * The rows that a line fills in a pixel column where points without a place on the scale break it. Stretches
 * of buckets without such points come from the pyramid; only the others, and those next to them, are read.
 */
import { breakingFlags, type BrokenColumn, type SeriesColumns } from '../shared/plot/plotAnswer.ts';
import { yMap, type ValueScale } from '../shared/plot/valueScale.ts';
import type { BucketReader, Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import type { Reading } from './reading.ts';
import { RowSet } from './rowSet.ts';
import { emptySummary } from './summary.ts';

export interface BrokenOptions {
  readonly scale: ValueScale;
  readonly work: WorkDone;
}

interface ColumnPart extends BrokenOptions {
  /** Points of the column: from `start` up to and without `stop`, at least one. */
  readonly start: number;
  readonly stop: number;
}

/** Buckets to read at a time: 1 MB of points. */
const sliceBuckets = 1024;

/** Of the columns of a series in which its line is broken. */
export function* brokenColumns(
  points: Points,
  { filled, flags }: SeriesColumns,
  options: BrokenOptions,
): Reading<BrokenColumn[]> {
  const breaking = breakingFlags(options.scale.log);
  const broken: BrokenColumn[] = [];
  for (const [i, column] of filled.columns.entries()) {
    if ((flags[i]! & breaking) === 0) continue;
    const part = { ...options, start: filled.starts[i]!, stop: filled.starts[i + 1]! };
    broken.push({ column, rows: yield* brokenRows(points, part) });
  }
  return broken;
}

/** Pairs of rows as in `BrokenColumn`. */
function* brokenRows(points: Points, part: ColumnPart): Reading<number[]> {
  const pieces = new Pieces(part.scale);
  const end = Math.floor((part.stop - 1) / bucketPoints) + 1;
  for (let first = Math.floor(part.start / bucketPoints); first < end; first += sliceBuckets) {
    yield* addSlice(points, { ...part, first, end: Math.min(first + sliceBuckets, end) }, pieces);
  }
  return pieces.rows();
}

interface Slice extends ColumnPart {
  /** Buckets. */
  readonly first: number;
  readonly end: number;
}

function* addSlice(points: Points, slice: Slice, pieces: Pieces): Reading<void> {
  const mustRead = (bucket: number): boolean =>
    [bucket - 1, bucket, bucket + 1].some((near) => breaks(points, slice, near));
  const buckets = Array.from({ length: slice.end - slice.first }, (_, i) => slice.first + i);
  const toRead = buckets.filter(mustRead);
  const read = yield toRead;
  let done = slice.first;
  for (const bucket of toRead) {
    addUnbroken(points, slice, { from: done, to: bucket }, pieces);
    addRead(read, slice, bucket, pieces);
    done = bucket + 1;
  }
  addUnbroken(points, slice, { from: done, to: slice.end }, pieces);
}

/** Whether a bucket must be read: it holds a break or, at an edge, points of other columns. */
function breaks(points: Points, { start, stop, scale }: ColumnPart, bucket: number): boolean {
  const [first, end] = [bucket * bucketPoints, (bucket + 1) * bucketPoints];
  if (end <= start || first >= stop) return false;
  const isPartial = first < start || end > stop;
  return isPartial || (points.pyramid.flags(bucket) & breakingFlags(scale.log)) !== 0;
}

/**
 * Buckets without breaks are one connected line, also with the buckets beside them: those that are read
 * have no break either when they lie beside one that is not.
 */
function addUnbroken(
  points: Points,
  { start, stop, scale, work }: Slice,
  { from, to }: { readonly from: number; readonly to: number },
  pieces: Pieces,
): void {
  if (from === to) return;
  const summary = emptySummary();
  const first = (from - 1) * bucketPoints >= start ? from - 1 : from;
  const end = (to + 1) * bucketPoints <= stop ? to + 1 : to;
  work.summariesVisited += points.pyramid.addBuckets(summary, first, end);
  pieces.add(scale.log ? summary.minPositive : summary.min, summary.max);
}

function addRead(
  read: BucketReader,
  { start, stop, work }: Slice,
  bucket: number,
  pieces: Pieces,
): void {
  const values = read(bucket);
  const from = Math.max(start - bucket * bucketPoints, 0);
  const to = Math.min(stop - bucket * bucketPoints, bucketPoints);
  pieces.addValues(values.subarray(from, to));
  work.pointsScanned += to - from;
}

/** Collects connected pieces of a line and fills the rows of each. */
class Pieces {
  readonly #rows: RowSet;
  readonly #toY: (value: number) => number;
  readonly #log: boolean;
  #min = Infinity;
  #max = -Infinity;

  constructor(scale: ValueScale) {
    this.#rows = new RowSet(scale.rows);
    this.#toY = yMap(scale);
    this.#log = scale.log;
  }

  /** A piece that is connected neither to the one before nor to the one after. */
  add(min: number, max: number): void {
    this.#end();
    [this.#min, this.#max] = [min, max];
    this.#end();
  }

  /** Further values of the line: millions of them where a whole run is broken. */
  addValues(values: Float32Array): void {
    const lowest = this.#log ? 0 : -Infinity;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value > lowest && value < Infinity) {
        if (value < this.#min) this.#min = value;
        if (value > this.#max) this.#max = value;
      } else {
        this.#end();
      }
    }
  }

  #end(): void {
    if (this.#min <= this.#max) this.#rows.add(this.#toY(this.#max), this.#toY(this.#min));
    this.#min = Infinity;
    this.#max = -Infinity;
  }

  rows(): number[] {
    this.#end();
    return this.#rows.pairs();
  }
}
