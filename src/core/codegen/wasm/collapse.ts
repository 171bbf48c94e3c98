/** Fewer axes for the same walk. */
import type { Shape } from '../../../shared/tensor/tensorType.ts';

interface Strided {
  readonly strides: readonly number[];
}

export interface Collapsed<T> {
  /** At least one. */
  readonly sizes: readonly number[];
  readonly accesses: readonly T[];
}

/** Drops axes of size 1 and merges neighbours that every access walks as one. At least one axis is left. */
export function collapse<T extends Strided>(shape: Shape, accesses: readonly T[]): Collapsed<T> {
  const axes: { size: number; strides: number[] }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const strides = accesses.map((access) => access.strides[axis]!);
    const outer = axes.at(-1);
    if (outer?.strides.every((stride, i) => stride === strides[i]! * size) === true) {
      axes[axes.length - 1] = { size: outer.size * size, strides };
    } else {
      axes.push({ size, strides });
    }
  });
  if (axes.length === 0) axes.push({ size: 1, strides: accesses.map(() => 0) });
  return {
    sizes: axes.map(({ size }) => size),
    accesses: accesses.map((access, i) => ({
      ...access,
      strides: axes.map(({ strides }) => strides[i]!),
    })),
  };
}
