/** Max pooling: a reduction over windows of x padded with -Infinity. Its gradient has a kernel (poolKernel.ts). */
import type { PoolGeometry } from '../../ir/program.ts';
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import type { View } from './values.ts';
import { sliceView } from './viewMoves.ts';
import { padded, type ValueMaker, windowsOf } from './windows.ts';

/** `shape`: NHWC of the output. */
export function lowerMaxPool(
  maker: ValueMaker,
  geometry: PoolGeometry,
  x: View,
  shape: Shape,
): View {
  const { window, strides } = geometry;
  const [, rows = 0, columns = 0] = shape;
  const count = [rows, columns] as const;
  const image = paddedForMax(maker, geometry, x);
  const windows = windowsOf(image, { size: window, strides, dilation: [1, 1], count });
  return maker.make({ kind: 'reduce', fn: 'max', axes: [3, 4] }, [windows], {
    shape,
    dtype: 'f32',
  });
}

export function lowerMaxPoolInputGrad(
  maker: ValueMaker,
  geometry: PoolGeometry,
  [x, gradient]: readonly [View, View],
): View {
  const [top, , left] = geometry.padding;
  const image = paddedForMax(maker, geometry, x);
  const { shape } = image;
  const op = { kind: 'maxPool2dInputGrad', geometry } as const;
  const whole = maker.make(op, [image, gradient], { shape, dtype: 'f32' });
  return sliceView(whole, [0, top, left, 0], x.shape);
}

function paddedForMax(maker: ValueMaker, { padding }: PoolGeometry, x: View): View {
  const [top, bottom, left, right] = padding;
  return padded(maker, x, { before: [top, left], after: [bottom, right], fill: -Infinity });
}
