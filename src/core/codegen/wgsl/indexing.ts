/** Row-major index arithmetic as WGSL text: coordinates are u32 expressions, one for each axis. */
import { type Shape, elementCount, rowMajorStrides } from '../../../shared/tensor/tensorType.ts';

export type Coordinates = readonly string[];

/** Coordinates of the element with flat index `flat`, a u32 name. */
export function unflatten(flat: string, shape: Shape): Coordinates {
  const strides = rowMajorStrides(shape);
  return shape.map((size, axis) => {
    if (size === 1) return '0u';
    const divided = strides[axis] === 1 ? flat : `(${flat} / ${strides[axis]!}u)`;
    return axis === 0 ? divided : `(${divided} % ${size}u)`;
  });
}

export function flatten(coordinates: Coordinates, shape: Shape): string {
  const strides = rowMajorStrides(shape);
  const terms = coordinates
    .map((coordinate, axis) => ({ coordinate, stride: strides[axis]! }))
    .filter(({ coordinate }) => coordinate !== '0u')
    .map(({ coordinate, stride }) => (stride === 1 ? coordinate : `${coordinate} * ${stride}u`));
  return terms.length === 0 ? '0u' : `(${terms.join(' + ')})`;
}

/** The same element of a tensor of another shape and equal count. */
export function reshaped(coordinates: Coordinates, from: Shape, to: Shape): Coordinates {
  if (elementCount(to) === 1) return to.map(() => '0u');
  return unflatten(flatten(coordinates, from), to);
}
