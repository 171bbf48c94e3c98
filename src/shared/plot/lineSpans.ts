/**
 * Our rasteriser. A line fills every pixel that it touches; a point with no drawable neighbour fills one.
 * From the answer of the data engine it fills the very pixels that drawing every point would: within a
 * column a connected line touches all rows from its lowest to its highest point, and how lines cross from
 * column to column depends only on the last point before and the first point after the crossing. So what it
 * fills of a column lies between where it enters, where it leaves, and its points there.
 *
 * Thousands of lines over a thousand columns are traced at a touch of the mouse: all that depends on x alone was
 * computed once for all of them, and what runs once per column makes no garbage and calls nothing.
 */
import type { BrokenColumn, SeriesColumns } from './plotAnswer.ts';
import { placeValues, yMap, type ValueScale } from './valueScale.ts';

/** What a line fills of each pixel column. */
export interface LineSpans {
  /** [columns]: the first row and the last, both filled, on the plot; the last lies above where there is none. */
  readonly tops: Int32Array;
  readonly bottoms: Int32Array;
  /** Of columns in which the line is broken, what is not connected: triples of column, first row and last. */
  readonly pieces: readonly number[];
}

/** Of a line, in pixels from the top. */
interface Ends {
  /** Segment k runs from the last point before filled column k to the first point in it. */
  readonly froms: Float64Array;
  readonly tos: Float64Array;
  /** Of the highest and the lowest point of each filled column. */
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
}

/** Traces lines of one plot, one after the other: what it gives holds until the next. */
export class LineTracer implements LineSpans {
  readonly tops: Int32Array;
  readonly bottoms: Int32Array;
  readonly pieces: number[] = [];
  readonly #scale: ValueScale;
  readonly #toY: (value: number) => number;
  readonly #memory: Ends;
  /** The same where columns have one point each, as lines of few points have: a segment begins where one ends. */
  readonly #chain: Ends;
  /** One of the two. */
  #ends: Ends;

  constructor(columns: number, scale: ValueScale) {
    this.tops = new Int32Array(columns);
    this.bottoms = new Int32Array(columns);
    this.#scale = scale;
    this.#toY = yMap(scale);
    const numbers = () => new Float64Array(columns + 1);
    this.#memory = { froms: numbers(), tos: numbers(), highest: numbers(), lowest: numbers() };
    const froms = new Float64Array(columns + 2);
    const tos = froms.subarray(1);
    this.#chain = { froms, tos, highest: tos, lowest: tos };
    this.#ends = this.#memory;
  }

  trace(series: SeriesColumns): LineSpans {
    this.#place(series);
    this.#trace(series);
    this.pieces.length = 0;
    for (const broken of series.broken) this.#break(series, broken);
    return this;
  }

