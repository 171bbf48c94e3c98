/** Views of views: what costs nothing. Shapes must fit; the IR has checked them. */
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import type { View } from './values.ts';

export function permuted(view: View, permutation: readonly number[]): View {
  const shape = permutation.map((axis) => view.shape[axis]!);
  return { ...view, shape, strides: permutation.map((axis) => view.strides[axis]!) };
}

/** The two axes of a matrix exchanged. */
export function transposed(view: View): View {
  return permuted(view, [1, 0]);
}

/** To `shape` by NumPy's rule. */
export function broadcastView(view: View, shape: Shape): View {
  const missing = shape.length - view.shape.length;
  const strides = shape.map((size, axis) => {
    const old = axis - missing;
    return old < 0 || (view.shape[old] === 1 && size !== 1) ? 0 : view.strides[old]!;
  });
  return { ...view, shape, strides };
}

/** The box of `shape` that begins at `starts`. */
export function sliceView(view: View, starts: readonly number[], shape: Shape): View {
  const moved = starts.reduce((sum, start, axis) => sum + start * view.strides[axis]!, 0);
  return { ...view, shape, offset: view.offset + moved };
}

/** The rows of `shape` from the one on that the i32 scalar `start` names. */
export function dynamicRows(view: View, start: View, shape: Shape): View {
  return { ...view, shape, dynamic: [...view.dynamic, { start, stride: view.strides[0]! }] };
}

/** `count` elements of the last axis from `start` on. */
export function lastAxisPart(view: View, start: number, count: number): View {
  const starts = view.shape.map((_, axis) => (axis === view.shape.length - 1 ? start : 0));
  return sliceView(view, starts, [...view.shape.slice(0, -1), count]);
}

/** The last axis cut into several, of which the last is innermost. */
export function splitLastAxis(view: View, sizes: Shape): View {
  let stride = view.strides.at(-1)!;
  const strides: number[] = [];
  for (const size of sizes.toReversed()) {
    strides.unshift(stride);
    stride *= size;
  }
  const [shape, outer] = [view.shape.slice(0, -1), view.strides.slice(0, -1)];
  return { ...view, shape: [...shape, ...sizes], strides: [...outer, ...strides] };
}

/** A new axis of size 1 before `axis`. */
export function withAxis(view: View, axis: number): View {
  return {
    ...view,
    shape: view.shape.toSpliced(axis, 0, 1),
    strides: view.strides.toSpliced(axis, 0, 0),
  };
}
