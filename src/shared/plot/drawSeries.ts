/**
 * Our rasteriser. A line fills every pixel that it touches; a point with no drawable neighbour fills one.
 * From the answer of the data engine it fills the very pixels that drawing every point would: within a
 * column a connected line touches all rows from its lowest to its highest point, and how lines cross from
 * column to column depends only on the last point before and the first point after the crossing.
 *
 * A thousand series of a thousand columns are drawn at a touch of the mouse: a column is filled once, and
 * what runs once per column makes no garbage.
 */
import type { SeriesColumns } from './plotAnswer.ts';
import { isDrawable, yMap, type ValueScale } from './valueScale.ts';
import { columnStarts, xOf } from './view.ts';

/** Fills rows `top` to `bottom`, both included, of a pixel column. The rows lie on the plot. */
export type FillRows = (column: number, top: number, bottom: number) => void;

/** @param starts of the series' view, where they are known already: see `columnStarts`. */
export function drawSeries(
  series: SeriesColumns,
  scale: ValueScale,
  fill: FillRows,
  starts: Float64Array = columnStarts(series.view),
): void {
  const { view, count, firsts, lasts, mins, maxs } = series;
  const toY = yMap(scale);
  const line = new Line(scale.rows, fill);
  const drawing: Drawing = { series, scale, toY, line };
  const broken = new Map(series.broken.map(({ column, rows }) => [column, rows]));
  let value = series.before;
  let start = clip(starts[0]!, count);
  for (let column = 0; column < view.columns; column++) {
    const end = clip(starts[column + 1]!, count);
    if (start !== end) {
      cross(drawing, start - 1, value, firsts[column]!);
      const rows = broken.size === 0 ? undefined : broken.get(column);
      if (rows !== undefined) line.fillBroken(column, rows);
      else if (mins[column]! <= maxs[column]!) {
        line.touch(column, toY(maxs[column]!), toY(mins[column]!));
      }
      value = lasts[column]!;
    }
    start = end;
  }
  cross(drawing, start - 1, value, series.after);
  line.end();
}

interface Drawing {
  readonly series: SeriesColumns;
  readonly scale: ValueScale;
  readonly toY: (value: number) => number;
  readonly line: Line;
}

/** Draws the line from a point to the next one, which lies in a later column. */
function cross(
  { series: { view }, scale, toY, line }: Drawing,
  point: number,
  from: number,
  to: number,
): void {
  if (!isDrawable(from, scale.log) || !isDrawable(to, scale.log)) return;
  const x0 = xOf(view, point);
  const x1 = xOf(view, point + 1);
  const y0 = toY(from);
  const y1 = toY(to);
  const end = Math.min(Math.floor(x1), view.columns - 1);
  for (let column = Math.max(Math.floor(x0), 0); column <= end; column++) {
    const left = column <= x0 ? y0 : y0 + (y1 - y0) * ((column - x0) / (x1 - x0));
    const right = column + 1 > x1 ? y1 : y0 + (y1 - y0) * ((column + 1 - x0) / (x1 - x0));
    line.touch(column, Math.min(left, right), Math.max(left, right));
  }
}

/** Gathers what touches one column, which is connected, and fills it when the next one begins. */
class Line {
  readonly #rows: number;
  readonly #fill: FillRows;
  #column = -1;
  #top = Infinity;
  #bottom = -Infinity;

  constructor(rows: number, fill: FillRows) {
    this.#rows = rows;
    this.#fill = fill;
  }

  /** Pixels from the top with fractions; what lies off the plot is cut away. */
  touch(column: number, top: number, bottom: number): void {
    if (column !== this.#column) {
      this.end();
      this.#column = column;
    }
    if (top < this.#top) this.#top = top;
    if (bottom > this.#bottom) this.#bottom = bottom;
  }

  /** What enters a broken column is not connected with what leaves it. */
  fillBroken(column: number, rows: readonly number[]): void {
    this.end();
    for (let i = 0; i < rows.length; i += 2) this.#fill(column, rows[i]!, rows[i + 1]!);
  }

  end(): void {
    const first = Math.max(Math.floor(this.#top), 0);
    const last = Math.min(Math.floor(this.#bottom), this.#rows - 1);
    if (first <= last) this.#fill(this.#column, first, last);
    this.#column = -1;
    this.#top = Infinity;
    this.#bottom = -Infinity;
  }
}

function clip(point: number, count: number): number {
  return point < 0 ? 0 : point > count ? count : point;
}
