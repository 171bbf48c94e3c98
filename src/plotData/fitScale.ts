/** The vertical scale of a plot: as asked for, or fitted to what the view shows. */
import type { PlotQuery, SeriesColumns } from '../shared/plot/plotAnswer.ts';
import { fitRange, isDrawable, type ValueScale } from '../shared/plot/valueScale.ts';

/** @param series in the order of the query; null for one that cannot be read. */
export function fitScale(query: PlotQuery, series: readonly (SeriesColumns | null)[]): ValueScale {
  const { rows, log } = query;
  const readable = series.filter((one) => one !== null);
  const { min, max } = shownRange(readable, log);
  const low = query.low ?? min;
  const high = query.high ?? max;
  // One edge asked for, and all that is shown lies beyond it: then only that edge is left to go by.
  const fits = low < high || query.low === query.high;
  const edge = query.low ?? query.high ?? NaN;
  const range = fits ? fitRange(low, high, log) : fitRange(edge, edge, log);
  const isFitted = query.low === null && query.high === null;
  return { ...(isFitted ? (query.refit?.(range, series) ?? range) : range), rows, log };
}

/** Of the points in the view; where no series has one there, of those next to it. */
function shownRange(
  series: readonly SeriesColumns[],
  log: boolean,
): { readonly min: number; readonly max: number } {
  const min = series.reduce((lowest, one) => Math.min(lowest, one.lowest), Infinity);
  const max = series.reduce((highest, one) => Math.max(highest, one.highest), -Infinity);
  if (min <= max) return { min, max };
  const beside = series.flatMap(({ before, after }) => [before, after]);
  const drawable = beside.filter((value) => isDrawable(value, log));
  return { min: Math.min(...drawable), max: Math.max(...drawable) };
}
