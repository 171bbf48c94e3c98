/** Elementwise ops on four elements in registers (lanes.ts says in which form). */
import { unreachable } from '../../../shared/errors.ts';
import type { BinaryFn, CompareFn, DType, UnaryFn } from '../../ir/program.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import type { simd } from './opcodes.ts';
import { power } from './power.ts';
import type { Value } from './values.ts';
import { VectorMath } from './vectorMath.ts';

type SimdName = keyof typeof simd;

/** `args` can be pushed several times: they are in locals. */
export function elementwise(
  f: FunctionBuilder,
  math: VectorMath,
  value: Value,
  args: readonly Push[],
): Push {
  const { op, inputs } = value;
  const [a, b, c] = args as [Push, Push, Push];
  const dtype = inputs[0]!.value.dtype;
  switch (op.kind) {
    case 'unary':
      return unary(f, math, { fn: op.fn, dtype }, a);
    case 'binary':
      return binary(f, value, op.fn, [a, b]);
    case 'compare':
      return f.simd(`${dtype === 'f32' ? 'f32x4' : 'i32x4'}${compareNames[op.fn]}`, a, b);
    case 'select':
      return f.simd('bitselect', b, c, a);
    case 'convert':
      return convert(f, dtype, value.dtype, a);
    case 'copy':
      return a;
    default:
      throw new Error(`internal: ${op.kind} is not elementwise`);
  }
}

const compareNames = {
  eq: 'Eq',
  ne: 'Ne',
  lt: 'Lt',
  le: 'Le',
  gt: 'Gt',
  ge: 'Ge',
} as const satisfies Record<CompareFn, string>;

function unary(
  f: FunctionBuilder,
  math: VectorMath,
  { fn, dtype }: { fn: UnaryFn; dtype: DType },
  x: Push,
): Push {
  const isFloat = dtype === 'f32';
  switch (fn) {
    case 'abs':
      return f.simd(isFloat ? 'f32x4Abs' : 'i32x4Abs', x);
    case 'neg':
      return f.simd(isFloat ? 'f32x4Neg' : 'i32x4Neg', x);
    case 'sign':
      return isFloat ? floatSign(f, x) : intSign(f, x);
    case 'ceil':
      return f.simd('f32x4Ceil', x);
    case 'floor':
      return f.simd('f32x4Floor', x);
    case 'float16':
      return roundToHalf(f, x);
    case 'sqrt':
      return f.simd('f32x4Sqrt', x);
    case 'rsqrt':
      return math.div(math.c(1), f.simd('f32x4Sqrt', x));
    case 'not':
      return f.simd('not', x);
    case 'uniform24': {
      const top = f.simd('f32x4ConvertI32x4', f.simd('i32x4ShrU', x, f.int(8)));
      return math.mul(top, math.c(2 ** -24));
    }
    case 'exp':
    case 'expm1':
    case 'log':
    case 'log1p':
    case 'sigmoid':
    case 'tanh':
    case 'erf':
      return math[fn](x);
    case 'sin':
      return math.sine(x, 0);
    case 'cos':
      return math.sine(x, 1);
    default:
      return unreachable(fn);
  }
}

/**
 * To the nearest number of binary16: the fraction's last 13 bits are rounded away, to even at a tie. Below its least
 * normal number the quantum is 2^-24, which is that of the sum with 0.5; from 65520 on it is infinite; NaN stays.
 */
function roundToHalf(f: FunctionBuilder, x: Push): Push {
  const sign = f.simd('and', x, f.ints(-0x80000000));
  const size = f.keep(f.simd('f32x4Abs', x));
  const odd = f.simd('and', f.simd('i32x4ShrU', size, f.int(13)), f.ints(1));
  const carried = f.simd('i32x4Add', f.simd('i32x4Add', size, f.ints(0xfff)), odd);
  const normal = f.simd('and', carried, f.ints(~0x1fff));
  const small = f.simd('f32x4Sub', f.simd('f32x4Add', size, f.floats(0.5)), f.floats(0.5));
  const isSmall = f.simd('f32x4Lt', size, f.floats(2 ** -14));
  const finite = f.simd('bitselect', small, normal, isSmall);
  const isLarge = f.simd('f32x4Ge', size, f.floats(65520));
  const rounded = f.simd('bitselect', f.floats(Infinity), finite, isLarge);
  const isNaN = f.simd('f32x4Ne', x, x);
  return f.simd('bitselect', x, f.simd('or', rounded, sign), isNaN);
}

