/** Ops that move elements without computing: each says where in its argument an element comes from. */
import { invariant } from '../../../shared/errors.ts';
import { type TensorType, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { OpOf } from '../../ir/program.ts';
import { type Round, type Tensor, at, fill, zeros } from './tensor.ts';

export function constant(
  type: TensorType,
  values: number | readonly number[],
  round: Round,
): Tensor {
  const value = (e: number): number => (typeof values === 'number' ? values : values[e]!);
  return fill(type, (_, e) => (type.dtype === 'f32' ? round(value(e)) : value(e)));
}

export function iota(type: TensorType, axis: number): Tensor {
  return fill(type, (index) => index[axis]!);
}

export function broadcast(type: TensorType, x: Tensor): Tensor {
  const missing = type.shape.length - x.type.shape.length;
  return fill(type, (index) =>
    at(
      x,
      x.type.shape.map((size, axis) => (size === 1 ? 0 : index[axis + missing]!)),
    ),
  );
}

export function transpose(type: TensorType, x: Tensor, permutation: readonly number[]): Tensor {
  return fill(type, (index) => {
    const from = permutation.map(() => 0);
    permutation.forEach((axis, i) => (from[axis] = index[i]!));
    return at(x, from);
  });
}

export function slice(type: TensorType, x: Tensor, starts: readonly number[]): Tensor {
  return fill(type, (index) =>
    at(
      x,
      index.map((i, axis) => i + starts[axis]!),
    ),
  );
}

export function pad(type: TensorType, x: Tensor, op: OpOf<'pad'>, round: Round): Tensor {
  const filler = type.dtype === 'f32' ? round(op.value) : op.value;
  return fill(type, (index) => {
    const from = index.map((i, axis) => i - op.before[axis]!);
    const inside = from.every((i, axis) => i >= 0 && i < x.type.shape[axis]!);
    return inside ? at(x, from) : filler;
  });
}

export function concat(type: TensorType, parts: readonly Tensor[], axis: number): Tensor {
  return fill(type, (index) => {
    let along = index[axis]!;
    let part = 0;
    while (along >= parts[part]!.type.shape[axis]!) along -= parts[part++]!.type.shape[axis]!;
    return at(
      parts[part]!,
      index.map((i, a) => (a === axis ? along : i)),
    );
  });
}

export function dynamicRows(type: TensorType, x: Tensor, start: Tensor): Tensor {
  const first = start.data[0]!;
  const [rows = 0] = type.shape;
  const [have = 0] = x.type.shape;
  invariant(first >= 0 && first + rows <= have, `rows ${first} + ${rows} of ${have}`);
  return fill(type, ([row = 0, ...rest]) => at(x, [first + row, ...rest]));
}

export function gatherRows(type: TensorType, x: Tensor, indices: Tensor): Tensor {
  const [rows = 0] = x.type.shape;
  return fill(type, ([i = 0, ...rest]) => at(x, [checkedRow(indices.data[i]!, rows), ...rest]));
}

export function scatterAddRows(
  type: TensorType,
  indices: Tensor,
  updates: Tensor,
  round: Round,
): Tensor {
  const sum = zeros(type);
  const [rows = 0, ...rest] = type.shape;
  const width = elementCount(rest);
  for (let e = 0; e < updates.data.length; e++) {
    const row = checkedRow(indices.data[Math.floor(e / width)]!, rows);
    const to = row * width + (e % width);
    const value = sum.data[to]! + updates.data[e]!;
    sum.data[to] = type.dtype === 'f32' ? round(value) : value;
  }
  return sum;
}

function checkedRow(row: number, rows: number): number {
  invariant(row >= 0 && row < rows, `row index ${row} of ${rows}`);
  return row;
}
