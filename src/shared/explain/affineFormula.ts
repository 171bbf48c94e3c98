/** What the preprocessing makes of a number, with the numbers put in. */
import type { ExplainedFeature } from '../protocol/explainStep.ts';
import { withSign, type FormatNumber } from './formula.ts';

/** `(39.1 × 0.1 − 4.39) / 0.55`; null where the number stays as it is. */
export function affineFormula(
  affine: NonNullable<ExplainedFeature['affine']>,
  value: number,
  format: FormatNumber,
): string | null {
  const { scale, offset, center, divisor } = affine;
  const n = (number: number) => withSign(number, format);
  const scaled = scale === 1 ? format(value) : `${format(value)} × ${n(scale)}`;
  const moved = [scaled, ...(offset === 0 ? [] : [`+ ${n(offset)}`])];
  if (center !== 0) moved.push(`− ${n(center)}`);
  const text = moved.join(' ');
  if (divisor === 1) return text === format(value) ? null : text;
  return moved.length > 1 || scale !== 1 ? `(${text}) / ${n(divisor)}` : `${text} / ${n(divisor)}`;
}