/** -1, 0, 1; a zero or NaN stays what it is. */
function floatSign(f: FunctionBuilder, x: Push): Push {
  const bits = f.simd('and', x, f.ints(-0x80000000));
  const one = f.simd('or', bits, f.floats(1));
  const size = f.simd('f32x4Gt', f.simd('f32x4Abs', x), f.floats(0));
  return f.simd('bitselect', one, x, size);
}

function intSign(f: FunctionBuilder, x: Push): Push {
  const low = f.simd('i32x4Max', x, f.ints(-1));
  return f.simd('i32x4Min', low, f.ints(1));
}

const floatOps: Partial<Record<BinaryFn, SimdName>> = {
  add: 'f32x4Add',
  sub: 'f32x4Sub',
  mul: 'f32x4Mul',
  div: 'f32x4Div',
  max: 'f32x4Max',
  min: 'f32x4Min',
};
const intOps: Partial<Record<BinaryFn, SimdName>> = {
  add: 'i32x4Add',
  sub: 'i32x4Sub',
  mul: 'i32x4Mul',
  max: 'i32x4Max',
  min: 'i32x4Min',
};

function binary(f: FunctionBuilder, value: Value, fn: BinaryFn, [a, b]: [Push, Push]): Push {
  if (fn === 'and' || fn === 'or') return f.simd(fn, a, b);
  if (value.dtype !== 'f32') {
    const op = intOps[fn];
    return op === undefined ? intByLane(f, fn, [a, b]) : f.simd(op, a, b);
  }
  if (fn === 'pow') return power(f, a, b);
  if ((fn === 'max' || fn === 'min') && isNumber(value)) {
    // One instruction where the general maximum takes eight; a NaN in `a` stays.
    return f.simd(fn === 'max' ? 'f32x4Pmax' : 'f32x4Pmin', a, b);
  }
  return f.simd(floatOps[fn]!, a, b);
}

/** Whether the second operand is a constant other than NaN. */
function isNumber(value: Value): boolean {
  const op = value.inputs[1]!.value.op;
  return op.kind === 'constant' && op.values.every((number) => !Number.isNaN(number));
}

/** Division truncates; by zero it gives 0, as a trap would end the process. */
function intByLane(f: FunctionBuilder, fn: BinaryFn, [a, b]: [Push, Push]): Push {
  if (fn !== 'div') throw new Error(`internal: integer ${fn}`);
  const zero = f.keep(f.simd('i32x4Eq', b, f.ints(0)));
  const minusOne = f.simd('i32x4Eq', b, f.ints(-1));
  // By -1 the quotient may overflow, which traps as well: negate instead.
  const negated = f.keep(f.simd('bitselect', f.simd('i32x4Neg', a), f.ints(0), minusOne));
  const unsafe = f.keep(f.simd('or', zero, minusOne));
  const divisor = f.keep(f.simd('bitselect', f.ints(1), b, unsafe));
  let quotient = f.ints(0);
  for (let lane = 0; lane < 4; lane++) {
    const x = f.lane('i32x4ExtractLane', lane, a);
    const y = f.lane('i32x4ExtractLane', lane, divisor);
    quotient = f.lane('i32x4ReplaceLane', lane, quotient, f.plain('i32DivS', x, y));
  }
  return f.simd('bitselect', negated, quotient, unsafe);
}

function convert(f: FunctionBuilder, from: DType, to: DType, x: Push): Push {
  if (from === to) return x;
  if (from === 'bool') return f.simd('and', x, to === 'f32' ? f.floats(1) : f.ints(1));
  if (to === 'bool') {
    return from === 'f32' ? f.simd('f32x4Ne', x, f.floats(0)) : f.simd('i32x4Ne', x, f.ints(0));
  }
  if (from === 'f32') return f.simd('i32x4TruncF32x4', x);
  return to === 'f32' ? f.simd('f32x4ConvertI32x4', x) : x;
}
