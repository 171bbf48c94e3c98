/** The way back from model input to what a table says, for people: numbers come to six digits. */
import type { FeatureTransform } from './preprocessing.ts';

/**
 * @param inputs what the feature gave the model: one number, or one for each category.
 * A value that was missing comes back as what stood in for it.
 */
export function rawValue(feature: FeatureTransform, inputs: Float32Array): string | number {
  if (feature.kind === 'one_hot') return feature.categories[inputs.indexOf(1)] ?? '';
  const { scale, offset, center, divisor } = feature.affine;
  const centred = inputs[0]! * divisor;
  const value = (centred + center - offset) / scale;
  if (feature.kind === 'number') {
    return sixDigits(value, Math.max(...[centred, center, offset].map(Math.abs)) / scale);
  }
  return feature.categories[Math.round(value)] ?? '';
}

/** Of a sum of terms up to `largest` in float32: a zero among them is not what rounding left of it. */
function sixDigits(value: number, largest: number): number {
  const step = 10 ** (6 - Math.ceil(Math.log10(Math.abs(largest) || 1)));
  return Number((Math.round(value * step) / step).toPrecision(6));
}
