/** The place of a chart's plot on its canvas, in pixels of the device, and what lies where on it. */
import type { PlotRange } from '../../src/shared/plot/look.ts';
import { yMap, type ValueScale } from '../../src/shared/plot/valueScale.ts';

/** Room for the axes, in CSS pixels. */
const margins = { left: 62, right: 14, top: 8, bottom: 36 };

export interface Frame {
  readonly left: number;
  readonly top: number;
  /** Of the plot. */
  readonly columns: number;
  readonly rows: number;
  /** Of the canvas. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the device in a CSS pixel. */
  readonly ratio: number;
}

export function frameOf(cssWidth: number, cssHeight: number, ratio: number): Frame {
  const device = (css: number) => Math.round(css * ratio);
  const columns = device(Math.max(40, cssWidth - margins.left - margins.right));
  const rows = device(Math.max(40, cssHeight - margins.top - margins.bottom));
  const [left, top] = [device(margins.left), device(margins.top)];
  const width = left + columns + device(margins.right);
  const height = top + rows + device(margins.bottom);
  return { left, top, columns, rows, width, height, ratio };
}

/** Edges lie at the centres of the outermost pixels. @returns pixels of the device from the canvas's left. */
export function pixelOfX({ left, columns }: Frame, { first, last }: PlotRange, x: number): number {
  return left + ((x - first) / (last - first)) * (columns - 1) + 0.5;
}

export function xOfPixel({ left, columns }: Frame, range: PlotRange, pixel: number): number {
  const { first, last } = range;
  return first + ((pixel - left - 0.5) / (columns - 1)) * (last - first);
}

export function pixelOfY({ top }: Frame, scale: ValueScale, value: number): number {
  return top + yMap(scale)(value);
}

export function yOfPixel({ top, rows }: Frame, scale: ValueScale, pixel: number): number {
  const { low, high, log } = scale;
  const part = 1 - (pixel - top - 0.5) / (rows - 1);
  return log ? low * (high / low) ** part : low + part * (high - low);
}
