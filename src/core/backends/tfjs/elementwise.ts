/**
 * Ops that work element by element, with the conventions of the IR where TensorFlow.js has others: integer division
 * truncates and by zero gives 0, conversion to integers saturates and makes 0 of NaN. Operands may have fewer axes or
 * axes of size 1; the caller widens a result that is too small.
 */
import type { DType } from '../../../shared/tensor/tensorType.ts';
import type { BinaryFn, CompareFn, Node, UnaryFn } from '../../ir/program.ts';
import { float16 } from './half.ts';
import { type Lowering, type Tensor, tfTypes } from './tensorFlow.ts';

/** Null where the node is of another kind. */
export function elementwise(
  { op, type, args: from }: Node,
  args: readonly Tensor[],
  lowering: Lowering,
): Tensor | null {
  const [x, y, z] = args as [Tensor, Tensor, Tensor];
  switch (op.kind) {
    case 'unary':
      return from[0]!.type.dtype === 'i32'
        ? integerUnary(op.fn, x, lowering)
        : floatUnary(op.fn, x, lowering);
    case 'binary':
      return type.dtype === 'i32'
        ? integerBinary(op.fn, [x, y], lowering)
        : floatBinary(op.fn, [x, y], lowering);
    case 'compare':
      return lowering.tf[compareNames[op.fn]](x, y);
    case 'select':
      return lowering.tf.where(x, y, z);
    case 'convert':
      return convert(x, { from: from[0]!.type.dtype, to: type.dtype }, lowering);
    default:
      return null;
  }
}

const compareNames = {
  eq: 'equal',
  ge: 'greaterEqual',
  gt: 'greater',
  le: 'lessEqual',
  lt: 'less',
  ne: 'notEqual',
} as const satisfies Record<CompareFn, string>;

function floatUnary(fn: UnaryFn, x: Tensor, lowering: Lowering): Tensor {
  const { tf, use } = lowering;
  switch (fn) {
    case 'float16':
      return float16(x, lowering);
    case 'not':
      return tf.logicalNot(x);
    case 'sign': // TensorFlow.js makes 0 of NaN
      return tf.where(use(tf.isNaN(x)), x, use(tf.sign(x)));
    case 'uniform24':
      throw new Error('uniform24 takes integers');
    default:
      return tf[fn](x);
  }
}

function integerUnary(fn: UnaryFn, x: Tensor, lowering: Lowering): Tensor {
  const { tf, use } = lowering;
  switch (fn) {
    case 'abs': // tf.abs goes through float32
      return tf.maximum(x, use(tf.neg(x)));
    case 'sign': {
      const zero = use(tf.scalar(0, 'int32'));
      const below = use(tf.cast(use(tf.less(x, zero)), 'int32'));
      return tf.sub(use(tf.cast(use(tf.greater(x, zero)), 'int32')), below);
    }
    case 'uniform24':
      return uniform24(x, lowering);
    default:
      return tf.neg(x);
  }
}

/** The top 24 bits x 2^-24. Rounding down divides as a shift does, sign and all. */
function uniform24(bits: Tensor, { tf, use }: Lowering): Tensor {
  const shifted = use(tf.floorDiv(bits, use(tf.scalar(256, 'int32'))));
  const isNegative = use(tf.less(bits, use(tf.scalar(0, 'int32'))));
  const lifted = use(tf.add(shifted, use(tf.scalar(2 ** 24, 'int32'))));
  const top = use(tf.where(isNegative, lifted, shifted));
  return tf.mul(use(tf.cast(top, 'float32')), use(tf.scalar(2 ** -24)));
}

function floatBinary(fn: BinaryFn, [x, y]: readonly [Tensor, Tensor], l: Lowering): Tensor {
  const { tf } = l;
  switch (fn) {
    case 'and':
      return tf.logicalAnd(x, y);
    case 'or':
      return tf.logicalOr(x, y);
    case 'max':
    case 'min':
      return larger(fn, [x, y], l);
    default:
      return tf[fn](x, y);
  }
}

