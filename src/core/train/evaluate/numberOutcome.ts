/** Predicted numbers beside the true ones. */
import type { NumberOutcome, PredictedNumber } from '../../../shared/protocol/evaluation.ts';
import { tensorStatistics } from '../../tensors/statistics.ts';

/** More points would hide each other. */
const mostPoints = 4000;

/** `actual`, `predicted`: [rows, names.length]. */
export function numberOutcome(
  names: readonly string[],
  actual: ArrayLike<number>,
  predicted: Float32Array,
): NumberOutcome {
  return {
    kind: 'numbers',
    targets: names.map((name, at) => predictedNumber(name, { actual, predicted, names, at })),
  };
}

interface Column {
  readonly actual: ArrayLike<number>;
  readonly predicted: Float32Array;
  readonly names: readonly string[];
  readonly at: number;
}

function predictedNumber(name: string, { actual, predicted, names, at }: Column): PredictedNumber {
  const width = names.length;
  const rows = predicted.length / width;
  const own = (values: ArrayLike<number>, row: number) => values[row * width + at]!;
  const residuals = Float32Array.from(
    { length: rows },
    (_, row) => own(predicted, row) - own(actual, row),
  );
  const count = Math.min(rows, mostPoints);
  const shown = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
  return {
    name,
    actual: Float32Array.from(shown, (row) => own(actual, row)),
    predicted: Float32Array.from(shown, (row) => own(predicted, row)),
    residuals: spreadOf(residuals),
  };
}

function spreadOf(values: Float32Array): PredictedNumber['residuals'] {
  const { finite } = tensorStatistics(values);
  if (finite === null) return null;
  const { min, max, mean, std, histogram } = finite;
  return { min, max, mean, std, counts: histogram };
}
