import { say, sayNumber } from '../../../shared/language.ts';
import type { ImagePreprocessing } from '../preprocessing.ts';

/** What becomes of pixels: `28 x 28 x 1, divided by 255`. */
export function describeImages({ shape, scale }: ImagePreprocessing): string {
  const { divisor, mean, std } = scale;
  const listed = (values: readonly number[]) =>
    values.map((value) => sayNumber(value, 4)).join(', ');
  return [
    shape.join(' x '),
    ...(divisor === 1 ? [] : [say`divided by ${sayNumber(divisor)}`]),
    ...(mean.every((value) => value === 0) ? [] : [say`minus ${listed(mean)}`]),
    ...(std.every((value) => value === 1) ? [] : [say`divided by ${listed(std)}`]),
  ].join(', ');
}
