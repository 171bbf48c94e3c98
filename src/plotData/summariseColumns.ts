/**
 * A view of a series, summarised per pixel column, exactly: whole buckets from the pyramid, the partial ones
 * at the edges of a column point by point.
 */
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import type { PointView } from '../shared/plot/view.ts';
import type { BucketReader, Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import { addPoints, clearSummary, emptySummary, type Summary } from './summary.ts';

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
  { view, starts, log, work }: SummariseOptions,
): Promise<SeriesColumns> {
  const { count } = points;
  const edges = starts.map((start) => Math.min(Math.max(start, 0), count));
  const answer = emptyColumns(view, count);
  for (let first = 0; first < view.columns; first += blockColumns) {
    const end = Math.min(first + blockColumns, view.columns);
    const block = edges.subarray(first, end + 1);
    const read = await points.load(bucketsAtEdges(block, count));
    const summary = emptySummary();
    for (let column = first; column < end; column++) {
      const [start, stop] = [edges[column]!, edges[column + 1]!];
      if (start === stop) continue;
      clearSummary(summary);
      summarise(summary, { points, read, work, start, stop });
      write(answer, { column, summary, log });
      answer.firsts[column] = valueAt(read, start);
      answer.lasts[column] = valueAt(read, stop - 1);
    }
    if (first === 0 && block[0]! > 0) answer.before = valueAt(read, block[0]! - 1);
    const next = edges[view.columns]!;
    if (end === view.columns && next < count) answer.after = valueAt(read, next);
  }
  return answer;
}

interface Stretch {
  readonly points: Points;
  readonly read: BucketReader;
  readonly work: WorkDone;
  readonly start: number;
  readonly stop: number;
}

function summarise(summary: Summary, { points, read, work, start, stop }: Stretch): void {
  const firstBucket = Math.floor(start / bucketPoints);
  const lastBucket = Math.floor((stop - 1) / bucketPoints);
  const from = start - firstBucket * bucketPoints;
  const to = stop - lastBucket * bucketPoints;
  if (firstBucket === lastBucket) {
    addPoints(summary, read(firstBucket), from, to);
    work.pointsScanned += to - from;
    return;
  }
  addPoints(summary, read(firstBucket), from, bucketPoints);
  addPoints(summary, read(lastBucket), 0, to);
  work.pointsScanned += bucketPoints - from + to;
  work.summariesVisited += points.pyramid.addBuckets(summary, firstBucket + 1, lastBucket);
}

function write(
  answer: SeriesColumns,
  { column, summary, log }: { column: number; summary: Summary; log: boolean },
): void {
  const min = log ? summary.minPositive : summary.min;
  answer.mins[column] = min;
  answer.maxs[column] = min === Infinity ? -Infinity : summary.max;
  answer.flags[column] = summary.flags;
}

/** The buckets of the first and last point of every column, and of the points next to the block. */
function bucketsAtEdges(edges: Float64Array, count: number): number[] {
  const buckets: number[] = [];
  const need = (point: number): void => {
    const bucket = Math.floor(point / bucketPoints);
    const isNew = bucket > (buckets.at(-1) ?? -1);
    if (isNew && point < count) buckets.push(bucket);
  };
  for (const edge of edges) {
    need(edge - 1);
    need(edge);
  }
  return buckets;
}

function valueAt(read: BucketReader, point: number): number {
  const bucket = Math.floor(point / bucketPoints);
  return read(bucket)[point - bucket * bucketPoints]!;
}

type MutableColumns = { -readonly [Key in keyof SeriesColumns]: SeriesColumns[Key] };

function emptyColumns(view: PointView, count: number): MutableColumns {
  const { columns } = view;
  return {
    view,
    count,
    before: NaN,
    after: NaN,
    firsts: new Float32Array(columns).fill(NaN),
    lasts: new Float32Array(columns).fill(NaN),
    mins: new Float32Array(columns).fill(Infinity),
    maxs: new Float32Array(columns).fill(-Infinity),
    flags: new Uint8Array(columns),
    broken: [],
  };
}
