/**
 * The transforms of winograd.ts along one line of a tile, for whatever numbers `T` are: vectors, pairs of them, or plain
 * numbers. Each gives its results as functions that compute what is not there yet, so that only what is wanted costs.
 *
 *   four outputs = outputLine(filterLine(three of a filter) * inputLine(six of x))
 *   three of a filter's gradient = sumsLine(slopesLine(four slopes) * inputLine(six of x))
 */

/** `c` is a constant. */
export interface Algebra<T> {
  readonly add: (a: T, b: T) => T;
  readonly sub: (a: T, b: T) => T;
  readonly mul: (a: T, c: number) => T;
  /** a * c + b */
  readonly madd: (a: T, c: number, b: T) => T;
  /** b - a * c */
  readonly nmadd: (a: T, c: number, b: T) => T;
}

export type Line = <T>(algebra: Algebra<T>, line: readonly T[]) => readonly (() => T)[];

/** Points of the polynomials besides 0 and infinity are +-p and +-q (winograd.ts). */
const [p, q] = [5 / 8, 3 / 2];
const [pp, qq] = [p * p, q * q];
/** What a filter is multiplied by at 0, +-p, +-q. */
const [at0, atP, atQ] = [1 / (pp * qq), 1 / (2 * pp * (pp - qq)), 1 / (2 * qq * (qq - pp))];

/** B^T: six of x to six places. */
export const inputLine: Line = ({ madd, nmadd }, [a, b, c, d, e, g]) => {
  const evenP = once(() => nmadd(c!, qq, e!));
  const oddP = once(() => nmadd(b!, qq, d!));
  const evenQ = once(() => nmadd(c!, pp, e!));
  const oddQ = once(() => nmadd(b!, pp, d!));
  return [
    () => nmadd(nmadd(a!, qq, c!), pp, evenP()),
    () => madd(oddP(), p, evenP()),
    () => nmadd(oddP(), p, evenP()),
    () => madd(oddQ(), q, evenQ()),
    () => nmadd(oddQ(), q, evenQ()),
    () => nmadd(oddP(), pp, nmadd(d!, qq, g!)),
  ];
};

/** G: three of a filter to six places. */
export const filterLine: Line = ({ add, sub, mul, madd }, [a, b, c]) => {
  const evenP = once(() => madd(c!, pp, a!));
  const evenQ = once(() => madd(c!, qq, a!));
  const oddP = once(() => mul(b!, p));
  const oddQ = once(() => mul(b!, q));
  return [
    () => mul(a!, at0),
    () => mul(add(evenP(), oddP()), atP),
    () => mul(sub(evenP(), oddP()), atP),
    () => mul(add(evenQ(), oddQ()), atQ),
    () => mul(sub(evenQ(), oddQ()), atQ),
    () => c!,
  ];
};

/** A^T: six places to four outputs. */
export const outputLine: Line = ({ add, sub, mul, madd }, [a, b, c, d, e, g]) => {
  const [evenP, oddP] = [once(() => add(b!, c!)), once(() => sub(b!, c!))];
  const [evenQ, oddQ] = [once(() => add(d!, e!)), once(() => sub(d!, e!))];
  return [
    () => add(add(a!, evenP()), evenQ()),
    () => madd(oddQ(), q, mul(oddP(), p)),
    () => madd(evenQ(), qq, mul(evenP(), pp)),
    () => madd(oddQ(), qq * q, madd(oddP(), pp * p, g!)),
  ];
};

/** A: four slopes to six places. */
export const slopesLine: Line = ({ madd, nmadd }, [a, b, c, d]) => {
  const [evenP, oddP] = [once(() => madd(c!, pp, a!)), once(() => madd(d!, pp, b!))];
  const [evenQ, oddQ] = [once(() => madd(c!, qq, a!)), once(() => madd(d!, qq, b!))];
  return [
    () => a!,
    () => madd(oddP(), p, evenP()),
    () => nmadd(oddP(), p, evenP()),
    () => madd(oddQ(), q, evenQ()),
    () => nmadd(oddQ(), q, evenQ()),
    () => d!,
  ];
};

/** G^T: six sums to three of a filter. */
export const sumsLine: Line = ({ add, sub, mul, madd }, [a, b, c, d, e, g]) => {
  const [evenP, oddP] = [once(() => add(b!, c!)), once(() => sub(b!, c!))];
  const [evenQ, oddQ] = [once(() => add(d!, e!)), once(() => sub(d!, e!))];
  return [
    () => madd(evenQ(), atQ, madd(evenP(), atP, mul(a!, at0))),
    () => madd(oddQ(), atQ * q, mul(oddP(), atP * p)),
    () => madd(evenQ(), atQ * qq, madd(evenP(), atP * pp, g!)),
  ];
};

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
