/** Draws layers over each other and keeps the topmost of each pixel. Memory: two bytes a pixel. */
import { LineTracer, type LineSpans } from '../shared/plot/lineSpans.ts';
import type { Picture } from '../shared/plot/picture.ts';
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import { isDrawable, yMap, type ValueScale } from '../shared/plot/valueScale.ts';

/** How a layer is drawn. The plainest style fills exactly the pixels that the line touches. */
export interface LineStyle {
  /** Of the square brush, in pixels. */
  readonly width: number;
  /** Pixel columns that show and that do not, in turn; null draws all. */
  readonly dash: { readonly on: number; readonly off: number } | null;
  /** Size of a dot at every point where points lie well apart, in pixels; 0 for none. */
  readonly dot: number;
  /** Only a series of at most so many points has dots. */
  readonly dotted: number;
}

export const plainLine: LineStyle = { width: 1, dash: null, dot: 0, dotted: Infinity };

/** Fills rows `top` to `bottom`, both included, of a pixel column. The rows lie on the plot. */
type FillRows = (column: number, top: number, bottom: number) => void;

/** The columns or the rows of the raster, in its memory. */
interface Lines {
  readonly count: number;
  /** Of pixels in each. */
  readonly length: number;
  readonly stride: number;
  readonly step: number;
}

/** Points closer than this many dots are a line. */
const dotsApart = 3;

export class Raster {
  readonly #columns: number;
  readonly #rows: number;
  /** From one column to the next: each has a row above and one below the plot, see `LineTracer.fill`. */
  readonly #height: number;
  readonly #scale: ValueScale;
  readonly #tracer: LineTracer;
  /** [columns * height], column by column: lines fill rows of a column. */
  readonly #top: Uint16Array;

  constructor(columns: number, scale: ValueScale) {
    this.#columns = columns;
    this.#rows = scale.rows;
    this.#height = scale.rows + 2;
    this.#scale = scale;
    this.#tracer = new LineTracer(columns, scale);
    this.#top = new Uint16Array(columns * this.#height);
  }

  /** Over all layers before it. `layer` counts from 1. */
  draw(layer: number, series: SeriesColumns, style: LineStyle): void {
    const isPlain = style.width === 1 && style.dash === null;
    if (isPlain && series.broken.length === 0) this.#tracer.fill(series, layer, this.#top);
    else fillSpans(dashed(style, this.#brush(layer, style.width)), this.#tracer.trace(series));
    const hasDots = style.dot > 0 && series.count <= style.dotted;
    if (hasDots) drawDots(series, this.#scale, style.dot, this.#brush(layer, style.dot));
  }

  /** Over this one, where it shows something. Its layers are numbered on from `below`. */
  lay(sheet: Raster, below: number): void {
    const [top, over] = [this.#top, sheet.#top];
    for (let at = 0; at < over.length; at++) {
      const layer = over[at]!;
      if (layer !== 0) top[at] = layer + below;
    }
  }

  /** About: of its pixels. */
  get bytes(): number {
    return this.#top.byteLength;
  }

  picture(): Picture {
    const [columns, rows, height] = [this.#columns, this.#rows, this.#height];
    const count = this.#countRuns();
    const along = count.rows < count.columns ? 'rows' : 'columns';
    const lines =
      along === 'columns'
        ? { count: columns, length: rows, stride: height, step: 1 }
        : { count: rows, length: columns, stride: 1, step: height };
    return { columns, rows, along, runs: this.#runs(lines, count[along]) };
  }

  /** Of equal pixels, down the columns and along the rows. */
  #countRuns(): { readonly columns: number; readonly rows: number } {
    const [top, height] = [this.#top, this.#height];
    let [columns, rows] = [this.#columns, this.#rows];
    for (let start = 1; start < top.length; start += height) {
      const end = start + this.#rows;
      for (let at = start + 1; at < end; at++) if (top[at] !== top[at - 1]) columns++;
      if (start === 1) continue;
      for (let at = start; at < end; at++) if (top[at] !== top[at - height]) rows++;
    }
    return { columns, rows };
  }

  /** [2 * count] */
  #runs({ count, length, stride, step }: Lines, runCount: number): Uint16Array {
    const top = this.#top;
    const runs = new Uint16Array(2 * runCount);
    let filled = 0;
    for (let line = 0; line < count; line++) {
      const first = line * stride + 1;
      const end = first + length * step;
      for (let at = first; at < end;) {
        const layer = top[at]!;
        const start = at;
        while (at < end && top[at] === layer) at += step;
        runs[filled++] = (at - start) / step;
        runs[filled++] = layer;
      }
    }
    return runs;
  }

  #brush(layer: number, width: number): FillRows {
    const [before, after] = [Math.floor((width - 1) / 2), Math.ceil((width - 1) / 2)];
    return (column, top, bottom) => {
      const first = Math.max(top - before, 0);
      const last = Math.min(bottom + after, this.#rows - 1);
      const end = Math.min(column + after, this.#columns - 1);
      for (let c = Math.max(column - before, 0); c <= end; c++) {
        const start = c * this.#height + 1;
        this.#top.fill(layer, start + first, start + last + 1);
      }
    };
  }
}

function fillSpans(fill: FillRows, { tops, bottoms, pieces }: LineSpans): void {
  for (const [column, top] of tops.entries()) {
    if (top <= bottoms[column]!) fill(column, top, bottoms[column]!);
  }
  for (let i = 0; i < pieces.length; i += 3) fill(pieces[i]!, pieces[i + 1]!, pieces[i + 2]!);
}

function dashed({ dash }: LineStyle, fill: FillRows): FillRows {
  if (dash === null) return fill;
  const { on, off } = dash;
  return (column, top, bottom) => {
    if (column % (on + off) < on) fill(column, top, bottom);
  };
}

/** Only where every column holds at most one point, so that its first point is all of it; a lone one has no neighbours. */
function drawDots(series: SeriesColumns, scale: ValueScale, dot: number, fill: FillRows): void {
  const { first, last, columns, x } = series.view;
  const apart = (x.stride / (last - first)) * (columns - 1);
  const { starts } = series.filled;
  const isLone = starts.at(-1)! - starts[0]! === 1;
  if (apart < dotsApart * dot && !isLone) return;
  const toY = yMap(scale);
  for (const [i, column] of series.filled.columns.entries()) {
    const value = series.firsts[i]!;
    if (!isDrawable(value, scale.log)) continue;
    const row = Math.floor(toY(value));
    if (row >= 0 && row < scale.rows) fill(column, row, row);
  }
}
