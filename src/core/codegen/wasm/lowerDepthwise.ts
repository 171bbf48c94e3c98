/**
 * Convolutions with a group for each channel: nothing is summed over channels, so they are reductions of products,
 * four channels at a time. Channel c has the outputs c m .. c m + m - 1; where m is 1 it has no axis of its own.
 */
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import type { View } from './values.ts';
import { broadcastView, splitLastAxis, withAxis } from './viewMoves.ts';
import type { ValueMaker } from './windows.ts';

/** `windows` of x: [n, y, x, k, l, c]; filter: [k, l, 1, c m]; gives `shape`: [n, y, x, c m]. */
export function depthwiseOutput(
  maker: ValueMaker,
  windows: View,
  filter: View,
  shape: Shape,
): View {
  const m = shape[3]! / windows.shape[5]!;
  const taps = byChannel(withoutInputs(maker, filter), m);
  const sums = sumOfProducts(maker, [forOutputs(windows, m), taps], [3, 4]);
  return maker.reshape(sums, shape);
}

/** `windows` of the gradient: [n, y, x, k, l, c m]; filter: [k, l, 1, c m], upside down; gives `shape`: [n, y, x, c]. */
export function depthwiseInputGrad(
  maker: ValueMaker,
  windows: View,
  filter: View,
  shape: Shape,
): View {
  const m = filter.shape[3]! / shape[3]!;
  return sumOfProducts(
    maker,
    [byChannel(windows, m), byChannel(withoutInputs(maker, filter), m)],
    m === 1 ? [3, 4] : [3, 4, 6],
  );
}

/** `windows` of x: [n, y, x, k, l, c]; gradient: [n, y, x, c m]; gives `shape`: [k, l, 1, c m]. */
export function depthwiseFilterGrad(
  maker: ValueMaker,
  windows: View,
  gradient: View,
  shape: Shape,
): View {
  const m = shape[3]! / windows.shape[5]!;
  const slopes = byChannel(withAxis(withAxis(gradient, 3), 3), m);
  const sums = sumOfProducts(maker, [forOutputs(windows, m), slopes], [0, 1, 2]);
  return maker.reshape(sums, shape);
}

function withoutInputs(maker: ValueMaker, filter: View): View {
  const [rows = 0, columns = 0, , outputs = 0] = filter.shape;
  return maker.reshape(filter, [rows, columns, outputs]);
}

/** The last axis as [c, m]. */
function byChannel(view: View, m: number): View {
  return m === 1 ? view : splitLastAxis(view, [view.shape.at(-1)! / m, m]);
}

/** [..., c] for each of m outputs. */
function forOutputs(view: View, m: number): View {
  return m === 1 ? view : withAxis(view, view.shape.length);
}

function sumOfProducts(
  maker: ValueMaker,
  factors: readonly [View, View],
  axes: readonly number[],
): View {
  const [a, b] = factors;
  const missing = a.shape.length - b.shape.length;
  const shape = a.shape.map((size, axis) => Math.max(size, b.shape[axis - missing] ?? 1));
  const inputs = factors.map((view) => broadcastView(view, shape));
  const products = maker.make({ kind: 'binary', fn: 'mul' }, inputs, { shape, dtype: 'f32' });
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  return maker.make({ kind: 'reduce', fn: 'sum', axes }, [products], { shape: kept, dtype: 'f32' });
}
