/**
 * A series smoothed with one weight, as points of its own: a pyramid, and the state of the average at the
 * start of every bucket, so that the smoothed values of any bucket can be had from its raw ones, bit for bit.
 */
import type { ColumnSeries } from './columnSeries.ts';
import { initialAverage, smooth, type AverageState } from './movingAverage.ts';
import { newPointsId, rememberLast, type BucketReader, type Points } from './points.ts';
import { bucketPoints, Pyramid } from './pyramid.ts';

/** Buckets to take in at a time: the host has other things to do in between. */
const sliceBuckets = 1024;

export class SmoothedSeries implements Points {
  readonly id = newPointsId();
  readonly pyramid = new Pyramid();
  readonly raw: ColumnSeries;
  readonly #weight: number;
  /** Two numbers per bucket: `average`, `missing`. */
  #starts = new Float64Array(2);
  readonly #state: AverageState = initialAverage();
  #count = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(raw: ColumnSeries, weight: number) {
    this.raw = raw;
    this.#weight = weight;
  }

  get count(): number {
    return this.#count;
  }

  get firstStep(): number | null {
    return this.raw.firstStep;
  }

  get bytes(): number {
    return this.pyramid.bytes + this.#starts.byteLength;
  }

  /** Smooths what the raw series has gained. @throws FileWasCut */
  grow(): Promise<void> {
    const growing = this.#queue.then(() => this.#grow());
    this.#queue = growing.catch(() => undefined); // The caller hears of it; the next one tries again.
    return growing;
  }

  async load(buckets: readonly number[]): Promise<BucketReader> {
    const read = await this.raw.load(buckets);
    return rememberLast((bucket) => {
      const [average, missing] = [this.#starts[2 * bucket]!, this.#starts[2 * bucket + 1]!];
      return smooth({ average, missing }, this.#weight, read(bucket));
    });
  }

  async #grow(): Promise<void> {
    const end = this.raw.count;
    while (this.#count < end) {
      const first = Math.floor(this.#count / bucketPoints);
      const length = Math.min(Math.ceil(end / bucketPoints) - first, sliceBuckets);
      const read = await this.raw.load(Array.from({ length }, (_, i) => first + i));
      for (let bucket = first; bucket < first + length; bucket++) {
        this.#takeIn(bucket, read(bucket));
      }
    }
  }

  #takeIn(bucket: number, values: Float32Array): void {
    const known = this.#count - bucket * bucketPoints;
    if (known === 0) this.#keepStart(bucket);
    const smoothed = smooth(this.#state, this.#weight, values.subarray(known));
    this.pyramid.append(smoothed);
    this.#count += smoothed.length;
  }

  #keepStart(bucket: number): void {
    if (2 * bucket >= this.#starts.length) {
      const grown = new Float64Array(2 * this.#starts.length);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts.set([this.#state.average, this.#state.missing], 2 * bucket);
  }
}
