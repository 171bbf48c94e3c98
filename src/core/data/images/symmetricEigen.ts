/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64: Householder reflections to a tridiagonal matrix, then
 * QL steps with implicit shifts (Golub and Van Loan, Matrix Computations, 8.3). All inner loops run along rows.
 *
 * Why not a library: ml-matrix 6.15 took 12 s for 1,024 values on a busy machine (this: 22 s), so minutes for the 3,072 of a
 * photo of 32 x 32, in one call that can neither be cancelled nor tell how far it is, and no request is answered
 * meanwhile. This pauses between rows. More than `mostWhitenedValues` (whitening.ts) are refused with a diagnostic.
 */

export interface Eigen {
  readonly values: Float64Array;
  /** [n, n]: row i is the eigenvector of value i. */
  readonly vectors: Float64Array;
}

/** Called now and then with the share that is done; may wait. */
export type Pause = (done: number) => Promise<void>;

/** `matrix`: [n, n], row-major; it is overwritten. */
export async function symmetricEigen(
  matrix: Float64Array,
  n: number,
  pause: Pause,
): Promise<Eigen> {
  const reflections = await tridiagonalize(matrix, n, (done) => pause(done * 0.3));
  const vectors = await transposedProduct(matrix, reflections, n, (done) =>
    pause(0.3 + done * 0.2),
  );
  const { diagonal, besides } = reflections;
  await diagonalize({ diagonal, besides, vectors }, n, (done) => pause(0.5 + done * 0.5));
  return { values: diagonal, vectors };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** besides[i] stands between i and i + 1. */
  readonly besides: Float64Array;
}

/** Reflection k is I - factors[k] v v^T; v lies in row k of the matrix, from column k + 1 on. */
interface Reflections extends Tridiagonal {
  readonly factors: Float64Array;
}

async function tridiagonalize(a: Float64Array, n: number, pause: Pause): Promise<Reflections> {
  const [diagonal, besides, factors] = [0, 1, 2].map(() => new Float64Array(n));
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    if (k % 8 === 0) await pause(k / n);
    const v = a.subarray(k * n, (k + 1) * n);
    let size = 0;
    for (let j = k + 1; j < n; j++) size += v[j]! * v[j]!;
    const alpha = v[k + 1]! > 0 ? -Math.sqrt(size) : Math.sqrt(size);
    besides![k] = alpha;
    // Already as it should be, or the last two rows: the reflection is the identity.
    if (size === v[k + 1]! * v[k + 1]!) {
      besides![k] = v[k + 1]!;
      continue;
    }
    v[k + 1]! -= alpha;
    const factor = 2 / (size - 2 * alpha * (v[k + 1]! + alpha) + alpha * alpha);
    factors![k] = factor;
    reflectBothSides({ a, n, k, factor }, v, w);
  }
  for (let k = 0; k < n; k++) diagonal![k] = a[k * n + k]!;
  return { diagonal: diagonal!, besides: besides!, factors: factors! };
}

/** The part of `a` below and right of k becomes H a H with H = I - factor v v^T. */
function reflectBothSides(
  { a, n, k, factor }: { a: Float64Array; n: number; k: number; factor: number },
  v: Float64Array,
  w: Float64Array,
): void {
  let product = 0;
  for (let i = k + 1; i < n; i++) {
    let sum = 0;
    for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += a[at]! * v[j]!;
    w[i] = factor * sum;
    product += w[i]! * v[i]!;
  }
  const half = (factor * product) / 2;
  for (let i = k + 1; i < n; i++) w[i]! -= half * v[i]!;
  for (let i = k + 1; i < n; i++) {
    const [vi, wi] = [v[i]!, w[i]!];
    for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) a[at]! -= vi * w[j]! + wi * v[j]!;
  }
}

/** The transpose of the product of all reflections, row-major. */
async function transposedProduct(
  a: Float64Array,
  { factors }: Reflections,
  n: number,
  pause: Pause,
): Promise<Float64Array> {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++) product[i * n + i] = 1;
  // (H0 H1 ...)^T = ... H1 H0: from the last on, each only meets the part that is no longer the identity.
  for (let k = n - 2; k >= 0; k--) {
    if (k % 8 === 0) await pause((n - k) / n);
    const factor = factors[k]!;
    if (factor === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += product[at]! * v[j]!;
      const scale = factor * sum;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) product[at]! -= scale * v[j]!;
    }
  }
  return product;
}

interface Working extends Tridiagonal {
  readonly vectors: Float64Array;
}

/** Turns rows of `vectors` until `besides` is zero. */
async function diagonalize(working: Working, n: number, pause: Pause): Promise<void> {
  const { diagonal, besides } = working;
  const isSmall = (m: number): boolean => {
    const around = Math.abs(diagonal[m]!) + Math.abs(diagonal[m + 1]!);
    return Math.abs(besides[m]!) <= Number.EPSILON * around;
  };
  for (let first = 0; first < n; first++) {
    // Each value takes two or three steps; many more only where a value is not finite.
    for (let step = 0; step < 60; step++) {
      let last = first;
      while (last < n - 1 && !isSmall(last)) last++;
      if (last === first) break;
      await pause(first / n);
      shiftedStep(working, n, { first, last });
    }
  }
}

/** One implicit QL step on the block first .. last. */
function shiftedStep(
  { diagonal: d, besides: e, vectors }: Working,
  n: number,
  { first, last }: { readonly first: number; readonly last: number },
): void {
  const slope = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const length = Math.hypot(slope, 1);
  let g = d[last]! - d[first]! + e[first]! / (slope + (slope < 0 ? -length : length));
  let [sin, cos, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sin * e[i]!;
    const b = cos * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[last] = 0;
      return;
    }
    [sin, cos] = [f / r, g / r];
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * sin + 2 * cos * b;
    p = sin * t;
    d[i + 1] = g + p;
    g = cos * t - b;
    turnRows(vectors, { upper: i * n, lower: (i + 1) * n, n }, [sin, cos]);
  }
  d[first]! -= p;
  e[first] = g;
  e[last] = 0;
}

function turnRows(
  vectors: Float64Array,
  { upper, lower, n }: { readonly upper: number; readonly lower: number; readonly n: number },
  [sin, cos]: readonly [number, number],
): void {
  for (let k = 0; k < n; k++) {
    const below = vectors[lower + k]!;
    const above = vectors[upper + k]!;
    vectors[lower + k] = sin * above + cos * below;
    vectors[upper + k] = cos * above - sin * below;
  }
}
