/**
 * Where values fall up and down a plot: pixel rows counted from the top. `low` and `high` lie at the centres
 * of the outermost rows, so both are seen.
 */
import { invariant } from '../errors.ts';

export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

export interface ValueScale extends ValueRange {
  /** Height in pixels, at least 2. */
  readonly rows: number;
  readonly log: boolean;
}

export function checkScale({ low, high, rows, log }: ValueScale): void {
  invariant(Number.isFinite(low) && Number.isFinite(high) && low < high, `from ${low} to ${high}`);
  invariant(!log || low > 0, `a logarithmic scale from ${low}`);
  invariant(Number.isInteger(rows) && rows >= 2, `a plot of ${rows} pixel rows`);
}

/** Whether a point has a place on the plot; where one has not, the line is broken. */
export function isDrawable(value: number, log: boolean): boolean {
  return Number.isFinite(value) && (!log || value > 0);
}

/**
 * The map from drawable values to pixels from the top; its floor is the row. Never increasing, also as
 * computed: neighbouring float32 values have logarithms much farther apart than the error of `Math.log10`.
 */
export function yMap(scale: ValueScale): (value: number) => number {
  const { top, factor } = stretchOf(scale);
  if (scale.log) return (value) => (top - Math.log10(value)) * factor + 0.5;
  return (value) => (top - value) * factor + 0.5;
}

/** The same of many values, to the last bit, at a fraction of the time. @param ys takes them from place `at` on */
export function placeValues(
  scale: ValueScale,
  values: Float32Array,
  ys: Float64Array,
  at = 0,
): void {
  const { top, factor } = stretchOf(scale);
  const { length } = values;
  if (scale.log) {
    for (let i = 0; i < length; i++) ys[at + i] = (top - Math.log10(values[i]!)) * factor + 0.5;
  } else {
    for (let i = 0; i < length; i++) ys[at + i] = (top - values[i]!) * factor + 0.5;
  }
}

/** Value at the top, and pixels per unit, where units are those of the axis: decades of a logarithmic one. */
function stretchOf({ low, high, rows, log }: ValueScale): { top: number; factor: number } {
  const [bottom, top] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  return { top, factor: (rows - 1) / (top - bottom) };
}

/** The range that shows all values from `min` to `max`; room about a single value, some range for none. */
export function fitRange(min: number, max: number, log: boolean): ValueRange {
  if (!(min <= max)) return log ? { low: 0.1, high: 1 } : { low: 0, high: 1 };
  if (min < max) return { low: min, high: max };
  if (log) return { low: min / 2, high: max * 2 };
  const room = min === 0 ? 0.5 : Math.abs(min) / 2;
  return { low: min - room, high: max + room };
}
