/** Ops that sum or choose over axes. Sums run in index order, one term after the other. */
import type { TensorType } from '../../../shared/tensor/tensorType.ts';
import type { OpOf, ReduceFn } from '../../ir/program.ts';
import { type Round, type Tensor, at, fill, flatIndex, forEachIndex, zeros } from './tensor.ts';

const startOf: Readonly<Record<ReduceFn, number>> = { max: -Infinity, min: Infinity, sum: 0 };

/** Maximum of no elements is -Infinity, minimum Infinity (the ends of the range for i32), sum 0. */
export function reduce(type: TensorType, x: Tensor, op: OpOf<'reduce'>, round: Round): Tensor {
  const result = zeros(type);
  result.data.fill(identityOf(type, op.fn));
  const finish = type.dtype === 'f32' ? round : (v: number): number => v;
  forEachIndex(x.type.shape, (index, e) => {
    const to = flatIndex(
      type.shape,
      index.filter((_, axis) => !op.axes.includes(axis)),
    );
    result.data[to] = finish(combine(op.fn, result.data[to]!, x.data[e]!));
  });
  return result;
}

function identityOf(type: TensorType, fn: ReduceFn): number {
  if (type.dtype === 'f32' || fn === 'sum') return startOf[fn];
  return fn === 'max' ? -(2 ** 31) : 2 ** 31 - 1;
}

function combine(fn: ReduceFn, a: number, b: number): number {
  return fn === 'sum' ? a + b : fn === 'max' ? Math.max(a, b) : Math.min(a, b);
}

/** NaN never wins; where nothing is larger than -Infinity the answer is 0. */
export function argMax(type: TensorType, x: Tensor, axis: number): Tensor {
  return fill(type, (index) => {
    let best = -Infinity;
    let winner = 0;
    for (let i = 0; i < x.type.shape[axis]!; i++) {
      const value = at(x, [...index.slice(0, axis), i, ...index.slice(axis)]);
      if (value > best) [best, winner] = [value, i];
    }
    return winner;
  });
}

export function matmul(
  type: TensorType,
  op: OpOf<'matmul'>,
  [a, b]: readonly [Tensor, Tensor],
  round: Round,
): Tensor {
  const inner = a.type.shape[op.transposeA ? 0 : 1]!;
  return fill(type, ([m = 0, n = 0]) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const left = at(a, op.transposeA ? [k, m] : [m, k]);
      const right = at(b, op.transposeB ? [n, k] : [k, n]);
      sum = round(sum + round(left * right));
    }
    return sum;
  });
}
