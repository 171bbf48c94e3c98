/** The range of values that a chart shows: all that there are, with some room, and zero where that is near. */
import type { SeriesColumns } from '../../shared/plot/plotAnswer.ts';
import type { ValueRange } from '../../shared/plot/valueScale.ts';
import type { Layer } from './layers.ts';

const headroom = 0.05;

/** Keeps zero at the bottom unless values are below it or all far above. */
export function withRoom({ low, high }: ValueRange, log: boolean): ValueRange {
  if (log) {
    const factor = (high / low) ** headroom;
    return { low: low / factor, high: high * factor };
  }
  const fromZero = low >= 0 && low <= high / 2;
  const room = headroom * (fromZero ? high : high - low);
  return { low: fromZero ? 0 : low - room, high: high + room };
}

/**
 * The steps of the first epoch may run out of the top: they are often wild, and all that comes after them would
 * be flat. What any epoch has on average is inside, as is every later step.
 */
export function afterFirstEpoch(
  fitted: ValueRange,
  layers: readonly Layer[],
  series: readonly (SeriesColumns | null)[],
): ValueRange {
  let high = -Infinity;
  for (const [i, layer] of layers.entries()) {
    const columns = series[i];
    // What it has later cannot be higher than all it has: of a thousand lines few are looked at.
    if (columns != null && columns.highest > high) high = Math.max(high, highest(columns, layer));
  }
  return high > fitted.low ? { low: fitted.low, high } : fitted;
}

function highest(series: SeriesColumns, { kind, line }: Layer): number {
  if (kind !== 'step') return series.highest;
  const { maxs, view, filled } = series;
  const { first, last, columns } = view;
  const begin = Math.ceil(((line.epochWidth - first) / (last - first)) * (columns - 1) + 0.5);
  const later = maxs.subarray(firstFrom(filled.columns, begin));
  const most = later.reduce((highest, max) => Math.max(highest, max), -Infinity);
  return most > -Infinity ? most : series.highest;
}

/** Place of the first column that is `begin` or to the right of it. */
function firstFrom(columns: Uint32Array, begin: number): number {
  const found = columns.findIndex((column) => column >= begin);
  return found < 0 ? columns.length : found;
}

/** Makes the range hold these values too, as far as they have a place on the scale. */
export function including(
  { low, high }: ValueRange,
  values: readonly number[],
  log: boolean,
): ValueRange {
  const placed = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  return { low: Math.min(low, ...placed), high: Math.max(high, ...placed) };
}
