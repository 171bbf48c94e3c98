/** A diverging colour scale around zero: the page's background is zero, so only what matters has colour. No DOM. */

export type Rgb = readonly [number, number, number];

export interface ScaleColors {
  readonly negative: Rgb;
  readonly zero: Rgb;
  readonly positive: Rgb;
  /** What is not a number must not pass for one. */
  readonly nan: Rgb;
}

/** `limit` is the size that has the full colour; infinite values have it too. */
export function colorOf(value: number, limit: number, colors: ScaleColors): Rgb {
  if (Number.isNaN(value)) return colors.nan;
  const share = limit > 0 ? Math.min(1, Math.abs(value) / limit) : value === 0 ? 0 : 1;
  const end = value < 0 ? colors.negative : colors.positive;
  const mix = (i: 0 | 1 | 2) => Math.round(colors.zero[i] + share * (end[i] - colors.zero[i]));
  return [mix(0), mix(1), mix(2)];
}

/** RGBA bytes of a picture with a pixel for each value. */
export function pixelsOf(
  values: Float32Array,
  limit: number,
  colors: ScaleColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length).fill(255);
  values.forEach((value, i) => pixels.set(colorOf(value, limit, colors), 4 * i));
  return pixels;
}

/** The largest size of the finite values. */
export function limitOf(finite: { readonly min: number; readonly max: number } | null): number {
  return finite === null ? 0 : Math.max(Math.abs(finite.min), Math.abs(finite.max));
}
