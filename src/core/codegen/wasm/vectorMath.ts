/**
 * Elementary functions on four floats. Each reduces its argument to a small interval, evaluates a
 * polynomial there and puts the result together from exact pieces. Largest error in units in the last
 * place, over all float32 arguments unless said otherwise (test/unit/codegen/vectorMath.test.ts holds
 * them to it): exp 1, expm1 2, log 1, log1p 3, sigmoid 3, tanh 3, erf 2, pow 1, sin and cos 2 for |x| <= 8192.
 * Zeros, infinities, NaN and denormals give what IEEE 754 and JavaScript's Math give.
 * Coefficients of exp, log and sin: Cephes (Moshier); erf: Juffa, public domain.
 */
import type { FunctionBuilder, Push } from './asm.ts';

export class VectorMath {
  private readonly f: FunctionBuilder;
  /** Whether a * b + c may be one fused operation. */
  readonly fma: boolean;

  constructor(f: FunctionBuilder, fma: boolean) {
    this.f = f;
    this.fma = fma;
  }

  add(a: Push, b: Push): Push {
    return this.f.simd('f32x4Add', a, b);
  }
  sub(a: Push, b: Push): Push {
    return this.f.simd('f32x4Sub', a, b);
  }
  mul(a: Push, b: Push): Push {
    return this.f.simd('f32x4Mul', a, b);
  }
  div(a: Push, b: Push): Push {
    return this.f.simd('f32x4Div', a, b);
  }
  c(value: number): Push {
    return this.f.floats(value);
  }

  /** a * b + c */
  madd(a: Push, b: Push, c: Push): Push {
    return this.fma ? this.f.simd('f32x4RelaxedMadd', a, b, c) : this.add(this.mul(a, b), c);
  }

  /** c - a * b */
  nmadd(a: Push, b: Push, c: Push): Push {
    return this.fma ? this.f.simd('f32x4RelaxedNmadd', a, b, c) : this.sub(c, this.mul(a, b));
  }

  /** Coefficients from the highest power down. */
  polynomial(x: Push, coefficients: readonly number[]): Push {
    const [first = 0, ...rest] = coefficients;
    return rest.reduce((sum, coefficient) => this.madd(sum, x, this.c(coefficient)), this.c(first));
  }

  select(mask: Push, whenTrue: Push, whenFalse: Push): Push {
    return this.f.simd('bitselect', whenTrue, whenFalse, mask);
  }

  exp(argument: Push): Push {
    const { f } = this;
    // The second operand is the constant, so that NaN stays.
    const clamped = f.simd('f32x4Pmin', f.simd('f32x4Pmax', argument, this.c(-104)), this.c(89));
    const x = f.keep(clamped);
    const { n, r } = this.byLogarithmOfTwo(x);
    const y = this.add(this.madd(this.expTail(r), this.mul(r, r), r), this.c(1));
    // 2^n in two factors, each a normal number, so that overflow and denormals come out right.
    const half = f.keep(f.simd('i32x4ShrS', n, f.int(1)));
    const other = f.simd('i32x4Sub', n, half);
    return this.mul(this.mul(y, this.powerOfTwo(half)), this.powerOfTwo(other));
  }

  expm1(argument: Push): Push {
    const { f } = this;
    const source = f.keep(argument);
    const clamped = f.simd('f32x4Pmin', f.simd('f32x4Pmax', source, this.c(-104)), this.c(89));
    const { n, r } = this.byLogarithmOfTwo(f.keep(clamped));
    const p = this.madd(this.expTail(r), this.mul(r, r), r);
    // With half = 2^(n-1): (p + 1) 2^n - 1 = 2 (p half + (half - 0.5)).
    const lowest = f.simd('i32x4Max', f.simd('i32x4Sub', n, f.ints(1)), f.ints(-126));
    const half = f.keep(this.powerOfTwo(lowest));
    const sum = f.keep(this.madd(p, half, this.sub(half, this.c(0.5))));
    const tiny = f.simd('f32x4Lt', f.simd('f32x4Abs', source), this.c(1e-8));
    return this.select(tiny, source, this.add(sum, sum));
  }

  /** n = round(x / ln 2) as integers and r = x - n ln 2. */
  private byLogarithmOfTwo(x: Push): { n: Push; r: Push } {
    const { f } = this;
    // Adding 1.5 * 2^23 rounds to an integer and leaves that integer in the low bits.
    const shift = 1.5 * 2 ** 23;
    const shifted = f.keep(this.madd(x, this.c(Math.LOG2E), this.c(shift)));
    const turns = f.keep(this.sub(shifted, this.c(shift)));
    const high = this.nmadd(turns, this.c(0.693359375), x);
    const r = f.keep(this.nmadd(turns, this.c(-2.1219444e-4), high));
    return { n: f.keep(f.simd('i32x4Sub', shifted, f.ints(0x4b400000))), r };
  }

  /** (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2. */
  private expTail(r: Push): Push {
    return this.polynomial(
      r,
      [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5],
    );
  }

  private powerOfTwo(n: Push): Push {
    const { f } = this;
    return f.simd('i32x4Shl', f.simd('i32x4Add', n, f.ints(127)), f.int(23));
  }