/** The larger or smaller of two f32 tensors, NaN where one of them is. */
export function larger(
  fn: 'max' | 'min',
  [x, y]: readonly [Tensor, Tensor],
  { tf, keepsNaN, use }: Lowering,
): Tensor {
  if (keepsNaN) return fn === 'max' ? tf.maximum(x, y) : tf.minimum(x, y);
  const wins = use(fn === 'max' ? tf.greater(x, y) : tf.less(x, y));
  return tf.where(use(tf.logicalOr(wins, use(tf.isNaN(x)))), x, y);
}

function integerBinary(fn: BinaryFn, [x, y]: readonly [Tensor, Tensor], l: Lowering): Tensor {
  const { tf } = l;
  switch (fn) {
    case 'mul':
      return integerProduct(x, y, l);
    case 'div':
      return integerQuotient(x, y, l);
    case 'max':
      return tf.maximum(x, y);
    case 'min':
      return tf.minimum(x, y);
    default:
      return tf[fn as 'add' | 'sub'](x, y);
  }
}

/**
 * The low 32 bits of a product. JavaScript kernels multiply as float64, exact up to 2^53: the halves of `x` stay
 * below it.
 */
function integerProduct(x: Tensor, y: Tensor, { tf, use }: Lowering): Tensor {
  const half = use(tf.scalar(2 ** 16, 'int32'));
  const high = use(tf.floorDiv(x, half));
  const low = use(tf.sub(x, use(tf.mul(high, half))));
  const shifted = use(tf.mul(use(tf.mul(high, y)), half));
  return tf.add(shifted, use(tf.mul(low, y)));
}

/** By zero 0. By -1 apart, as -2^31 / -1 ends some processes. */
function integerQuotient(x: Tensor, y: Tensor, { tf, use }: Lowering): Tensor {
  const [zero, one] = [0, 1].map((value) => use(tf.scalar(value, 'int32'))) as [Tensor, Tensor];
  const byZero = use(tf.equal(y, zero));
  const byMinusOne = use(tf.equal(y, use(tf.scalar(-1, 'int32'))));
  const divisor = use(tf.where(use(tf.logicalOr(byZero, byMinusOne)), one, y));
  const down = use(tf.floorDiv(x, divisor));
  const left = use(tf.notEqual(use(tf.mul(down, divisor)), x));
  // Rounded down below zero: one too low.
  const isLow = use(tf.logicalAnd(left, use(tf.less(down, zero))));
  const quotient = use(tf.where(isLow, use(tf.add(down, one)), down));
  return tf.where(byZero, zero, use(tf.where(byMinusOne, use(tf.neg(x)), quotient)));
}

interface Conversion {
  readonly from: DType;
  readonly to: DType;
}

function convert(x: Tensor, { from, to }: Conversion, l: Lowering): Tensor {
  const { tf, use } = l;
  if (from === to) return tf.clone(x);
  if (to === 'bool') return tf.notEqual(x, use(tf.scalar(0, tfTypes[from])));
  if (to === 'u8' && from === 'i32') return clipped(x, l);
  if (from === 'f32' && to !== 'f32') return truncated(x, to, l);
  return tf.cast(x, tfTypes[to]);
}

function clipped(x: Tensor, { tf, use }: Lowering): Tensor {
  const atLeast = use(tf.maximum(x, use(tf.scalar(0, 'int32'))));
  return tf.minimum(atLeast, use(tf.scalar(255, 'int32')));
}

/** The largest i32 is no float32, so it is put in afterwards. */
function truncated(x: Tensor, to: 'i32' | 'u8', { tf, use }: Lowering): Tensor {
  const number = use(tf.where(use(tf.isNaN(x)), use(tf.scalar(0)), x));
  if (to === 'u8') return tf.cast(use(tf.clipByValue(number, 0, 255)), 'int32');
  const inside = use(tf.clipByValue(number, -(2 ** 31), 2 ** 31 - 128));
  const isAbove = use(tf.greaterEqual(number, use(tf.scalar(2 ** 31))));
  const largest = use(tf.scalar(2 ** 31 - 1, 'int32'));
  return tf.where(isAbove, largest, use(tf.cast(inside, 'int32')));
}
