/**
 * A series smoothed with one weight, as points of its own: a pyramid, and the state of the average at the
 * start of every bucket, so that the smoothed values of any bucket can be had from its raw ones, bit for bit.
 */
import type { ColumnSeries } from './columnSeries.ts';
import { initialAverage, smooth, type AverageState } from './movingAverage.ts';
import { newPointsId, rememberLast, type BucketReader, type Points } from './points.ts';
import { bucketPoints, Pyramid } from './pyramid.ts';
import { resultOf, type Reading } from './reading.ts';
import type { Soon } from './soon.ts';

/** Buckets to take in at a time: bounds the pages that are held. */
const sliceBuckets = 1024;

const noStarts = new Float64Array();
const noValues = new Float32Array();

export class SmoothedSeries implements Points {
  readonly id = newPointsId();
  readonly pyramid = new Pyramid();
  readonly raw: ColumnSeries;
  readonly weight: number;
  /** Two numbers per bucket behind the first: `average`, `missing`. */
  #starts = noStarts;
  readonly #state: AverageState = initialAverage();
  /** Of the bucket that holds the last point: a series of few points has no other. */
  #tail: Float32Array = noValues;
  #count = 0;
  #growing: Promise<void> | null = null;

  constructor(raw: ColumnSeries, weight: number) {
    this.raw = raw;
    this.weight = weight;
  }

  get count(): number {
    return this.#count;
  }

  get firstStep(): number | null {
    return this.raw.firstStep;
  }

  get bytes(): number {
    return this.pyramid.bytes + this.#starts.byteLength + this.#tail.byteLength;
  }

  /** Smooths what the raw series has gained: at once where that is in memory. @throws FileWasCut */
  grow(): Soon<void> {
    // The other caller hears of what went wrong; this one tries again.
    if (this.#growing !== null) return this.#growing.catch(() => undefined).then(() => this.grow());
    const grown = resultOf(this.raw, this.#grow());
    if (!(grown instanceof Promise)) return;
    this.#growing = grown.finally(() => (this.#growing = null));
    return this.#growing;
  }

  inMemory(buckets: readonly number[]): BucketReader | null {
    const tail = this.#tail;
    if (buckets[0] === this.#tailBucket) return () => tail;
    const read = this.raw.inMemory(buckets);
    return read === null ? null : this.#smoothing(read);
  }

  async load(buckets: readonly number[]): Promise<BucketReader> {
    return this.#smoothing(await this.raw.load(buckets));
  }

  #smoothing(read: BucketReader): BucketReader {
    return rememberLast((bucket) => smooth(this.#startOf(bucket), this.weight, read(bucket)));
  }

  #startOf(bucket: number): AverageState {
    if (bucket === 0) return initialAverage();
    const at = 2 * (bucket - 1);
    return { average: this.#starts[at]!, missing: this.#starts[at + 1]! };
  }

  *#grow(): Reading<void> {
    const end = this.raw.count;
    while (this.#count < end) {
      const first = Math.floor(this.#count / bucketPoints);
      const length = Math.min(Math.ceil(end / bucketPoints) - first, sliceBuckets);
      const buckets: number[] = [];
      for (let i = 0; i < length; i++) buckets.push(first + i);
      const read = yield buckets;
      for (const bucket of buckets) this.#takeIn(bucket, read(bucket));
    }
  }

  #takeIn(bucket: number, values: Float32Array): void {
    const known = this.#count - bucket * bucketPoints;
    if (known === 0 && bucket > 0) this.#keepStart(2 * (bucket - 1));
    const smoothed = smooth(this.#state, this.weight, values.subarray(known));
    this.pyramid.append(smoothed);
    this.#tail = known === 0 ? smoothed : joined(this.#tail, smoothed);
    this.#count += smoothed.length;
  }

  get #tailBucket(): number {
    return Math.floor(Math.max(this.#count - 1, 0) / bucketPoints);
  }

  #keepStart(at: number): void {
    if (at >= this.#starts.length) {
      const grown = new Float64Array(Math.max(2, 2 * this.#starts.length));
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[at] = this.#state.average;
    this.#starts[at + 1] = this.#state.missing;
  }
}

function joined(one: Float32Array, other: Float32Array): Float32Array {
  const both = new Float32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
