/**
 * What is asked of the points on disk, and what comes back: per pixel column just enough to draw what drawing
 * every point would draw, and no more.
 */
import type { ValueRange, ValueScale } from './valueScale.ts';
import type { FilledColumns, PointPlaces, PointView } from './view.ts';

/** Bits that say which unusual values a pixel column holds. */
export const pointFlags = {
  nan: 1,
  positiveInfinity: 2,
  negativeInfinity: 4,
  /** Zero or below: has no place on a logarithmic scale. Set for any scale. */
  notPositive: 8,
} as const;

/** The flags of values without a place on the plot: a column with one of them has a broken line. */
export function breakingFlags(log: boolean): number {
  return log ? 15 : 7;
}

export interface SeriesRequest {
  /** Path of the column file. */
  readonly file: string;
  /** Weight of TensorBoard's exponential moving average, 0 (none) up to and without 1. */
  readonly smoothing: number;
  /**
   * Where its points lie, p counted from the start of the run: the first value of the file is point `first` of
   * its header, which is 0 but for what a resume discarded. Training loss of every step on an axis of steps
   * done: origin 1, stride 1; on an axis of epochs with n steps each: 1 / n both. Values of every epoch: 1 and 1
   * on the axis of epochs, n and n on that of steps.
   */
  readonly x: PointPlaces;
}

export interface PlotQuery {
  readonly series: readonly SeriesRequest[];
  /** x at the edges of the view; an edge that is null lies at the outermost point of any series. */
  readonly first: number | null;
  readonly last: number | null;
  /** Size in pixels. */
  readonly columns: number;
  readonly rows: number;
  readonly log: boolean;
  /** An edge that is null is fitted to what the view shows. */
  readonly low: number | null;
  readonly high: number | null;
  /** Another range than the fitted one, where both edges are fitted. Null stands for a series that cannot be read. */
  readonly refit?: (fitted: ValueRange, series: readonly (SeriesColumns | null)[]) => ValueRange;
}

export interface PlotAnswer {
  /** x at the edges, as asked for or fitted. */
  readonly first: number;
  readonly last: number;
  readonly scale: ValueScale;
  /** In the order of the query. */
  readonly series: readonly SeriesAnswer[];
}

/** A series that cannot be read says why and does not keep the others from being drawn. */
export type SeriesAnswer = { readonly columns: SeriesColumns } | { readonly problem: string };

export interface SeriesColumns {
  /** Above zero, unlike that of any others; `broken` follows from it and the scale. */
  readonly id: number;
  /** As this series sees it, point 0 its first value. */
  readonly view: PointView;
  /** Entry i of all arrays is of column `filled.columns[i]`. */
  readonly filled: FilledColumns;
  /** Of the view: see `columnCrossings`. */
  readonly crossings: Float64Array;
  /** Points of the series so far. */
  readonly count: number;
  /** The values next to the view on either side, towards which lines leave it; NaN where there is none. */
  readonly before: number;
  readonly after: number;
  /** Values of the first and last point of each column, whatever they are. */
  readonly firsts: Float32Array;
  readonly lasts: Float32Array;
  /** Lowest and highest value that has a place on the scale; +Infinity and -Infinity where none has. */
  readonly mins: Float32Array;
  readonly maxs: Float32Array;
  /** `pointFlags` of each column. */
  readonly flags: Uint8Array;
  /** Over all columns: of `mins`, of `maxs`, and the flags of any. */
  readonly lowest: number;
  readonly highest: number;
  readonly anyFlags: number;
  /** The columns in which the line is broken: min to max would fill the gaps there. */
  readonly broken: readonly BrokenColumn[];
}

export interface BrokenColumn {
  readonly column: number;
  /** Pairs of top and bottom row, both filled, from the top, on the plot only. */
  readonly rows: readonly number[];
}

/** What a crosshair shows of a series: its point nearest to an x. */
export interface NearestPoint {
  readonly x: number;
  readonly value: number;
}
