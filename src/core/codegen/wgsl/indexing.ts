/** Row-major index arithmetic as WGSL text: indices are u32 expressions, coordinates one index for each axis. */
import { type Shape, elementCount, rowMajorStrides } from '../../../shared/tensor/tensorType.ts';
import type { KernelWriter } from './kernelWriter.ts';

export type Coordinates = readonly string[];

export function index(value: number): string {
  return `${value}u`;
}

/** null when it is known only at run time. */
function known(expression: string): number | null {
  return /^\d+u$/.test(expression) ? Number.parseInt(expression, 10) : null;
}

export function plus(w: KernelWriter, a: string, b: string): string {
  const [x, y] = [known(a), known(b)];
  if (x !== null && y !== null) return index(x + y);
  if (x === 0) return b;
  return y === 0 ? a : w.let(`${a} + ${b}`);
}

export function times(w: KernelWriter, a: string, factor: number): string {
  const x = known(a);
  if (x !== null) return index(x * factor);
  if (factor === 0) return '0u';
  return factor === 1 ? a : w.let(`${a} * ${index(factor)}`);
}

export function divided(w: KernelWriter, a: string, by: number): string {
  const x = known(a);
  if (x !== null) return index(Math.floor(x / by));
  return by === 1 ? a : w.let(`${a} / ${index(by)}`);
}

export function remainder(w: KernelWriter, a: string, by: number): string {
  const x = known(a);
  if (x !== null) return index(x % by);
  return by === 1 ? '0u' : w.let(`${a} % ${index(by)}`);
}

/** Coordinates of the element with flat index `flat`. */
export function unflatten(w: KernelWriter, flat: string, shape: Shape): Coordinates {
  const strides = rowMajorStrides(shape);
  const coordinates = shape.map((size, axis) => {
    if (size === 1) return '0u';
    const above = divided(w, flat, strides[axis]!);
    const isOutermost = shape.slice(0, axis).every((outer) => outer === 1);
    return isOutermost ? above : remainder(w, above, size);
  });
  w.remember(flatKey(coordinates, shape), flat);
  return coordinates;
}

function flatKey(coordinates: Coordinates, shape: Shape): string {
  return `flat ${shape.join()}[${coordinates.join()}]`;
}

export function flatten(w: KernelWriter, coordinates: Coordinates, shape: Shape): string {
  const strides = rowMajorStrides(shape);
  return (
    w.recall(flatKey(coordinates, shape)) ??
    coordinates.reduce(
      (sum, coordinate, axis) => plus(w, sum, times(w, coordinate, strides[axis]!)),
      '0u',
    )
  );
}

/** The same element of a tensor of another shape and equal count. */
export function reshaped(w: KernelWriter, at: Coordinates, from: Shape, to: Shape): Coordinates {
  if (elementCount(to) === 1) return to.map(() => '0u');
  return unflatten(w, flatten(w, at, from), to);
}
