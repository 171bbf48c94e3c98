/** The largest of each window, and the gradient that goes back to it. */
import type { TensorType } from '../../../shared/tensor/tensorType.ts';
import type { PoolGeometry } from '../../ir/program.ts';
import { type Round, type Tensor, fill, flatIndex, forEachIndex, zeros } from './tensor.ts';

export function maxPool2d(type: TensorType, geometry: PoolGeometry, x: Tensor): Tensor {
  return fill(type, (index) => x.data[largestOf(geometry, x, index)]!);
}

/** Gradients that meet in one place of x are added in the order of the output. */
export function maxPool2dInputGrad(
  geometry: PoolGeometry,
  x: Tensor,
  grad: Tensor,
  round: Round,
): Tensor {
  const sum = zeros(x.type);
  forEachIndex(grad.type.shape, (index, e) => {
    const to = largestOf(geometry, x, index);
    sum.data[to] = round(sum.data[to]! + grad.data[e]!);
  });
  return sum;
}

/** Where in x the first largest value of the window at `index` of the output is, the first NaN if there is one. */
function largestOf(
  { window, strides, padding }: PoolGeometry,
  x: Tensor,
  [n = 0, row = 0, column = 0, channel = 0]: readonly number[],
): number {
  const [, height = 0, width = 0] = x.type.shape;
  let best = -1;
  forEachIndex(window, ([dy = 0, dx = 0]) => {
    const y = row * strides[0] + dy - padding[0];
    const xAxis = column * strides[1] + dx - padding[2];
    if (y < 0 || y >= height || xAxis < 0 || xAxis >= width) return;
    const place = flatIndex(x.type.shape, [n, y, xAxis, channel]);
    if (best < 0 || isLarger(x.data[place]!, x.data[best]!)) best = place;
  });
  return best;
}

function isLarger(value: number, best: number): boolean {
  return value > best || (Number.isNaN(value) && !Number.isNaN(best));
}
