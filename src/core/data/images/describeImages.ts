import { say } from '../../../shared/language.ts';
import type { ImagePreprocessing } from '../preprocessing.ts';

/** What becomes of pixels: `28 x 28 x 1, divided by 255`. */
export function describeImages({ shape, scale }: ImagePreprocessing): string {
  const { divisor, mean, std } = scale;
  const listed = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4)));
  return [
    shape.join(' x '),
    ...(divisor === 1 ? [] : [say`divided by ${divisor}`]),
    ...(mean.every((value) => value === 0) ? [] : [say`minus ${listed(mean).join(', ')}`]),
    ...(std.every((value) => value === 1) ? [] : [say`divided by ${listed(std).join(', ')}`]),
  ].join(', ');
}
