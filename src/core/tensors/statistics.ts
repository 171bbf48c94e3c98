/** Numbers about the values of one tensor, computed in float64. */
import type { TensorStatistics } from '../../shared/protocol/weights.ts';

export const histogramBins = 40;

export function tensorStatistics(values: Float32Array): TensorStatistics {
  let [zeros, nan, infinite, sum] = [0, 0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value === 0) zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
    }
  }
  const counts = { count: values.length, zeros, nan, infinite };
  const finite = values.length - nan - infinite;
  if (finite === 0) return { ...counts, finite: null };
  const mean = sum / finite;
  const spread = spreadOf(values, { min, max, mean });
  return { ...counts, finite: { min, max, mean, ...spread } };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Standard deviation about the mean, and counts per bin. */
function spreadOf(values: Float32Array, { min, max, mean }: Range) {
  const histogram = new Array<number>(histogramBins).fill(0);
  const binsPerUnit = max > min ? histogramBins / (max - min) : 0;
  let [squares, finite] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite++;
    squares += (value - mean) ** 2;
    histogram[Math.min(histogramBins - 1, Math.floor((value - min) * binsPerUnit))]! += 1;
  }
  return { std: Math.sqrt(squares / finite), histogram };
}
