/**
 * What is left of a loop's nodes when views are taken out: values that are computed or stored, and
 * the strided views through which they are read. Broadcast, reshape, transpose, slice and dynamicRows
 * cost nothing: they only change a view.
 */
import type { Origin } from '../../../shared/kernelInfo.ts';
import type {
  BinaryFn,
  BufferDecl,
  CompareFn,
  DType,
  PoolGeometry,
  ReduceFn,
  Shape,
  UnaryFn,
} from '../../ir/program.ts';
import type { OpKind } from '../../ir/program.ts';
import { elementCount, rowMajorStrides } from '../../../shared/tensor/tensorType.ts';

export type ValueOp =
  /** Not computed by a kernel: they are where they are. */
  | { readonly kind: 'buffer'; readonly buffer: BufferDecl }
  | { readonly kind: 'constant'; readonly values: readonly number[] }
  | { readonly kind: 'iteration' }
  /** Element by element; inputs have the value's shape. */
  | { readonly kind: 'unary'; readonly fn: UnaryFn }
  | { readonly kind: 'binary'; readonly fn: BinaryFn }
  | { readonly kind: 'compare'; readonly fn: CompareFn }
  | { readonly kind: 'select' }
  | { readonly kind: 'convert' }
  | { readonly kind: 'copy' }
  /**
   * The others. Inputs of `matmul` are [...m, ...k] with `inner` axes k, and [...k, n], which is contiguous
   * along n unless the product is large (tiling.ts); the result is [...m, n]. So a convolution is a product too: its left side is a view of windows.
   */
  | { readonly kind: 'matmul'; readonly inner: number }
  | { readonly kind: 'reduce'; readonly fn: ReduceFn; readonly axes: readonly number[] }
  | { readonly kind: 'argMax'; readonly axis: number }
  | { readonly kind: 'gatherRows' }
  | { readonly kind: 'scatterAddRows' }
  /** `steps` apart lie neighbours of the input; between them is `fill` too. */
  | {
      readonly kind: 'pad';
      readonly before: readonly number[];
      readonly fill: number;
      readonly steps?: readonly number[];
    }
  | { readonly kind: 'maxPool2dInputGrad'; readonly geometry: PoolGeometry }
  | { readonly kind: 'concat'; readonly axis: number }
  | { readonly kind: 'randomBits'; readonly stream: number; readonly first: number };

/** The node that a value was made for. */
export interface ValueSource {
  readonly op: OpKind;
  readonly origin: Origin | null;
  readonly block: number;
}

/** A tensor with storage of its own, row-major. */
export interface Value {
  readonly id: number;
  readonly source: ValueSource | null;
  readonly op: ValueOp;
  readonly inputs: readonly View[];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Elements of a value: element i is at `offset + sum(i * strides) + sum(start * stride)`. In elements. */
export interface View {
  readonly value: Value;
  readonly shape: Shape;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly dynamic: readonly DynamicOffset[];
}

/** An offset known only at run time: the i32 scalar `start` times `stride` elements. */
export interface DynamicOffset {
  readonly start: View;
  readonly stride: number;
}

const elementwiseKinds = new Set(['unary', 'binary', 'compare', 'select', 'convert', 'copy']);

export function isElementwise(value: Value): boolean {
  return elementwiseKinds.has(value.op.kind);
}

/** Whether a kernel makes this value; the others lie in memory already. */
export function isComputed(value: Value): boolean {
  return !['buffer', 'constant', 'iteration'].includes(value.op.kind);
}

export function denseView(value: Value): View {
  const strides = rowMajorStrides(value.shape);
  return { value, shape: value.shape, offset: 0, strides, dynamic: [] };
}

/** Whether the view is all of its value in row-major order, whatever the shapes. */
export function isDense(view: View): boolean {
  if (view.offset !== 0 || view.dynamic.length > 0) return false;
  if (elementCount(view.shape) !== elementCount(view.value.shape)) return false;
  const dense = rowMajorStrides(view.shape);
  return view.shape.every((size, axis) => size <= 1 || view.strides[axis] === dense[axis]);
}

/** Strides for the same elements in another shape, or null when no strides can say that. */
export function reshapeStrides(view: View, shape: Shape): number[] | null {
  const runs = contiguousRuns(view);
  const strides = new Array<number>(shape.length).fill(0);
  let { size: rest, stride } = runs.pop() ?? { size: 1, stride: 0 };
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    if (rest === 1) ({ size: rest, stride } = runs.pop() ?? { size: 1, stride: 0 });
    if (rest % size !== 0) return null;
    strides[axis] = stride;
    rest /= size;
    stride *= size;
  }
  return strides;
}

/** Axes, outermost first, with neighbours merged that are walked as one. */
function contiguousRuns({ shape, strides }: View): { size: number; stride: number }[] {
  const runs: { size: number; stride: number }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const stride = strides[axis]!;
    const outer = runs.at(-1);
    if (outer?.stride === stride * size)
      runs[runs.length - 1] = { size: outer.size * size, stride };
    else runs.push({ size, stride });
  });
  return runs;
}
