/** What views are told of weights: plain data, never more than a view can draw. */

export interface WeightsSnapshot {
  readonly step: number;
  /** Steps in epochs: 2.5 is in the middle of the third. */
  readonly epoch: number;
}

/** A rectangle of a tensor seen as a matrix; both counted from 0. */
export interface TileBox {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

export interface TileWish {
  /** Null for all of the tensor; what lies outside is left out. */
  readonly box: TileBox | null;
  /** The most cells that the view can draw; a bigger box comes in blocks. */
  readonly most: { readonly rows: number; readonly columns: number };
}

/**
 * A tensor as a matrix: its last axis are the columns, all axes before it the rows; a vector is one row.
 * Each cell stands for a block of `block.rows` x `block.columns` values, fewer at the right and bottom ends.
 */
export interface WeightsTile {
  /** Steps done when the weights were these. */
  readonly step: number;
  readonly shape: readonly number[];
  readonly box: TileBox;
  readonly block: { readonly rows: number; readonly columns: number };
  /** Cells. */
  readonly rows: number;
  readonly columns: number;
  /** Row-major [rows, columns]: the mean of each block, the value itself where a block is one; NaN if one of them is. */
  readonly values: Float32Array;
  /** Smallest and largest value of each block; null where a block is one value. */
  readonly min: Float32Array | null;
  readonly max: Float32Array | null;
  /** Of all of the tensor, not only the box. */
  readonly statistics: TensorStatistics;
}

export interface TensorStatistics {
  readonly count: number;
  readonly zeros: number;
  readonly nan: number;
  readonly infinite: number;
  /** Of the finite values; null where there are none. */
  readonly finite: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    /** Of the population (divided by n). */
    readonly std: number;
    /** Counts of values in bins of equal width from `min` to `max`; the last includes its end. */
    readonly histogram: readonly number[];
  } | null;
}
