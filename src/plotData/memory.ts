/**
 * The memory cap over all that the data engine holds: what it knows of each series (small, slow to make
 * again) may take up to half of it, what was last shown of each up to a quarter, lines that were drawn a twelfth, pages
 * of points (large, quick to read again) the rest.
 */
import { LruCache } from './lruCache.ts';
import type { Raster } from './raster.ts';

/** What a query holds while it computes, at most, whether or not the cache still has it. */
const workingBytes = 16e6;

export class Memory<Series, Columns = unknown> {
  /** By file, smoothed ones by number. */
  readonly series: LruCache<Series, string | number>;
  /** Thousands are looked up at a touch of the mouse: numbers are found quickly. */
  readonly columns: LruCache<Columns, number>;
  readonly sheets: LruCache<Raster>;
  readonly pages: LruCache<Float32Array>;

  constructor(capBytes: number) {
    this.series = new LruCache<Series, string | number>(() => capBytes / 2);
    this.sheets = new LruCache<Raster>(() => capBytes / 12);
    // Where the cap is a small one, all that is left is for pages, which any query needs.
    const rest = () => capBytes - workingBytes - this.series.bytes - this.sheets.bytes;
    this.columns = new LruCache<Columns, number>(() => Math.min(capBytes / 4, rest() / 2));
    this.pages = new LruCache<Float32Array>(() => rest() - this.columns.bytes);
  }

  get bytes(): number {
    return this.series.bytes + this.sheets.bytes + this.columns.bytes + this.pages.bytes;
  }

  /** Remembers a series with its present size; the others make room. */
  keep(key: string | number, series: Series, bytes: number): void {
    this.series.set(key, series, bytes);
    this.columns.trim();
    this.pages.trim();
  }

  /** Remembers a sheet of drawn lines; pages and columns make room. */
  keepSheet(key: string, sheet: Raster): void {
    this.sheets.set(key, sheet, sheet.bytes);
    this.columns.trim();
    this.pages.trim();
  }

  /** Remembers what is shown of a series; pages make room. */
  keepColumns(key: number, known: Columns, bytes: number): void {
    this.columns.set(key, known, bytes);
    this.pages.trim();
  }
}
