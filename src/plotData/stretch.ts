/**
 * Summarises stretches of points one after the other: whole buckets from the pyramid, the partial ones at the
 * two ends point by point. Made once and used for every pixel column, so that a column makes no garbage.
 */
import type { BucketReader, Points, WorkDone } from './points.ts';
import { bucketPoints } from './pyramid.ts';
import { addPoints, clearSummary, emptySummary, type Summary } from './summary.ts';

export interface StretchOptions {
  readonly points: Points;
  /** Of the buckets of the first and the last point of every stretch. */
  readonly read: BucketReader;
  readonly work: WorkDone;
}

export class Stretch {
  readonly summary: Summary = emptySummary();
  /** Values of the first and last point. */
  first = NaN;
  last = NaN;
  readonly #points: Points;
  readonly #read: BucketReader;
  readonly #work: WorkDone;

  constructor({ points, read, work }: StretchOptions) {
    this.#points = points;
    this.#read = read;
    this.#work = work;
  }

  /** Of the points from `start` up to and without `stop`: at least one, and they must exist. */
  summarise(start: number, stop: number): void {
    clearSummary(this.summary);
    const firstBucket = Math.floor(start / bucketPoints);
    const lastBucket = Math.floor((stop - 1) / bucketPoints);
    const from = start - firstBucket * bucketPoints;
    const to = stop - lastBucket * bucketPoints;
    if (firstBucket === lastBucket) {
      const values = this.#add(firstBucket, from, to);
      this.first = values[from]!;
      this.last = values[to - 1]!;
      return;
    }
    this.first = this.#add(firstBucket, from, bucketPoints)[from]!;
    const { pyramid } = this.#points;
    this.#work.summariesVisited += pyramid.addBuckets(this.summary, firstBucket + 1, lastBucket);
    this.last = this.#add(lastBucket, 0, to)[to - 1]!;
  }

  #add(bucket: number, from: number, to: number): Float32Array {
    const values = this.#read(bucket);
    addPoints(this.summary, values, from, to);
    this.#work.pointsScanned += to - from;
    return values;
  }
}
