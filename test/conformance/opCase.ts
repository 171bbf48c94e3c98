/** The form of one row of the op table, and short ways to write its inputs. */
import type { Builder } from '../../src/core/ir/builder.ts';
import type { Node } from '../../src/core/ir/program.ts';
import { randomSource } from '../../src/core/random/threefry.ts';
import { type DType, type Shape, elementCount } from '../../src/shared/tensor/tensorType.ts';
import type { ToleranceFamily } from '../kit/tolerance.ts';

export interface CaseInput {
  readonly dtype: DType;
  readonly shape: Shape;
  /** Row-major; f32 values are rounded to float32, so that every backend sees the same. */
  readonly values: readonly number[];
}

export interface OpCase {
  readonly name: string;
  readonly family: ToleranceFamily;
  readonly inputs: readonly CaseInput[];
  readonly build: (b: Builder, inputs: Nodes) => Node | readonly Node[];
  /** Computed by hand: one list for each output. Without it the reference is the oracle. */
  readonly expected?: readonly (readonly number[])[];
  /** Its gradients for all f32 inputs are checked too, against finite differences and on every backend. */
  readonly differentiable?: boolean;
}

/** The inputs of a case, as many as it declares. */
export type Nodes = readonly [Node, Node, Node, Node, Node, Node];

export function given(dtype: DType, shape: Shape, values: readonly number[]): CaseInput {
  return { dtype, shape, values: dtype === 'f32' ? values.map(Math.fround) : values };
}

/** Standard normals; `stream` tells apart the inputs of a case. */
export function normal(shape: Shape, stream = 0): CaseInput {
  const source = randomSource({ seed: 20, stream });
  const values = Array.from({ length: elementCount(shape) }, source.normal);
  return given('f32', shape, values);
}

/** Between 0.5 and 2.5. */
export function positive(shape: Shape, stream = 0): CaseInput {
  const source = randomSource({ seed: 21, stream });
  return given(
    'f32',
    shape,
    Array.from({ length: elementCount(shape) }, () => 0.5 + 2 * source.uniform()),
  );
}

/** 0 .. below - 1. */
export function indices(shape: Shape, below: number, stream = 0): CaseInput {
  const source = randomSource({ seed: 22, stream });
  const values = Array.from({ length: elementCount(shape) }, () => source.word() % below);
  return given('i32', shape, values);
}

/** What breaks careless code; eleven numbers, so no SIMD width divides them. */
export const awkward: readonly number[] = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  3.0000001,
  -2.5,
  1e30,
  -1e-30,
];

/** One element, a prime, an odd matrix, one row, one column, no rows, three axes. */
export const oddShapes: readonly Shape[] = [
  [],
  [1],
  [7],
  [3, 5],
  [1, 13],
  [17, 1],
  [0, 3],
  [2, 3, 5],
];
