/** Paints a drawing of the host and the axes around it. */
import { formatValue } from '../../src/shared/numberFormat.ts';
import { paintPicture } from '../../src/shared/plot/picture.ts';
import type { ChartDrawing } from '../../src/shared/protocol/views/lossPlot.ts';
import type { ChartColors } from '../kit/theme.ts';
import type { Frame } from './frame.ts';
import { pixelOfX, pixelOfY } from './frame.ts';
import { linearTicks, logTicks, tickText } from './ticks.ts';
import type { Ticks } from './ticks.ts';

export interface Painting {
  readonly drawing: ChartDrawing;
  readonly frame: Frame;
  readonly palette: Uint32Array;
  readonly colors: ChartColors;
  readonly xLabel: string;
  readonly baselineLabel: string;
  /** Whether x is counted in whole steps. */
  readonly wholeSteps: boolean;
  readonly locale: string;
}

const xTickWidth = 80;
const yTickHeight = 34;

export function paintChart(canvas: HTMLCanvasElement, painting: Painting): void {
  const { drawing, frame, palette } = painting;
  const { width, height, left, top } = frame;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d')!;
  context.clearRect(0, 0, width, height);
  context.font = `${12 * frame.ratio}px ${getComputedStyle(document.body).fontFamily}`;
  paintAxes(context, painting);
  paintBaselines(context, painting);
  const { columns, rows } = drawing.picture;
  // A picture of another size is one from before the window changed; the next is on its way.
  context.imageSmoothingEnabled = false;
  const image = pictureImage(canvas, drawing, palette);
  context.drawImage(image, left, top, frame.columns, frame.rows);
  paintMarks(context, painting, frame.columns / columns);
  canvas.dataset['size'] = `${columns}x${rows}`;
}

interface Layer {
  readonly image: ImageData;
  readonly canvas: OffscreenCanvas;
}

/** Of each chart's last picture: megabytes that need not be made anew for the next. */
const layers = new WeakMap<HTMLCanvasElement, Layer>();

/** Transparent where there is no line, so that the grid shows. */
function pictureImage(
  chart: HTMLCanvasElement,
  { picture }: ChartDrawing,
  palette: Uint32Array,
): OffscreenCanvas {
  const { columns, rows } = picture;
  const known = layers.get(chart);
  const fits = known?.image.width === columns && known.image.height === rows;
  const layer = fits ? known : newLayer(columns, rows);
  layers.set(chart, layer);
  const { image, canvas } = layer;
  paintPicture(picture, palette, new Uint32Array(image.data.buffer));
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

function newLayer(columns: number, rows: number): Layer {
  return { image: new ImageData(columns, rows), canvas: new OffscreenCanvas(columns, rows) };
}

function paintAxes(context: CanvasRenderingContext2D, painting: Painting): void {
  const { drawing, frame, colors, locale, xLabel } = painting;
  const { left, top, columns, rows, ratio, width, height } = frame;
  const xs = xTicks(painting);
  const ys = yTicks(painting);
  context.strokeStyle = colors.grid;
  context.fillStyle = colors.muted;
  context.lineWidth = Math.max(1, Math.round(ratio));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const value of xs.values) {
    const x = Math.floor(pixelOfX(frame, drawing, value)) + 0.5;
    line(context, [x, top, x, top + rows + 4 * ratio]);
    const text = tickText(value, xs, locale);
    // The last one would end beyond the canvas.
    const middle = Math.min(x, width - context.measureText(text).width / 2);
    context.fillText(text, middle, top + rows + 6 * ratio);
  }
  context.fillText(xLabel, left + columns / 2, height - 13 * ratio);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const value of ys.values) {
    const y = Math.floor(pixelOfY(frame, drawing.scale, value)) + 0.5;
    line(context, [left - 4 * ratio, y, left + columns, y]);
    context.fillText(tickText(value, ys, locale), left - 7 * ratio, y);
  }
}

function xTicks({ drawing: { first, last }, frame, wholeSteps }: Painting): Ticks {
  const most = frame.columns / frame.ratio / xTickWidth;
  return linearTicks({ low: first, high: last, most, ...(wholeSteps ? { least: 1 } : {}) });
}

function yTicks({ drawing: { scale }, frame }: Painting): Ticks {
  const wish = { ...scale, most: Math.max(2, frame.rows / frame.ratio / yTickHeight) };
  return scale.log ? logTicks(wish) : linearTicks(wish);
}

function paintBaselines(context: CanvasRenderingContext2D, painting: Painting): void {
  const { drawing, frame, colors, baselineLabel, locale } = painting;
  const { left, top, columns, rows, ratio } = frame;
  context.save();
  context.strokeStyle = colors.baseline;
  context.fillStyle = colors.muted;
  context.setLineDash([2 * ratio, 4 * ratio]);
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  for (const value of drawing.baselines) {
    const y = Math.floor(pixelOfY(frame, drawing.scale, value)) + 0.5;
    if (!(y >= top && y <= top + rows)) continue;
    line(context, [left, y, left + columns, y]);
    const text = `${baselineLabel} ${formatValue(value, locale)}`;
    context.fillText(text, left + columns - 4 * ratio, y - 2 * ratio);
  }
  context.restore();
}

/** At the foot of every pixel column with points that are not finite, and at the head where lines leave the plot. */
function paintMarks(
  context: CanvasRenderingContext2D,
  { drawing, frame, colors }: Painting,
  scale: number,
): void {
  const { left, top, rows, ratio } = frame;
  const height = Math.round(5 * ratio);
  const mark = (column: number, y: number) =>
    context.fillRect(left + Math.floor(column * scale), y, Math.max(1, Math.round(ratio)), height);
  context.fillStyle = colors.failure;
  for (const column of drawing.brokenColumns) mark(column, top + rows - height);
  context.fillStyle = colors.foreground;
  for (const column of drawing.cutColumns) mark(column, top);
}

function line(
  context: CanvasRenderingContext2D,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
