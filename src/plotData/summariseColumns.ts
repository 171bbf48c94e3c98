/**
 * A view of a series, summarised per pixel column, exactly. A thousand series of a thousand columns must take
 * well under 100 ms, so what runs once per column makes no garbage.
 */
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import type { PointView } from '../shared/plot/view.ts';
import type { BucketReader, Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import { Stretch } from './stretch.ts';

export interface SummariseOptions {
  readonly view: PointView;
  /** Of the view: see `columnStarts`. */
  readonly starts: Float64Array;
  readonly log: boolean;
  readonly work: WorkDone;
}

/** Columns to load and summarise at a time; bounds the pages that a query holds. */
const blockColumns = 256;

/** Everything but how broken lines run. @throws FileWasCut */
export async function summariseColumns(
  points: Points,
  options: SummariseOptions,
): Promise<SeriesColumns> {
  const { view, starts } = options;
  const answer = emptyColumns(view, points.count);
  for (let first = 0; first < view.columns; first += blockColumns) {
    const end = Math.min(first + blockColumns, view.columns);
    const read = await points.load(bucketsOf(starts.subarray(first, end + 1), answer.count));
    summariseBlock({ points, read, first, end, answer }, options);
    if (first === 0) answer.before = valueAt(read, clip(starts[0]!, answer.count) - 1, answer);
    if (end === view.columns) answer.after = valueAt(read, Math.max(starts[end]!, 0), answer);
  }
  return answer;
}

interface Block {
  readonly points: Points;
  readonly read: BucketReader;
  /** Columns. */
  readonly first: number;
  readonly end: number;
  readonly answer: MutableColumns;
}

function summariseBlock(
  { points, read, first, end, answer }: Block,
  { starts, log, work }: SummariseOptions,
): void {
  const { count, firsts, lasts, mins, maxs, flags } = answer;
  const stretch = new Stretch({ points, read, work });
  const { summary } = stretch;
  let stop = clip(starts[first]!, count);
  for (let column = first; column < end; column++) {
    const start = stop;
    stop = clip(starts[column + 1]!, count);
    if (start === stop) continue;
    stretch.summarise(start, stop);
    const min = log ? summary.minPositive : summary.min;
    const max = min === Infinity ? -Infinity : summary.max;
    firsts[column] = stretch.first;
    lasts[column] = stretch.last;
    mins[column] = min;
    maxs[column] = max;
    flags[column] = summary.flags;
    if (min < answer.lowest) answer.lowest = min;
    if (max > answer.highest) answer.highest = max;
    answer.anyFlags |= summary.flags;
  }
}

/**
 * The buckets of the first and last point of every column of a block, and of the points beside the block;
 * all that it spans where they are few.
 */
function bucketsOf(starts: Float64Array, count: number): number[] {
  const bucketOf = (point: number): number => Math.floor(point / bucketPoints);
  const from = bucketOf(Math.max(clip(starts[0]!, count) - 1, 0));
  const to = bucketOf(Math.min(clip(starts.at(-1)!, count), count - 1));
  if (to - from < starts.length) return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const buckets: number[] = [];
  for (const start of starts) {
    for (const point of [clip(start, count) - 1, clip(start, count)]) {
      const bucket = bucketOf(point);
      if (bucket > (buckets.at(-1) ?? -1) && point < count) buckets.push(bucket);
    }
  }
  return buckets;
}

/** NaN beyond the ends of the series. */
function valueAt(read: BucketReader, point: number, { count }: SeriesColumns): number {
  if (point < 0 || point >= count) return NaN;
  const bucket = Math.floor(point / bucketPoints);
  return read(bucket)[point - bucket * bucketPoints]!;
}

function clip(point: number, count: number): number {
  return point < 0 ? 0 : point > count ? count : point;
}

type MutableColumns = { -readonly [Key in keyof SeriesColumns]: SeriesColumns[Key] };

/** All arrays share one buffer: there may be a thousand such answers. */
function emptyColumns(view: PointView, count: number): MutableColumns {
  const { columns } = view;
  const buffer = new ArrayBuffer(17 * columns);
  const numbers = (i: number) => new Float32Array(buffer, 4 * i * columns, columns);
  return {
    view,
    count,
    before: NaN,
    after: NaN,
    firsts: numbers(0).fill(NaN),
    lasts: numbers(1).fill(NaN),
    mins: numbers(2).fill(Infinity),
    maxs: numbers(3).fill(-Infinity),
    flags: new Uint8Array(buffer, 16 * columns, columns),
    lowest: Infinity,
    highest: -Infinity,
    anyFlags: 0,
    broken: [],
  };
}
