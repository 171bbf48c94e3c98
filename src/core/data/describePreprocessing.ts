/** A preprocessing in words, a line per feature: what becomes of each column, so that no mapping is hidden. */
import type { Affine, FeatureTransform, Preprocessing } from './preprocessing.ts';

/** `Island: Biscoe = 0, Dream = 1, Torgersen = 2`; the target comes last. */
export function describePreprocessing({ features, target }: Preprocessing): string[] {
  const targetText =
    target.kind === 'classes'
      ? `${target.name}: ${target.values.map((value, i) => className(value, target.names[i]!, i)).join(', ')}`
      : `${target.names.join(', ')}: as it is`;
  return [
    ...features.map((feature) => `${feature.name}: ${describeFeature(feature)}`),
    `target ${targetText}`,
  ];
}

/** What becomes of one column, without its name. */
export function describeFeature(feature: FeatureTransform): string {
  const fill = feature.fill === null ? '' : `; where missing, ${feature.fill}`;
  if (feature.kind === 'number') return affineText(feature.affine) + fill;
  const shown = feature.categories.slice(0, 20);
  const more = feature.categories.length - shown.length;
  const rest = more > 0 ? `, and ${more} more` : '';
  if (feature.kind === 'one_hot') return `one column each for ${shown.join(', ')}${rest}${fill}`;
  const mapping = shown.map((name, i) => `${name} = ${i}`).join(', ') + rest;
  const affine = affineText(feature.affine);
  return `${mapping}${affine === 'as it is' ? '' : `; then ${affine}`}${fill}`;
}

function affineText({ scale, offset, center, divisor }: Affine): string {
  const steps = [
    ...(scale === 1 ? [] : [`times ${scale}`]),
    ...(offset === 0 ? [] : [`plus ${offset}`]),
    ...(center === 0 ? [] : [`minus ${short(center)}`]),
    ...(divisor === 1 ? [] : [`divided by ${short(divisor)}`]),
  ];
  return steps.length === 0 ? 'as it is' : steps.join(', ');
}

function className(value: string, name: string, index: number): string {
  return value === name ? `${name} = ${index}` : `${value} (${name}) = ${index}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
