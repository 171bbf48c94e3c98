/** Functions that JavaScript's Math lacks, to about 1e-15. */

/** Never overflows: exp is taken of negative numbers only. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)): all terms have one sign
 * (Abramowitz and Stegun 7.1.6), so nothing cancels.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) >= 6) return Math.sign(x); // 1 - erf(6) < 2^-53
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const leastNormalHalf = 2 ** -14;

/** The nearest number of IEEE binary16 (10 bits of fraction, quanta of at least 2^-24), even at a tie. */
export function float16(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size === 0) return x;
  if (size >= 65520) return Math.sign(x) * Infinity;
  const exponent = Math.floor(Math.log2(Math.max(size, leastNormalHalf)));
  const quantum = 2 ** (exponent - 10);
  const quanta = size / quantum;
  const below = Math.floor(quanta);
  const rest = quanta - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  return Math.sign(x) * (below + Number(up)) * quantum;
}
