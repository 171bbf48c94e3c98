/** Statistics and a histogram of numbers. */
import type { Histogram, NumberReport } from '../../shared/protocol/dataReport.ts';
import { mean, standardDeviation } from '../data/statistics.ts';

const bins = 20;

/** `sorted`: finite, ascending. Null without values. */
export function reportNumbers(sorted: Float64Array): NumberReport | null {
  if (sorted.length === 0) return null;
  return {
    count: sorted.length,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    mean: mean(sorted),
    std: standardDeviation(sorted),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)],
    histogram: histogram(sorted),
  };
}

/** Interpolated linearly between the two nearest values, as `numpy.quantile` does by default. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  const weight = place - Math.floor(place);
  return below === above ? below : below * (1 - weight) + above * weight;
}

/** One bin where all values are equal. */
function histogram(sorted: Float64Array): Histogram {
  const min = sorted[0]!;
  const max = sorted.at(-1)!;
  if (min === max) return { min, max, counts: [sorted.length] };
  const counts = new Array<number>(bins).fill(0);
  // Halves, because max - min may be beyond the range of a double.
  const width = max / 2 - min / 2;
  for (const value of sorted) {
    const bin = Math.min(bins - 1, Math.floor(((value / 2 - min / 2) / width) * bins));
    counts[bin] = counts[bin]! + 1;
  }
  return { min, max, counts };
}
