/** Draws layers over each other and keeps the topmost of each pixel. Memory: two bytes a pixel. */
import { drawSeries, type FillRows } from '../shared/plot/drawSeries.ts';
import type { Picture } from '../shared/plot/picture.ts';
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import { isDrawable, yMap, type ValueScale } from '../shared/plot/valueScale.ts';
import { columnStarts, type PointView } from '../shared/plot/view.ts';

/** How a layer is drawn. The plainest style fills exactly the pixels that the line touches. */
export interface LineStyle {
  /** Of the square brush, in pixels. */
  readonly width: number;
  /** Pixel columns that show and that do not, in turn; null draws all. */
  readonly dash: { readonly on: number; readonly off: number } | null;
  /** Size of a dot at every point where points lie well apart, in pixels; 0 for none. */
  readonly dot: number;
}

export const plainLine: LineStyle = { width: 1, dash: null, dot: 0 };

/** Rows from which on the engine's own fill is quicker than a loop. */
const manyRows = 32;

/** Points closer than this many dots are a line. */
const dotsApart = 3;

export class Raster {
  readonly #columns: number;
  readonly #rows: number;
  /** [columns * rows], column by column: lines fill rows of a column. */
  readonly #top: Uint16Array;
  readonly #starts = new Map<PointView, Float64Array>();

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#top = new Uint16Array(columns * rows);
  }

  /** Over all layers before it. `layer` counts from 1. */
  draw(layer: number, series: SeriesColumns, scale: ValueScale, style: LineStyle): void {
    const fill = dashed(style, this.#brush(layer, style.width));
    drawSeries(series, scale, fill, this.#startsOf(series.view));
    if (style.dot > 0) drawDots(series, scale, style.dot, this.#brush(layer, style.dot));
  }

  picture(): Picture {
    const runs = new RunList();
    for (let column = 0; column < this.#columns; column++) {
      const end = (column + 1) * this.#rows;
      for (let at = column * this.#rows; at < end;) {
        const layer = this.#top[at]!;
        const start = at;
        while (at < end && this.#top[at] === layer) at++;
        runs.add(at - start, layer);
      }
    }
    return { columns: this.#columns, rows: this.#rows, runs: runs.taken() };
  }

  /** Series of the same run, and of most runs, share their view. */
  #startsOf(view: PointView): Float64Array {
    const known = this.#starts.get(view) ?? columnStarts(view);
    this.#starts.set(view, known);
    return known;
  }

  #brush(layer: number, width: number): FillRows {
    if (width === 1) return (column, top, bottom) => this.#fill(layer, column, top, bottom);
    const [before, after] = [Math.floor((width - 1) / 2), Math.ceil((width - 1) / 2)];
    return (column, top, bottom) => {
      const first = Math.max(top - before, 0);
      const last = Math.min(bottom + after, this.#rows - 1);
      const end = Math.min(column + after, this.#columns - 1);
      for (let c = Math.max(column - before, 0); c <= end; c++) this.#fill(layer, c, first, last);
    };
  }

  #fill(layer: number, column: number, first: number, last: number): void {
    const end = column * this.#rows + last + 1;
    let at = column * this.#rows + first;
    if (end - at > manyRows) this.#top.fill(layer, at, end);
    else while (at < end) this.#top[at++] = layer;
  }
}

function dashed({ dash }: LineStyle, fill: FillRows): FillRows {
  if (dash === null) return fill;
  const { on, off } = dash;
  return (column, top, bottom) => {
    if (column % (on + off) < on) fill(column, top, bottom);
  };
}

/** Only where every column holds at most one point, so that its first point is all of it. */
function drawDots(series: SeriesColumns, scale: ValueScale, dot: number, fill: FillRows): void {
  const { first, last, columns, x } = series.view;
  const apart = (x.stride / (last - first)) * (columns - 1);
  if (apart < dotsApart * dot) return;
  const toY = yMap(scale);
  for (let column = 0; column < columns; column++) {
    const value = series.firsts[column]!;
    if (!isDrawable(value, scale.log)) continue;
    const row = Math.floor(toY(value));
    if (row >= 0 && row < scale.rows) fill(column, row, row);
  }
}

class RunList {
  #runs = new Uint16Array(8192);
  #length = 0;

  add(count: number, layer: number): void {
    if (this.#length === this.#runs.length) {
      const grown = new Uint16Array(2 * this.#length);
      grown.set(this.#runs);
      this.#runs = grown;
    }
    this.#runs[this.#length++] = count;
    this.#runs[this.#length++] = layer;
  }

  /** As an array of its own, fit to be sent. */
  taken(): Uint16Array {
    return this.#runs.slice(0, this.#length);
  }
}
