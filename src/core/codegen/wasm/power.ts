/**
 * a^b on four floats, computed in float64 two at a time: in float32 the error of log(a) would be
 * multiplied by b log(a). What it gives at the edges is what JavaScript's Math.pow gives.
 */
import type { FunctionBuilder, Push } from './asm.ts';

/** `a`, `b` are in locals. */
export function power(f: FunctionBuilder, a: Push, b: Push): Push {
  const size = f.keep(f.simd('f32x4Abs', a));
  const low = f.keep(halfPower(f, size, b));
  const high = f.keep(halfPower(f, upper(f, size), upper(f, b)));
  const finite = f.shuffle(low, high, [0, 1, 4, 5]);
  return withEdges(f, { a, b, size }, f.keep(finite));
}

function upper(f: FunctionBuilder, x: Push): Push {
  return f.keep(f.shuffle(x, x, [2, 3, 2, 3]));
}

/** Two floats in the low lanes; exact edges are put right afterwards. */
function halfPower(f: FunctionBuilder, size: Push, exponent: Push): Push {
  const x = f.keep(f.simd('f64x2PromoteLow', size));
  const c = (value: number): Push => f.vector(new Float64Array(2).fill(value));
  const long = (value: bigint): Push => f.vector(new BigInt64Array(2).fill(value));
  // Every positive float32 is a normal float64. Around sqrt(1/2) the exponent changes by one.
  const sqrtHalf = 0x3fe6a09e667f3bcdn;
  const moved = f.keep(f.simd('i64x2Sub', x, long(sqrtHalf)));
  const up = f.simd('i64x2ShrU', f.simd('i64x2Add', moved, long(1024n << 52n)), f.int(52));
  const exponentBits = f.keep(f.simd('i64x2Sub', up, long(1024n)));
  const m = f.keep(f.simd('i64x2Sub', x, f.simd('i64x2Shl', exponentBits, f.int(52))));
  const e = f.simd('f64x2ConvertLowI32x4', f.shuffle(exponentBits, exponentBits, [0, 2, 0, 2]));
  const s = f.keep(f.simd('f64x2Div', f.simd('f64x2Sub', m, c(1)), f.simd('f64x2Add', m, c(1))));
  const z = f.keep(f.simd('f64x2Mul', s, s));
  const series = [15, 13, 11, 9, 7, 5, 3, 1].map((k) => 2 / k / Math.LN2);
  const log2m = f.simd('f64x2Mul', horner(f, z, series.map(c)), s);
  const t = f.keep(
    f.simd('f64x2Mul', f.simd('f64x2Add', e, log2m), f.simd('f64x2PromoteLow', exponent)),
  );
  return f.simd('f32x4DemoteF64x2', exp2(f, t, c));
}

/** 2^t, with t cut to what float32 can tell from 0 and infinity. */
function exp2(f: FunctionBuilder, t: Push, c: (value: number) => Push): Push {
  const clamp = (mask: Push, limit: number, other: Push): Push =>
    f.keep(f.simd('bitselect', c(limit), other, mask));
  const above = clamp(f.simd('f64x2Lt', t, c(-200)), -200, t);
  const cut = clamp(f.simd('f64x2Lt', c(200), above), 200, above);
  const n = f.keep(f.simd('f64x2Nearest', cut));
  const r = f.keep(f.simd('f64x2Mul', f.simd('f64x2Sub', cut, n), c(Math.LN2)));
  const taylor: number[] = [1];
  for (let k = 1; k <= 11; k++) taylor.unshift(taylor[0]! / k);
  const whole = f.keep(f.simd('i32x4TruncF64x2', n));
  // The integers, in the upper half of each 64-bit lane: shifted to the exponent's place.
  const placed = f.simd('i32x4Shl', f.shuffle(whole, f.ints(0), [4, 0, 4, 1]), f.int(20));
  const scaled = f.simd('i64x2Add', horner(f, r, taylor.map(c)), placed);
  return scaled;
}

function horner(f: FunctionBuilder, x: Push, coefficients: readonly Push[]): Push {
  const [first, ...rest] = coefficients;
  return rest.reduce(
    (sum, coefficient) => f.simd('f64x2Add', f.simd('f64x2Mul', sum, x), coefficient),
    first!,
  );
}

function withEdges(
  f: FunctionBuilder,
  { a, b, size }: { a: Push; b: Push; size: Push },
  finite: Push,
): Push {
  const c = (value: number): Push => f.floats(value);
  const pick = (mask: Push, yes: Push, no: Push): Push =>
    f.keep(f.simd('bitselect', yes, no, mask));
  const negativeB = f.keep(f.simd('f32x4Lt', b, c(0)));
  const isZero = f.simd('f32x4Eq', size, c(0));
  const isInfinite = f.simd('f32x4Eq', size, c(Infinity));
  let result = pick(isZero, pick(negativeB, c(Infinity), c(0)), finite);
  result = pick(isInfinite, pick(negativeB, c(0), c(Infinity)), result);
  // An infinite exponent: 1 gives NaN in JavaScript; else by which side of 1 the base is on.
  const infiniteB = f.simd('f32x4Eq', f.simd('f32x4Abs', b), c(Infinity));
  const grows = f.simd('xor', f.simd('f32x4Gt', size, c(1)), negativeB);
  const byInfinity = pick(f.simd('f32x4Eq', size, c(1)), c(NaN), pick(grows, c(Infinity), c(0)));
  result = pick(infiniteB, byInfinity, result);
  const half = f.simd('f32x4Mul', b, c(0.5));
  const isInteger = f.keep(f.simd('f32x4Eq', f.simd('f32x4Trunc', b), b));
  const isOdd = f.keep(
    f.simd('andNot', isInteger, f.simd('f32x4Eq', f.simd('f32x4Trunc', half), half)),
  );
  const signed = f.simd('xor', result, f.simd('and', f.simd('and', a, f.ints(-0x80000000)), isOdd));
  // A negative finite base has only integer powers.
  const below = f.simd('f32x4Lt', a, c(0));
  const fractional = f.simd(
    'andNot',
    f.simd('andNot', below, isInteger),
    f.simd('f32x4Eq', size, c(Infinity)),
  );
  result = pick(fractional, c(NaN), f.keep(signed));
  const isNan = f.simd('or', f.simd('f32x4Ne', a, a), f.simd('f32x4Ne', b, b));
  result = pick(isNan, c(NaN), result);
  return pick(f.simd('f32x4Eq', b, c(0)), c(1), result);
}