  #place({ filled, firsts, lasts, mins, maxs, before, after }: SeriesColumns): void {
    const { length } = firsts;
    const isChain = filled.starts[length]! - filled.starts[0]! === length;
    this.#ends = isChain ? this.#chain : this.#memory;
    const { froms, tos, highest, lowest } = this.#ends;
    placeValues(this.#scale, firsts, tos);
    tos[length] = this.#toY(after);
    froms[0] = this.#toY(before);
    if (isChain) return;
    placeValues(this.#scale, lasts, froms, 1);
    placeValues(this.#scale, maxs, highest);
    placeValues(this.#scale, mins, lowest);
  }

  /**
   * Fills the pixels of a line that is broken nowhere, without a word of where they are: thousands of lines are drawn
   * in half the time that it takes to trace them first.
   * @param pixels [columns * (rows + 2)] column by column, each with a row above and one below the plot: what lies
   *   beyond the plot falls there, and nothing has to be cut
   */
  fill(series: SeriesColumns, layer: number, pixels: Uint16Array): void {
    this.#place(series);
    const { filled, crossings } = series;
    const { columns } = filled;
    const { froms, tos, highest, lowest } = this.#ends;
    const { rows } = this.#scale;
    const height = rows + 2;
    let column = 0;
    for (let k = 0; k <= columns.length; k++) {
      const end = k < columns.length ? columns[k]! : this.tops.length;
      let [top, bottom] = [rows, -1];
      const from = froms[k]!;
      const rise = tos[k]! - from;
      if (rise - rise === 0) {
        let row = rowOf(k === 0 ? from + rise * crossings[0]! : from, rows);
        for (let start = column * height + 1; column < end; start += height) {
          const next = rowOf(from + rise * crossings[++column]!, rows);
          pixels[start + row] = pixels[start + next] = layer;
          for (let at = start + row + 1; at < start + next; at++) pixels[at] = layer;
          for (let at = start + next + 1; at < start + row; at++) pixels[at] = layer;
          row = next;
        }
        top = bottom = row;
      }
      if (k === columns.length) return;
      column = end;
      const start = column * height + 1;
      top = start + lesser(top, rowOf(highest[k]!, rows));
      bottom = start + greater(bottom, rowOf(lowest[k]!, rows));
      for (let at = top; at <= bottom; at++) pixels[at] = layer;
    }
  }

  /** As if no column were broken. */
  #trace({ filled: { columns }, crossings }: SeriesColumns): void {
    const { tops, bottoms } = this;
    const { froms, tos, highest, lowest } = this.#ends;
    const { rows } = this.#scale;
    let [column, top, bottom] = [-1, rows, -1];
    for (let k = 0; k <= columns.length; k++) {
      const end = k < columns.length ? columns[k]! : tops.length;
      const from = froms[k]!;
      const rise = tos[k]! - from;
      // Infinite or NaN where one of the two points has no place: then there is no line.
      const isLine = rise - rise === 0;
      for (; isLine && column < end; column++) {
        const row = rowOf(from + rise * crossings[column + 1]!, rows);
        if (column >= 0) {
          tops[column] = greater(lesser(top, row), 0);
          bottoms[column] = lesser(greater(bottom, row), rows - 1);
        }
        top = bottom = row;
      }
      for (; column < end; column++) {
        if (column >= 0) {
          tops[column] = greater(top, 0);
          bottoms[column] = lesser(bottom, rows - 1);
        }
        [top, bottom] = [rows, -1];
      }
      if (k === columns.length) return;
      top = lesser(top, rowOf(highest[k]!, rows));
      bottom = greater(bottom, rowOf(lowest[k]!, rows));
    }
  }

  /** What enters a broken column is connected neither with what leaves it nor with all that is in it. */
  #break(series: SeriesColumns, { column, rows }: BrokenColumn): void {
    const k = series.filled.columns.indexOf(column);
    this.tops[column] = this.#scale.rows;
    this.bottoms[column] = -1;
    this.#addPiece(column, this.#yAtEdge(series, k, column), this.#ends.tos[k]!);
    for (let i = 0; i < rows.length; i += 2) this.pieces.push(column, rows[i]!, rows[i + 1]!);
    this.#addPiece(column, this.#yAtEdge(series, k + 1, column + 1), this.#ends.froms[k + 1]!);
  }

  /** Where segment k crosses an edge; not finite where it is none. */
  #yAtEdge({ crossings }: SeriesColumns, k: number, edge: number): number {
    const from = this.#ends.froms[k]!;
    return from + (this.#ends.tos[k]! - from) * crossings[edge]!;
  }

  #addPiece(column: number, edgeY: number, pointY: number): void {
    if (!Number.isFinite(edgeY)) return;
    const { rows } = this.#scale;
    const [edge, point] = [rowOf(edgeY, rows), rowOf(pointY, rows)];
    const top = Math.max(Math.min(edge, point), 0);
    const bottom = Math.min(Math.max(edge, point), rows - 1);
    if (top <= bottom) this.pieces.push(column, top, bottom);
  }
}

/** -1 above the plot, `rows` below it. */
function rowOf(y: number, rows: number): number {
  return y >= 0 ? (y < rows ? y | 0 : rows) : -1;
}

/** Without a branch: noise would make every second guess of the processor wrong. */
function lesser(a: number, b: number): number {
  const less = (a - b) | 0;
  return (b + (less & (less >> 31))) | 0;
}

function greater(a: number, b: number): number {
  const less = (a - b) | 0;
  return (a - (less & (less >> 31))) | 0;
}
