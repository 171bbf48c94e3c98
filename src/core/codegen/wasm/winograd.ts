/**
 * Convolutions by Winograd's F(4x4, 3x3): four by four outputs of a 3x3 filter cost 36 products a channel, not 144.
 *
 *   Y = A^T [ (G g G^T) * (B^T d B) ] A     d: 6x6 places of x, g: the filter, summed over channels inside the brackets
 *
 * Each of the 36 places is a matrix product of tiles by channels. Sums there run in order of the channels, and the
 * transforms are fixed trees: bits do not depend on how the work is cut. Shapes alone decide whether it is used.
 *
 * Polynomials are taken at 0, infinity, +-p and +-q with p = 5/8, q = 3/2. The usual 1 and 2 are four to five times as far from
 * the exact sum as the direct form is, these two to two and a half times; their powers and products are exact in float32.
 * Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015); on points: Barabasz et al., "Error Analysis and
 * Improving the Accuracy of Winograd Convolution for Deep Neural Networks" (2020).
 */
import type { Value, View } from './values.ts';

/** Outputs of a tile along either side. */
export const tileSide = 4;
/** Places of a tile along either side. */
export const placeSide = 6;

/** Channels on either side from which on the products outweigh the transforms. */
const minChannels = 16;
/** Outputs along either side from which on it pays. */
const minSide = 6;

/** Whether `product`, a matmul, is such a convolution: of stride and dilation 1, and large. */
export function isWinograd({ op, inputs }: Value): boolean {
  if (op.kind !== 'matmul' || op.inner !== 3) return false;
  const [windows, filter] = inputs as [View, View];
  if (windows.shape.length !== 6) return false;
  const [, rows = 0, columns = 0, k = 0, l = 0, channels = 0] = windows.shape;
  const [, row, column, windowRow, windowColumn, channel] = windows.strides;
  const isPlain = row === windowRow && column === windowColumn && channel === 1;
  const sizes = { rows, columns, filter: [k, l], channels, outputs: filter.shape[3]! };
  return isPlain && isLarge(sizes);
}

/** Whether it is the gradient of the filter of such a convolution. */
export function isWinogradFilter({ op, inputs }: Value): boolean {
  if (op.kind !== 'matmul' || op.inner !== 3) return false;
  const [windows, gradient] = inputs as [View, View];
  if (windows.shape.length !== 6) return false;
  const [k = 0, l = 0, channels = 0, , rows = 0, columns = 0] = windows.shape;
  const [windowRow, windowColumn, channel, , row, column] = windows.strides;
  const isPlain = row === windowRow && column === windowColumn && channel === 1;
  const sizes = { rows, columns, filter: [k, l], channels, outputs: gradient.shape[3]! };
  return isPlain && gradient.strides[3] === 1 && isLarge(sizes);
}

function isLarge(sizes: {
  readonly rows: number;
  readonly columns: number;
  readonly filter: readonly number[];
  readonly channels: number;
  readonly outputs: number;
}): boolean {
  const { rows, columns, filter, channels, outputs } = sizes;
  return (
    filter.every((size) => size === 3) &&
    Math.min(rows, columns) >= minSide &&
    Math.min(channels, outputs) >= minChannels &&
    channels % 4 === 0 &&
    outputs % 16 === 0
  );
}
