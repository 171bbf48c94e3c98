/**
 * Our rasteriser. A line fills every pixel that it touches; a point with no drawable neighbour fills one.
 * From the answer of the data engine it fills the very pixels that drawing every point would: within a
 * column a connected line touches all rows from its lowest to its highest point, and how lines cross from
 * column to column depends only on the last point before and the first point after the crossing.
 */
import type { SeriesColumns } from './plotAnswer.ts';
import { isDrawable, yMap, type ValueScale } from './valueScale.ts';
import { columnStarts, xOf } from './view.ts';

/** Fills rows `top` to `bottom`, both included, of a pixel column. The rows lie on the plot. */
export type FillRows = (column: number, top: number, bottom: number) => void;

export function drawSeries(series: SeriesColumns, scale: ValueScale, fill: FillRows): void {
  fillColumns(series, scale, fill);
  const crossing = crossingDrawer(series, scale, fill);
  const starts = columnStarts(series.view);
  let value = series.before;
  for (let column = 0; column < series.view.columns; column++) {
    const [start, end] = [clip(starts[column]!, series), clip(starts[column + 1]!, series)];
    if (start === end) continue;
    crossing(start - 1, value, series.firsts[column]!);
    value = series.lasts[column]!;
  }
  crossing(clip(starts[series.view.columns]!, series) - 1, value, series.after);
}

/** The parts of the line inside the columns. */
function fillColumns(series: SeriesColumns, scale: ValueScale, fill: FillRows): void {
  const { mins, maxs } = series;
  const toY = yMap(scale);
  const onPlot = clipRows(scale.rows, fill);
  const broken = new Set(series.broken.map(({ column }) => column));
  for (const { column, rows } of series.broken) {
    for (let i = 0; i < rows.length; i += 2) fill(column, rows[i]!, rows[i + 1]!);
  }
  for (let column = 0; column < mins.length; column++) {
    const empty = mins[column]! > maxs[column]!;
    if (!empty && !broken.has(column)) onPlot(column, toY(maxs[column]!), toY(mins[column]!));
  }
}

/** Draws the line from a point to the next one, which lies in a later column. */
function crossingDrawer({ view }: SeriesColumns, scale: ValueScale, fill: FillRows) {
  const toY = yMap(scale);
  const onPlot = clipRows(scale.rows, fill);
  return (point: number, from: number, to: number): void => {
    if (!isDrawable(from, scale.log) || !isDrawable(to, scale.log)) return;
    const [x0, x1] = [xOf(view, point), xOf(view, point + 1)];
    const [y0, y1] = [toY(from), toY(to)];
    const yAt = (x: number): number => y0 + (y1 - y0) * ((x - x0) / (x1 - x0));
    const end = Math.min(Math.floor(x1), view.columns - 1);
    for (let column = Math.max(Math.floor(x0), 0); column <= end; column++) {
      const left = column <= x0 ? y0 : yAt(column);
      const right = column + 1 > x1 ? y1 : yAt(column + 1);
      onPlot(column, Math.min(left, right), Math.max(left, right));
    }
  };
}

/** Takes pixels from the top with fractions and fills the rows that lie on the plot. */
function clipRows(rows: number, fill: FillRows): FillRows {
  return (column, top, bottom) => {
    const [first, last] = [Math.max(Math.floor(top), 0), Math.min(Math.floor(bottom), rows - 1)];
    if (first <= last) fill(column, first, last);
  };
}

function clip(point: number, { count }: SeriesColumns): number {
  return Math.min(Math.max(point, 0), count);
}
