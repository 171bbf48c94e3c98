/** The way back from model input to what a table says, for people: numbers come to six digits. */
import type { FeatureTransform } from './preprocessing.ts';

/**
 * @param inputs what the feature gave the model: one number, or one for each category.
 * A value that was missing comes back as what stood in for it.
 */
export function rawValue(feature: FeatureTransform, inputs: Float32Array): string | number {
  if (feature.kind === 'one_hot') return feature.categories[inputs.indexOf(1)] ?? '';
  const { scale, offset, center, divisor } = feature.affine;
  const value = (inputs[0]! * divisor + center - offset) / scale;
  if (feature.kind === 'number') return Number(value.toPrecision(6));
  return feature.categories[Math.round(value)] ?? '';
}
