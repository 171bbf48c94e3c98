/**
 * Where points fall across a plot. The x axis has units of its own (steps, epochs): series with other
 * distances between their points share it. The two edges of a view lie at the centres of its outermost pixel
 * columns, so both are seen. All who place points use these functions, so that they agree to the last bit on
 * which point falls into which column.
 */
import { invariant } from '../errors.ts';

/** Point p of a series lies at x = origin + stride * p. */
export interface PointPlaces {
  readonly origin: number;
  /** Above zero: x between one point and the next. */
  readonly stride: number;
}

/** A part of the x axis, drawn to some width in pixels (at least 2), as seen by one series. */
export interface PointView {
  /** x at the edges. */
  readonly first: number;
  readonly last: number;
  readonly columns: number;
  readonly x: PointPlaces;
}

/** Beyond this a point number has no exact neighbours in float64. */
const largestPoint = 2 ** 50;

export function checkView({ first, last, columns, x }: PointView): void {
  const { origin, stride } = x;
  invariant(stride > 0 && Number.isFinite(origin), `points at ${origin} + ${stride} * p`);
  const reach = Math.max(Math.abs(first), Math.abs(last), Math.abs(origin)) / stride;
  invariant(reach <= largestPoint && first < last, `a view from ${first} to ${last} by ${stride}`);
  invariant(Number.isInteger(columns) && columns >= 2, `a view of ${columns} pixel columns`);
}

/** In pixels from the left edge of the plot; monotone in `point`, also as computed. */
export function xOf({ first, last, columns, x }: PointView, point: number): number {
  return ((x.origin + x.stride * point - first) / (last - first)) * (columns - 1) + 0.5;
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

/**
 * [columns + 1]: the line that crosses the left edge of column c does so after this share of its way from the last
 * point left of it to the next; the last is of the right edge of the plot.
 * @param starts see `columnStarts`
 */
export function columnCrossings(view: PointView, starts: Float64Array): Float64Array {
  return starts.map((start, column) => {
    const from = xOf(view, start - 1);
    return (column - from) / (xOf(view, start) - from);
  });
}

/** The pixel columns in which a series has points: where few points lie on many columns, only these are spoken of. */
export interface FilledColumns {
  /** [n], from the left. */
  readonly columns: Uint32Array;
  /** [n + 1]: the first point of each of them, and the one behind the last point in view. */
  readonly starts: Float64Array;
}

/** @param starts of all columns: see `columnStarts`. @param count points of the series. */
export function filledColumns(starts: Float64Array, count: number): FilledColumns {
  const clip = (point: number) => (point < 0 ? 0 : point > count ? count : point);
  const all = starts.length - 1;
  const most = Math.min(all, clip(starts[all]!) - clip(starts[0]!));
  const columns = new Uint32Array(most);
  const firsts = new Float64Array(most + 1);
  let filled = 0;
  let start = clip(starts[0]!);
  for (let column = 0; column < all; column++) {
    const end = clip(starts[column + 1]!);
    if (end > start) {
      columns[filled] = column;
      firsts[filled++] = start;
    }
    start = end;
  }
  firsts[filled] = start;
  return { columns: columns.subarray(0, filled), starts: firsts.subarray(0, filled + 1) };
}

/** The formula may be one off by rounding; `xOf` decides. */
function startOf(view: PointView, column: number): number {
  const { first, last, columns, x } = view;
  const left = first + ((column - 0.5) / (columns - 1)) * (last - first);
  let point = Math.ceil((left - x.origin) / x.stride);
  while (xOf(view, point - 1) >= column) point--;
  while (xOf(view, point) < column) point++;
  return point;
}
