/**
 * Windows over the rows and columns of NHWC images as a view: rows and columns of a window are two more axes with
 * strides of their own, so nothing is copied but where there is padding.
 */
import { type DType, type Shape, sameShape } from '../../../shared/tensor/tensorType.ts';
import type { ValueOp, View } from './values.ts';
import { permuted, sliceView } from './viewMoves.ts';

/** How lowering makes values. */
export interface ValueMaker {
  /** The dense view of a computed value. */
  make(op: ValueOp, inputs: readonly View[], type: { shape: Shape; dtype: DType }): View;
  constant(values: readonly number[], type: { shape: Shape; dtype: DType }): View;
  reshape(view: View, shape: Shape): View;
  /** [...m, ...k] times [...k, n] with `inner` axes k: [...m, n]. */
  product(left: View, right: View, inner: number): View;
}

export type Pair = readonly [number, number];

export interface Windows {
  /** Rows and columns of one window. */
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  /** How many windows there are along rows and columns. */
  readonly count: Pair;
}

/** [n, y, x, row of the window, column of the window, channel]. */
export function windowsOf(x: View, { size, strides, dilation, count }: Windows): View {
  const [images = 0, , , channels = 0] = x.shape;
  const [sn, sy, sx, sc] = x.strides as [number, number, number, number];
  return {
    ...x,
    shape: [images, ...count, ...size, channels],
    strides: [sn, sy * strides[0], sx * strides[1], sy * dilation[0], sx * dilation[1], sc],
  };
}

export interface Padding {
  /** Above and to the left; what is negative is cut off. */
  readonly before: Pair;
  /** Below and to the right. */
  readonly after: Pair;
  /** Distance between neighbours of x in the result. 1 by default. */
  readonly steps?: Pair;
  readonly fill?: number;
  /** Which axis of x is that of the rows, before that of the columns: 1 by default, NHWC. */
  readonly rowAxis?: 1 | 2;
}

export function padded(maker: ValueMaker, x: View, padding: Padding): View {
  const { before, after, steps = [1, 1], fill = 0, rowAxis = 1 } = padding;
  const both = <T>(whole: readonly T[], parts: readonly T[]): T[] =>
    whole.toSpliced(rowAxis, 2, ...parts);
  const inside = x.shape.slice(rowAxis, rowAxis + 2).map((size, i) => (size - 1) * steps[i]! + 1);
  const grown = inside.map((size, i) => size + Math.max(0, before[i]!) + Math.max(0, after[i]!));
  const wanted = inside.map((size, i) => size + before[i]! + after[i]!);
  const shape = both(x.shape, grown);
  const isLarger = !sameShape(shape, x.shape);
  const none = x.shape.map(() => 0);
  const op: ValueOp = {
    kind: 'pad',
    before: both(
      none,
      before.map((size) => Math.max(0, size)),
    ),
    fill,
    steps: both(
      x.shape.map(() => 1),
      steps,
    ),
  };
  const whole = isLarger ? maker.make(op, [x], { shape, dtype: x.value.dtype }) : x;
  const cut = both(
    none,
    before.map((size) => Math.max(0, -size)),
  );
  return sliceView(whole, cut, both(x.shape, wanted));
}

/** The same, but stored channel by channel, so that neighbouring columns are neighbours in memory. */
export function paddedPlanes(maker: ValueMaker, x: View, padding: Padding): View {
  const turned = permuted(x, [0, 3, 1, 2]);
  const planes = padded(maker, turned, { ...padding, rowAxis: 2 });
  const isCopied = planes.value !== x.value;
  const { shape } = planes;
  const stored = isCopied
    ? planes
    : maker.make({ kind: 'copy' }, [planes], { shape, dtype: x.value.dtype });
  return permuted(stored, [0, 2, 3, 1]);
}
