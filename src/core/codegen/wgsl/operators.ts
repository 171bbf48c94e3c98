/** Elementwise ops as WGSL expressions of their operands' names. Functions with a capital-free long name are in helpers.ts. */
import type { DType } from '../../../shared/tensor/tensorType.ts';
import type { BinaryFn, CompareFn, UnaryFn } from '../../ir/program.ts';

export function unaryText(fn: UnaryFn, x: string, dtype: DType): string {
  if (dtype === 'i32' && fn !== 'uniform24') return fn === 'neg' ? `-(${x})` : `${fn}(${x})`;
  return unaryFns[fn](x);
}

const unaryFns: Readonly<Record<UnaryFn, (x: string) => string>> = {
  abs: (x) => `abs(${x})`,
  ceil: (x) => `ceil(${x})`,
  cos: (x) => `cosine(${x})`,
  erf: (x) => `errorFunction(${x})`,
  exp: (x) => `exponential(${x})`,
  expm1: (x) => `exponentialLessOne(${x})`,
  float16: (x) => `roundToHalf(${x})`,
  floor: (x) => `floor(${x})`,
  log: (x) => `logarithm(${x})`,
  log1p: (x) => `logarithmOfOnePlus(${x})`,
  neg: (x) => `-(${x})`,
  not: (x) => `!(${x})`,
  rsqrt: (x) => `1f / sqrt(${x})`,
  sigmoid: (x) => `logistic(${x})`,
  sign: (x) => `signOf(${x})`,
  sin: (x) => `sine(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  tanh: (x) => `hyperbolicTangent(${x})`,
  uniform24: (x) => `f32(bitcast<u32>(${x}) >> 8u) * 0x1p-24f`,
};

export function binaryText(fn: BinaryFn, x: string, y: string, dtype: DType): string {
  const operator = operators[fn];
  if (fn === 'div' && dtype === 'i32') return `select(${x} / ${y}, 0, ${y} == 0)`;
  if (operator !== undefined) return `${x} ${operator} ${y}`;
  if (fn === 'pow') return `power(${x}, ${y})`;
  if (dtype === 'f32') return fn === 'max' ? `larger(${x}, ${y})` : `smaller(${x}, ${y})`;
  return `${fn}(${x}, ${y})`;
}

const operators: Readonly<Partial<Record<BinaryFn, string>>> = {
  add: '+',
  and: '&&',
  div: '/',
  mul: '*',
  or: '||',
  sub: '-',
};

/** Whether NaN differs from itself is left to the driver by `!=`, so that is said by `==`. */
export function compareText(fn: CompareFn, x: string, y: string): string {
  return fn === 'ne' ? `!(${x} == ${y})` : `${x} ${compareOperators[fn]} ${y}`;
}

const compareOperators: Readonly<Record<Exclude<CompareFn, 'ne'>, string>> = {
  eq: '==',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
};

export function convertText(x: string, from: DType, to: DType): string {
  if (from === to) return x;
  if (to === 'bool') return from === 'u8' ? `${x} != 0u` : `${x} != ${from}(0)`;
  if (to === 'f32') return from === 'bool' ? `select(0f, 1f, ${x})` : `f32(${x})`;
  if (to === 'i32') return from === 'f32' ? `truncated(${x})` : `i32(${x})`;
  return from === 'bool' ? `u32(${x})` : `u32(clamp(${convertText(x, from, 'i32')}, 0, 255))`;
}
