/** Zeros between the rows and columns of NHWC, and around them. */
import type { Lowering, Tensor } from './tensorFlow.ts';

export type Shape4 = [number, number, number, number];
export type Pair = readonly [number, number];
/** Above, below, left, right. */
export type Sides = readonly [number, number, number, number];

export function shape4(x: Tensor): Shape4 {
  return x.shape as Shape4;
}

/** Row r goes to row r * strides[0], column c to c * strides[1]; as many zeros follow the last as any other. */
export function insertZeros(x: Tensor, [sy, sx]: Pair, { tf, use }: Lowering): Tensor {
  if (sy === 1 && sx === 1) return x;
  const [n, rows, columns, channels] = shape4(x);
  const apart = use(tf.reshape(x, [n, rows, 1, columns, 1, channels]));
  const none: [number, number] = [0, 0];
  const sides = [none, none, [0, sy - 1], none, [0, sx - 1], none] as [number, number][];
  return use(tf.reshape(use(tf.pad(apart, sides)), [n, rows * sy, columns * sx, channels]));
}

/** Adds rows and columns of `value`; negative sides take some away. */
export function resized(x: Tensor, sides: Sides, l: Lowering, value = 0): Tensor {
  const { tf, use } = l;
  if (sides.every((side) => side === 0)) return x;
  const [top, bottom, left, right] = sides.map((side) => Math.max(0, side)) as [...Sides];
  const none: [number, number] = [0, 0];
  const isAdding = sides.some((side) => side > 0);
  const larger = isAdding ? use(tf.pad(x, [none, [top, bottom], [left, right], none], value)) : x;
  if (sides.every((side) => side >= 0)) return larger;
  const [n, , , channels] = shape4(x);
  const [, rows, columns] = shape4(x);
  const starts = [0, Math.max(0, -sides[0]), Math.max(0, -sides[2]), 0];
  const size = [n, rows + sides[0] + sides[1], columns + sides[2] + sides[3], channels];
  return use(tf.slice(larger, starts, size));
}