  log(argument: Push): Push {
    const { f } = this;
    const x = f.keep(argument);
    const denormal = f.keep(f.simd('f32x4Lt', x, this.c(2 ** -126)));
    const scaled = f.keep(this.select(denormal, this.mul(x, this.c(2 ** 23)), x));
    const bias = this.select(denormal, f.ints(126 + 23), f.ints(126));
    const exponent = f.simd('i32x4Sub', f.simd('i32x4ShrU', scaled, f.int(23)), bias);
    const fraction = f.simd('and', scaled, f.ints(0x007fffff));
    const m = f.keep(f.simd('or', fraction, f.ints(0x3f000000))); // in [0.5, 1)
    const low = f.keep(f.simd('f32x4Lt', m, this.c(Math.SQRT1_2)));
    const e = f.keep(
      this.sub(f.simd('f32x4ConvertI32x4', exponent), f.simd('and', low, this.c(1))),
    );
    const r = f.keep(this.add(this.sub(m, this.c(1)), f.simd('and', low, m)));
    const result = this.logOf(r, e);
    // x > 0 and finite: the result; +inf and NaN: x; 0: -inf; below: NaN.
    const infinite = f.simd('f32x4Eq', x, this.c(Infinity));
    const zero = f.simd('f32x4Eq', x, this.c(0));
    const finite = this.select(infinite, this.c(Infinity), result);
    const positive = f.simd('f32x4Gt', x, this.c(0));
    const other = this.select(zero, this.c(-Infinity), this.c(NaN));
    return this.select(positive, finite, other);
  }

  /** log((1 + r) 2^e) for sqrt(1/2) <= 1 + r < sqrt(2). */
  private logOf(r: Push, e: Push): Push {
    const z = this.f.keep(this.mul(r, r));
    const coefficients = [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1,
      -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ];
    const cubic = this.mul(this.mul(this.polynomial(r, coefficients), r), z);
    const low = this.madd(e, this.c(-2.1219444e-4), cubic);
    const tail = this.sub(low, this.mul(z, this.c(0.5)));
    return this.madd(e, this.c(0.693359375), this.add(r, tail));
  }

  log1p(argument: Push): Push {
    const { f } = this;
    const x = f.keep(argument);
    const u = f.keep(this.add(x, this.c(1)));
    // Kahan: the rounding error of 1 + x cancels in x / (u - 1).
    const exact = this.mul(this.log(u), this.div(x, this.sub(u, this.c(1))));
    const unchanged = f.simd('f32x4Eq', u, this.c(1));
    const infinite = f.simd('f32x4Eq', x, this.c(Infinity));
    return this.select(f.simd('or', unchanged, infinite), x, exact);
  }

  sigmoid(argument: Push): Push {
    const { f } = this;
    const x = f.keep(argument);
    const e = f.keep(this.exp(f.simd('f32x4Neg', f.simd('f32x4Abs', x))));
    const upper = f.keep(this.div(this.c(1), this.add(this.c(1), e)));
    return this.select(f.simd('f32x4Lt', x, this.c(0)), this.mul(e, upper), upper);
  }

  tanh(argument: Push): Push {
    const { f } = this;
    const x = f.keep(argument);
    const size = f.simd('f32x4Pmin', f.simd('f32x4Abs', x), this.c(10));
    const t = f.keep(this.expm1(this.mul(size, this.c(2))));
    return this.withSign(this.div(t, this.add(t, this.c(2))), x);
  }

  erf(argument: Push): Push {
    const { f } = this;
    const x = f.keep(argument);
    const t = f.keep(f.simd('f32x4Pmin', f.simd('f32x4Abs', x), this.c(4)));
    const s = f.keep(this.mul(t, t));
    const inner = [
      -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1,
    ];
    const near = this.madd(this.polynomial(s, inner), x, x);
    const outer = [
      -1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1,
      -1.28717512e-1,
    ];
    const exponent = this.sub(this.mul(this.polynomial(t, outer), t), t);
    const far = this.withSign(this.sub(this.c(1), this.exp(exponent)), x);
    return this.select(f.simd('f32x4Gt', t, this.c(0.927734375)), far, near);
  }

  /** sin, or cos with a quarter turn more. */
  sine(argument: Push, quarterTurns: 0 | 1): Push {
    const { f } = this;
    const x = f.keep(argument);
    const turns = f.keep(f.simd('f32x4Nearest', this.mul(x, this.c(2 / Math.PI))));
    // pi/2 in four parts, of which the first three give exact products.
    const parts = [
      1.5703125, 4.837512969970703e-4, 7.54953362047672271728515625e-8, 2.56334407e-12,
    ];
    const r = f.keep(
      parts.reduce((rest, part) => this.sub(rest, this.mul(turns, this.c(part))), x),
    );
    const z = f.keep(this.mul(r, r));
    const odd = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
    const even = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];
    const sin = this.madd(this.mul(this.polynomial(z, odd), z), r, r);
    const half = this.sub(this.c(1), this.mul(z, this.c(0.5)));
    const cos = this.madd(this.polynomial(z, even), this.mul(z, z), half);
    const quadrant = f.simd('i32x4Add', f.simd('i32x4TruncF32x4', turns), f.ints(quarterTurns));
    const q = f.keep(quadrant);
    const isOdd = f.simd('i32x4Ne', f.simd('and', q, f.ints(1)), f.ints(0));
    const sign = f.simd('i32x4Shl', f.simd('and', q, f.ints(2)), f.int(30));
    const result = f.simd('xor', this.select(isOdd, cos, sin), sign);
    if (quarterTurns === 1) return result;
    return this.select(f.simd('f32x4Eq', x, this.c(0)), x, result); // -0 stays
  }

  private withSign(size: Push, sign: Push): Push {
    const { f } = this;
    const bits = f.simd('and', sign, f.ints(-0x80000000));
    return f.simd('or', f.simd('f32x4Abs', size), bits);
  }
}
