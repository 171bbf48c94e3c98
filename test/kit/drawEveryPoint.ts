/**
 * The oracle of the plot: draws a polyline from all its points, with none of the engine's shortcuts. A pixel
 * is filled when the line touches it. Shares only the two maps from points to pixels with the code under test.
 */
import { plainLine, Raster, type LineStyle } from '../../src/plotData/raster.ts';
import type { SeriesColumns } from '../../src/shared/plot/plotAnswer.ts';
import { paintPicture } from '../../src/shared/plot/picture.ts';
import { isDrawable, yMap, type ValueScale } from '../../src/shared/plot/valueScale.ts';
import { xOf, type PointView } from '../../src/shared/plot/view.ts';

/** Row by row from the top, a byte per pixel: 1 is filled. */
export interface Bitmap {
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint8Array;
}

export function emptyBitmap(columns: number, rows: number): Bitmap {
  return { columns, rows, pixels: new Uint8Array(columns * rows) };
}

export function drawEveryPoint(values: Float32Array, view: PointView, scale: ValueScale): Bitmap {
  const bitmap = emptyBitmap(view.columns, scale.rows);
  const toY = yMap(scale);
  for (const [i, value] of values.entries()) {
    if (!isDrawable(value, scale.log)) continue;
    const from = { x: xOf(view, i), y: toY(value) };
    fill(bitmap, Math.floor(from.x), [from.y, from.y]);
    const next = values[i + 1];
    if (next === undefined || !isDrawable(next, scale.log)) continue;
    drawLine(bitmap, from, { x: xOf(view, i + 1), y: toY(next) });
  }
  return bitmap;
}

/** What the view is sent of the answer of the data engine. */
export function drawAnswer(series: SeriesColumns, scale: ValueScale): Bitmap {
  return drawStyled(series, scale, plainLine);
}

/** The same by way of spans, as dashed and wide lines are drawn. */
export function drawSpans(series: SeriesColumns, scale: ValueScale): Bitmap {
  return drawStyled(series, scale, { ...plainLine, dash: { on: 1, off: 0 } });
}

function drawStyled(series: SeriesColumns, scale: ValueScale, style: LineStyle): Bitmap {
  const { columns } = series.view;
  const raster = new Raster(columns, scale);
  raster.draw(1, series, style);
  const painted = new Uint32Array(columns * scale.rows);
  paintPicture(raster.picture(), Uint32Array.of(0, 1), painted);
  return { columns, rows: scale.rows, pixels: Uint8Array.from(painted) };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Cuts the line where it passes from one column to the next, and fills each part. */
function drawLine(bitmap: Bitmap, from: Place, to: Place): void {
  if (to.x < 0 || from.x >= bitmap.columns) return;
  const yAt = (x: number): number => from.y + (to.y - from.y) * ((x - from.x) / (to.x - from.x));
  let column = Math.floor(from.x);
  let y = from.y;
  if (column < 0) [column, y] = [0, yAt(0)];
  while (column < Math.floor(to.x) && column < bitmap.columns) {
    const nextY = yAt(column + 1);
    fill(bitmap, column, [y, nextY]);
    y = nextY;
    column++;
  }
  if (column < bitmap.columns) fill(bitmap, column, [y, to.y]);
}

function fill({ columns, rows, pixels }: Bitmap, column: number, ys: readonly number[]): void {
  if (column < 0 || column >= columns) return;
  const top = Math.floor(Math.min(...ys));
  const bottom = Math.floor(Math.max(...ys));
  for (let row = Math.max(top, 0); row <= Math.min(bottom, rows - 1); row++) {
    pixels[row * columns + column] = 1;
  }
}

/** The first pixels that differ, in words; empty when none does. */
export function differences(actual: Bitmap, expected: Bitmap): string[] {
  const found: string[] = [];
  for (let i = 0; i < expected.pixels.length; i++) {
    if (actual.pixels[i] === expected.pixels[i]) continue;
    const place = `column ${i % expected.columns}, row ${Math.floor(i / expected.columns)}`;
    found.push(`${place} is ${actual.pixels[i] === 1 ? 'filled' : 'empty'}`);
    if (found.length === 10) break;
  }
  return found;
}
