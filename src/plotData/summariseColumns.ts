/**
 * A view of a series, summarised per pixel column, exactly. A thousand series of a thousand columns must take
 * well under 100 ms, so what runs once per column makes no garbage.
 */
import { breakingFlags, pointFlags, type SeriesColumns } from '../shared/plot/plotAnswer.ts';
import type { FilledColumns, PointView } from '../shared/plot/view.ts';
import { ownNumbers, sharedNumbers, type ColumnNumbers } from './columnNumbers.ts';
import type { BucketReader, Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import type { Reading } from './reading.ts';
import { Stretch } from './stretch.ts';

export interface SummariseOptions {
  readonly view: PointView;
  /** Of this view and the points there are: see `filledColumns`. */
  readonly filled: FilledColumns;
  readonly crossings: Float64Array;
  readonly count: number;
  readonly log: boolean;
  readonly work: WorkDone;
}

/** Columns to load and summarise at a time; bounds the pages that a query holds. */
const blockColumns = 256;

/** Everything but how broken lines run. */
export function summariseColumns(
  points: Points,
  options: SummariseOptions,
): Reading<SeriesColumns> {
  const isOne = isOneEach(points, options);
  if (isOne && isPlainBucket(points, options.filled)) return pointsAsColumns(options);
  return summariseBlocks(points, options, ownNumbers(options.filled, isOne));
}

/** Columns that are the very points, as those of a series of few points are. */
function* pointsAsColumns(options: SummariseOptions): Reading<SeriesColumns> {
  const { starts } = options.filled;
  const end = starts.length - 1;
  const bucket = bucketOf(starts[0]!);
  const read = yield bucketsOf(options, 0, end);
  const from = starts[0]! - bucket * bucketPoints;
  const answer = answerOf(options, sharedNumbers(read(bucket).subarray(from, from + end)));
  answer.before = valueAt(read, starts[0]! - 1, answer);
  answer.after = valueAt(read, starts[end]!, answer);
  const { firsts } = answer;
  let { lowest, highest } = answer;
  for (let i = 0; i < end; i++) {
    const value = firsts[i]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  [answer.lowest, answer.highest] = [lowest, highest];
  options.work.pointsScanned += end;
  return answer;
}

function* summariseBlocks(
  points: Points,
  options: SummariseOptions,
  numbers: ColumnNumbers,
): Reading<SeriesColumns> {
  const { starts } = options.filled;
  const filled = starts.length - 1;
  const answer = answerOf(options, numbers);
  for (let first = 0; first === 0 || first < filled; first += blockColumns) {
    const end = Math.min(first + blockColumns, filled);
    const read = yield bucketsOf(options, first, end);
    summariseBlock({ points, read, first, end, answer }, options);
    if (first === 0) answer.before = valueAt(read, starts[0]! - 1, answer);
    if (end === filled) answer.after = valueAt(read, starts[end]!, answer);
  }
  return answer;
}

interface Block {
  readonly points: Points;
  readonly read: BucketReader;
  /** Of the filled columns. */
  readonly first: number;
  readonly end: number;
  readonly answer: MutableColumns;
}

function summariseBlock(block: Block, options: SummariseOptions): void {
  const { points, read, end } = block;
  const { starts } = options.filled;
  let stretch: Stretch | null = null;
  for (let first = block.first; first < end;) {
    const bucket = Math.floor(starts[first]! / bucketPoints);
    let next = first;
    while (next < end && starts[next + 1]! <= (bucket + 1) * bucketPoints) next++;
    const isPlain = (points.pyramid.flags(bucket) & breakingFlags(options.log)) === 0;
    if (next > first && isPlain) scanBucket({ ...block, first, end: next }, bucket, options);
    else {
      stretch ??= new Stretch({ points, read, work: options.work });
      next = Math.max(next, first + 1);
      for (let i = first; i < next; i++) summariseColumn(block.answer, i, stretch, options);
    }
    first = next;
  }
}

/**
 * Columns whose points lie in one bucket, all with a place on the scale: nearly all columns where a thousand lines
 * are shown. There a summary would cost more than the two or three points that it is of.
 */
function scanBucket(
  { read, first, end, answer }: Block,
  bucket: number,
  { filled: { starts }, work }: SummariseOptions,
): void {
  const { firsts, lasts, mins, maxs, flags } = answer;
  const values = read(bucket);
  const offset = bucket * bucketPoints;
  let { lowest, highest } = answer;
  for (let i = first; i < end; i++) {
    const start = starts[i]! - offset;
    const stop = starts[i + 1]! - offset;
    let min = values[start]!;
    let max = min;
    firsts[i] = min;
    lasts[i] = values[stop - 1]!;
    for (let at = start + 1; at < stop; at++) {
      const value = values[at]!;
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    mins[i] = min;
    maxs[i] = max;
    if (min <= 0) answer.anyFlags |= flags[i] = pointFlags.notPositive;
    if (min < lowest) lowest = min;
    if (max > highest) highest = max;
  }
  [answer.lowest, answer.highest] = [lowest, highest];
  work.pointsScanned += starts[end]! - starts[first]!;
}

function summariseColumn(
  answer: MutableColumns,
  i: number,
  stretch: Stretch,
  { filled: { starts }, log }: SummariseOptions,
): void {
  const { summary } = stretch;
  stretch.summarise(starts[i]!, starts[i + 1]!);
  const min = log ? summary.minPositive : summary.min;
  const max = min === Infinity ? -Infinity : summary.max;
  answer.firsts[i] = stretch.first;
  answer.lasts[i] = stretch.last;
  answer.mins[i] = min;
  answer.maxs[i] = max;
  answer.flags[i] = summary.flags;
  if (min < answer.lowest) answer.lowest = min;
  if (max > answer.highest) answer.highest = max;
  answer.anyFlags |= summary.flags;
}

/**
 * The buckets of the first and last point of columns `first` up to and without `end`, and of the points beside them; all
 * between where they are few.
 */
function bucketsOf({ filled, count }: SummariseOptions, first: number, end: number): number[] {
  const { starts } = filled;
  const from = bucketOf(Math.max(starts[first]! - 1, 0));
  const to = bucketOf(Math.min(starts[end]!, count - 1));
  const buckets: number[] = [];
  if (to - from <= end - first) {
    for (let bucket = from; bucket <= to; bucket++) buckets.push(bucket);
    return buckets;
  }
  for (let i = first; i <= end; i++) {
    for (const point of [starts[i]! - 1, starts[i]!]) {
      const bucket = bucketOf(point);
      if (bucket > (buckets.at(-1) ?? -1) && point < count) buckets.push(bucket);
    }
  }
  return buckets;
}

function bucketOf(point: number): number {
  return Math.floor(point / bucketPoints);
}

/** NaN beyond the ends of the series. */
function valueAt(read: BucketReader, point: number, { count }: SeriesColumns): number {
  if (point < 0 || point >= count) return NaN;
  const bucket = bucketOf(point);
  return read(bucket)[point - bucket * bucketPoints]!;
}

type MutableColumns = { -readonly [Key in keyof SeriesColumns]: SeriesColumns[Key] };

/** Whether every filled column has one point, and all have a place on the scale. */
function isOneEach({ pyramid }: Points, { filled: { starts }, log }: SummariseOptions): boolean {
  const filled = starts.length - 1;
  if (starts[filled]! - starts[0]! !== filled) return false;
  const end = starts[filled]! / bucketPoints;
  for (let bucket = Math.floor(starts[0]! / bucketPoints); bucket < end; bucket++) {
    if ((pyramid.flags(bucket) & breakingFlags(log)) !== 0) return false;
  }
  return true;
}

/** Whether all points in view lie in one bucket, and none there has a mark. */
function isPlainBucket({ pyramid }: Points, { starts }: FilledColumns): boolean {
  const [start, stop] = [starts[0]!, starts.at(-1)!];
  const bucket = bucketOf(start);
  return start < stop && bucketOf(stop - 1) === bucket && pyramid.flags(bucket) === 0;
}

let created = 0;

function answerOf(options: SummariseOptions, numbers: ColumnNumbers): MutableColumns {
  const { view, filled, crossings, count } = options;
  const { firsts, lasts, mins, maxs, flags } = numbers;
  return {
    id: ++created,
    view,
    filled,
    crossings,
    count,
    before: NaN,
    after: NaN,
    firsts,
    lasts,
    mins,
    maxs,
    flags,
    lowest: Infinity,
    highest: -Infinity,
    anyFlags: 0,
    broken: [],
  };
}
