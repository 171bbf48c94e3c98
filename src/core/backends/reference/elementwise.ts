/**
 * Ops that work element by element. Conventions that all backends share: i32 arithmetic wraps, i32
 * division truncates (and by zero gives 0); `max` and `min` give NaN when either operand is NaN;
 * conversion to integers truncates, saturates, and makes 0 of NaN.
 */
import { type DType, type TensorType } from '../../../shared/tensor/tensorType.ts';
import type { BinaryFn, CompareFn, UnaryFn } from '../../ir/program.ts';
import { uniform24 } from '../../random/threefry.ts';
import { erf, float16, sigmoid } from './specialFunctions.ts';
import { type Round, type Tensor, fill } from './tensor.ts';

const unaryFns: Readonly<Record<UnaryFn, (x: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  cos: Math.cos,
  erf,
  exp: Math.exp,
  expm1: Math.expm1,
  float16,
  floor: Math.floor,
  log: Math.log,
  log1p: Math.log1p,
  neg: (x) => -x,
  not: (x) => (x === 0 ? 1 : 0),
  rsqrt: (x) => 1 / Math.sqrt(x),
  sigmoid,
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  uniform24,
};

const floatFns: Readonly<Record<BinaryFn, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  and: (a, b) => a & b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  mul: (a, b) => a * b,
  or: (a, b) => a | b,
  pow: Math.pow,
  sub: (a, b) => a - b,
};

const integerFns: typeof floatFns = {
  ...floatFns,
  // An Int32Array keeps the low 32 bits of what is stored, so only these need care.
  div: (a, b) => (b === 0 ? 0 : a / b),
  mul: Math.imul,
};

const compareFns: Readonly<Record<CompareFn, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
  ne: (a, b) => a !== b,
};

export function unary(type: TensorType, fn: UnaryFn, x: Tensor, round: Round): Tensor {
  const apply = unaryFns[fn];
  const finish = type.dtype === 'f32' ? round : (v: number): number => v;
  return fill(type, (_, e) => finish(apply(x.data[e]!)));
}

export function binary(fn: BinaryFn, [a, b]: readonly [Tensor, Tensor], round: Round): Tensor {
  const isFloat = a.type.dtype === 'f32';
  const apply = (isFloat ? floatFns : integerFns)[fn];
  const finish = isFloat ? round : (v: number): number => v;
  return fill(a.type, (_, e) => finish(apply(a.data[e]!, b.data[e]!)));
}

export function compare(type: TensorType, fn: CompareFn, a: Tensor, b: Tensor): Tensor {
  return fill(type, (_, e) => (compareFns[fn](a.data[e]!, b.data[e]!) ? 1 : 0));
}

export function select(condition: Tensor, whenTrue: Tensor, whenFalse: Tensor): Tensor {
  return fill(whenTrue.type, (_, e) => (condition.data[e] ? whenTrue : whenFalse).data[e]!);
}

export function convert(type: TensorType, x: Tensor, round: Round): Tensor {
  return fill(type, (_, e) => convertNumber(x.data[e]!, type.dtype, round));
}

function convertNumber(value: number, dtype: DType, round: Round): number {
  switch (dtype) {
    case 'f32':
      return round(value);
    case 'bool':
      return value !== 0 ? 1 : 0;
    case 'i32':
      return saturate(value, -(2 ** 31), 2 ** 31 - 1);
    case 'u8':
      return saturate(value, 0, 255);
  }
}

function saturate(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? 0 : Math.trunc(Math.min(high, Math.max(low, value)));
}
