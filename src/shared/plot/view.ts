/**
 * Where points fall across a plot. Point i of a series lies at x = i in the units of a `PointView`; the two
 * edges of a view lie at the centres of its outermost pixel columns, so both are seen. All who place points
 * use these functions, so that they agree to the last bit on which point falls into which column.
 */
import { invariant } from '../errors.ts';

/** A part of a series: fractional point numbers at the two edges, and the width in pixels (at least 2). */
export interface PointView {
  readonly first: number;
  readonly last: number;
  readonly columns: number;
}

/** Beyond this a point number has no exact neighbours in float64. */
const largestEdge = 2 ** 50;

export function checkView({ first, last, columns }: PointView): void {
  const ordered = Math.abs(first) <= largestEdge && Math.abs(last) <= largestEdge && first < last;
  invariant(ordered, `a view from ${first} to ${last}`);
  invariant(Number.isInteger(columns) && columns >= 2, `a view of ${columns} pixel columns`);
}

/** In pixels from the left edge of the plot; monotone in `point`, also as computed. */
export function xOf({ first, last, columns }: PointView, point: number): number {
  return ((point - first) / (last - first)) * (columns - 1) + 0.5;
}

/**
 * [columns + 1]: the first point that lies in column c or to the right of it, so that column c shows the
 * points from `starts[c]` up to and without `starts[c + 1]`. Points may lie outside the series.
 */
export function columnStarts(view: PointView): Float64Array {
  const starts = new Float64Array(view.columns + 1);
  for (let column = 0; column <= view.columns; column++) starts[column] = startOf(view, column);
  return starts;
}

/** The formula may be one off by rounding; `xOf` decides. */
function startOf(view: PointView, column: number): number {
  const { first, last, columns } = view;
  let point = Math.ceil(first + ((column - 0.5) / (columns - 1)) * (last - first));
  while (xOf(view, point - 1) >= column) point--;
  while (xOf(view, point) < column) point++;
  return point;
}
