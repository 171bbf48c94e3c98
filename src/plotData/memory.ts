/**
 * The memory cap over all that the data engine holds: what it knows of each series (small, slow to make
 * again) may take up to half of it, pages of points (large, quick to read again) the rest.
 */
import { LruCache } from './lruCache.ts';

/** What a query holds while it computes, at most, whether or not the cache still has it. */
const workingBytes = 16e6;

export class Memory<Series> {
  readonly series: LruCache<Series>;
  readonly pages: LruCache<Float32Array>;

  constructor(capBytes: number) {
    this.series = new LruCache<Series>(() => capBytes / 2);
    this.pages = new LruCache<Float32Array>(() => capBytes - workingBytes - this.series.bytes);
  }

  get bytes(): number {
    return this.series.bytes + this.pages.bytes;
  }

  /** Remembers a series with its present size; pages make room. */
  keep(key: string, series: Series, bytes: number): void {
    this.series.set(key, series, bytes);
    this.pages.trim();
  }
}
