/** Tensors of the reference interpreter, and the one way it makes them: a value for every index. */
import {
  type Shape,
  type TensorType,
  elementCount,
  rowMajorStrides,
} from '../../../shared/tensor/tensorType.ts';

/** f32 in a Float64Array, whatever the precision; i32 and bool in Int32Array; u8 in Uint8Array. */
export type Numbers = Float64Array | Int32Array | Uint8Array;

export interface Tensor {
  readonly type: TensorType;
  readonly data: Numbers;
}

/** Applied to every f32 result: `Math.fround`, or nothing in float64. */
export type Round = (value: number) => number;

export function zeros(type: TensorType): Tensor {
  const count = elementCount(type.shape);
  if (type.dtype === 'f32') return { type, data: new Float64Array(count) };
  return { type, data: type.dtype === 'u8' ? new Uint8Array(count) : new Int32Array(count) };
}

/** The tensor whose element at `index` is `valueAt(index, flat)`. */
export function fill(
  type: TensorType,
  valueAt: (index: readonly number[], flat: number) => number,
): Tensor {
  const tensor = zeros(type);
  forEachIndex(type.shape, (index, flat) => {
    tensor.data[flat] = valueAt(index, flat);
  });
  return tensor;
}

/** Visits all indices in row-major order. The index array is reused: copy it to keep it. */
export function forEachIndex(
  shape: Shape,
  visit: (index: readonly number[], flat: number) => void,
): void {
  const index = shape.map(() => 0);
  const count = elementCount(shape);
  for (let flat = 0; flat < count; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

export function flatIndex(shape: Shape, index: readonly number[]): number {
  const strides = rowMajorStrides(shape);
  return index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
}

export function at(tensor: Tensor, index: readonly number[]): number {
  return tensor.data[flatIndex(tensor.type.shape, index)]!;
}
