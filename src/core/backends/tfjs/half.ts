/** Rounding to the numbers of IEEE binary16, from operations that every build of TensorFlow.js does exactly. */
import type { Lowering, Tensor } from './tensorFlow.ts';

/** Of the smallest normal number, and of the largest. */
const [leastExponent, largestExponent] = [-14, 15] as const;
const powers = Float32Array.from(
  { length: largestExponent - leastExponent + 1 },
  (_, i) => 2 ** (leastExponent + i),
);
/** From here on rounding gives infinity. */
const overflow = 65520;

/** The nearest binary16, even at a tie. */
export function float16(x: Tensor, lowering: Lowering): Tensor {
  const { tf, use } = lowering;
  const size = use(tf.abs(x));
  const quantum = use(tf.mul(powerBelow(size, lowering), use(tf.scalar(2 ** -10))));
  const quanta = use(tf.round(use(tf.div(size, quantum))));
  const isOver = use(tf.greaterEqual(size, use(tf.scalar(overflow))));
  const rounded = use(tf.where(isOver, use(tf.scalar(Infinity)), use(tf.mul(quanta, quantum))));
  return tf.where(isNegative(x, lowering), use(tf.neg(rounded)), rounded);
}

/** The power of two at or below each size, within those of normal numbers: the logarithm is mended where it is off. */
function powerBelow(size: Tensor, { tf, use }: Lowering): Tensor {
  const zero = use(tf.scalar(0));
  const number = use(tf.where(use(tf.isNaN(size)), zero, size));
  const inside = use(tf.clipByValue(number, 2 ** leastExponent, overflow));
  const logarithm = use(tf.mul(use(tf.log(inside)), use(tf.scalar(Math.LOG2E))));
  const exponent = use(tf.clipByValue(use(tf.floor(logarithm)), leastExponent, largestExponent));
  const index = use(tf.cast(use(tf.sub(exponent, use(tf.scalar(leastExponent)))), 'int32'));
  const power = use(tf.gather(use(tf.tensor1d(powers)), index));
  const double = use(tf.mul(power, use(tf.scalar(2))));
  const half = use(tf.mul(power, use(tf.scalar(0.5))));
  const raised = use(tf.where(use(tf.lessEqual(double, inside)), double, power));
  return use(tf.where(use(tf.greater(power, inside)), half, raised));
}

/** -0 too, which only a division tells from 0. */
function isNegative(x: Tensor, { tf, use }: Lowering): Tensor {
  const zero = use(tf.scalar(0));
  const inverse = use(tf.div(use(tf.scalar(1)), x));
  return use(tf.logicalOr(use(tf.less(x, zero)), use(tf.less(inverse, zero))));
}
