/** A preprocessing in words, so that no mapping is hidden. */
import { say, sayNumber } from '../../shared/language.ts';
import type { Affine, FeatureTransform } from './preprocessing.ts';

/** What becomes of one column, without its name: `Biscoe = 0, Dream = 1, Torgersen = 2`. */
export function describeFeature(feature: FeatureTransform): string {
  const fill = feature.fill === null ? '' : say`; where missing, ${fillText(feature.fill)}`;
  if (feature.kind === 'number') return affineText(feature.affine) + fill;
  const shown = feature.categories.slice(0, 20);
  const more = feature.categories.length - shown.length;
  const rest = more > 0 ? say`, and ${more} more` : '';
  if (feature.kind === 'one_hot') return say`one column each for ${shown.join(', ')}${rest}${fill}`;
  const mapping = shown.map((name, i) => `${name} = ${i}`).join(', ') + rest;
  const steps = affineSteps(feature.affine).join(', ');
  return `${mapping}${steps === '' ? '' : say`; then ${steps}`}${fill}`;
}

function affineText(affine: Affine): string {
  return affineSteps(affine).join(', ') || say('as it is');
}

function affineSteps({ scale, offset, center, divisor }: Affine): string[] {
  return [
    ...(scale === 1 ? [] : [say`times ${sayNumber(scale)}`]),
    ...(offset === 0 ? [] : [say`plus ${sayNumber(offset)}`]),
    ...(center === 0 ? [] : [say`minus ${sayNumber(center, 6)}`]),
    ...(divisor === 1 ? [] : [say`divided by ${sayNumber(divisor, 6)}`]),
  ];
}

function fillText(fill: number | string): string {
  return typeof fill === 'number' ? sayNumber(fill) : fill;
}
