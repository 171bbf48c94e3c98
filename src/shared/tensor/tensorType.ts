/** The types a tensor can have. Shapes are static: every size is known before a program is compiled. */

/** `bool` is stored as one 32-bit word per element, 0 or 1, because WGSL has no storable bool. */
export type DType = 'f32' | 'i32' | 'u8' | 'bool';
export type Shape = readonly number[];

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Values of one tensor, row-major, in the array type of its dtype (`bool` in an Int32Array). */
export type TensorValues = Float32Array | Int32Array | Uint8Array;

export function tensorType(dtype: DType, shape: Shape): TensorType {
  return { dtype, shape };
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function bytesPerElement(dtype: DType): number {
  return dtype === 'u8' ? 1 : 4;
}

export function byteSize(type: TensorType): number {
  return elementCount(type.shape) * bytesPerElement(type.dtype);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Row-major strides in elements: `[2, 3]` has `[3, 1]`. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  }
  return strides;
}

export function allocate(type: TensorType): TensorValues {
  const count = elementCount(type.shape);
  if (type.dtype === 'f32') return new Float32Array(count);
  return type.dtype === 'u8' ? new Uint8Array(count) : new Int32Array(count);
}

/** `f32[20,5]`; a scalar is `f32[]`. */
export function printType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(',')}]`;
}
