/**
 * Our rasteriser. A line fills every pixel that it touches; a point with no drawable neighbour fills one.
 * From the answer of the data engine it fills the very pixels that drawing every point would: within a
 * column a connected line touches all rows from its lowest to its highest point, and how lines cross from
 * column to column depends only on the last point before and the first point after the crossing.
 *
 * A thousand series of a thousand columns are drawn at a touch of the mouse: a column is filled once, only
 * those with points are looked at, and what runs once per column makes no garbage.
 */
import type { SeriesColumns } from './plotAnswer.ts';
import { isDrawable, yMap, type ValueScale } from './valueScale.ts';
import { xOf } from './view.ts';

/** Fills rows `top` to `bottom`, both included, of a pixel column. The rows lie on the plot. */
export type FillRows = (column: number, top: number, bottom: number) => void;

export function drawSeries(series: SeriesColumns, scale: ValueScale, fill: FillRows): void {
  const { filled, firsts, lasts, mins, maxs } = series;
  const { columns, starts } = filled;
  const toY = rememberLast(yMap(scale));
  const line = new Line(scale.rows, fill);
  const drawing: Drawing = { series, scale, toY, line };
  const broken = new Map(series.broken.map(({ column, rows }) => [column, rows]));
  let value = series.before;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    cross(drawing, starts[i]! - 1, value, firsts[i]!);
    const rows = broken.size === 0 ? undefined : broken.get(column);
    if (rows !== undefined) line.fillBroken(column, rows);
    else if (mins[i]! <= maxs[i]!) line.touch(column, toY(maxs[i]!), toY(mins[i]!));
    value = lasts[i]!;
  }
  cross(drawing, starts[columns.length]! - 1, value, series.after);
  line.end();
}

/** A point is asked for up to four times in a row: it ends a line, is its column's lowest and highest, begins a line. */
function rememberLast(toY: (value: number) => number): (value: number) => number {
  let last = NaN;
  let y = NaN;
  return (value) => {
    if (value !== last) {
      last = value;
      y = toY(value);
    }
    return y;
  };
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
  const begin = Math.floor(x0);
  const end = Math.floor(x1);
  const first = begin < 0 ? 0 : begin;
  const last = end < view.columns ? end : view.columns;
  const [width, height] = [x1 - x0, y1 - y0];
  let left = first <= x0 ? y0 : y0 + height * ((first - x0) / width);
  for (let column = first; column < last; column++) {
    const right = y0 + height * ((column + 1 - x0) / width);
    if (column === begin) line.touch(column, left, right);
    else line.fill(column, left, right);
    left = right;
  }
  if (end < view.columns) line.touch(end, left, y1);
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

  /** From one place to another, in pixels from the top with fractions; what lies off the plot is cut away. */
  touch(column: number, from: number, to: number): void {
    if (column !== this.#column) {
      this.end();
      this.#column = column;
    }
    if (from < this.#top) this.#top = from;
    if (to < this.#top) this.#top = to;
    if (from > this.#bottom) this.#bottom = from;
    if (to > this.#bottom) this.#bottom = to;
  }

  /** What enters a broken column is not connected with what leaves it. */
  fillBroken(column: number, rows: readonly number[]): void {
    this.end();
    for (let i = 0; i < rows.length; i += 2) this.#fill(column, rows[i]!, rows[i + 1]!);
  }

  /** A column that nothing else of the line touches. */
  fill(column: number, from: number, to: number): void {
    const top = from < to ? from : to;
    const bottom = from < to ? to : from;
    const first = top < 0 ? 0 : Math.floor(top);
    const last = bottom < this.#rows ? Math.floor(bottom) : this.#rows - 1;
    if (first <= last) this.#fill(column, first, last);
  }

  end(): void {
    if (this.#top <= this.#bottom) this.fill(this.#column, this.#top, this.#bottom);
    this.#column = -1;
    this.#top = Infinity;
    this.#bottom = -Infinity;
  }
}
