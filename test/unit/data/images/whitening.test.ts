import assert from 'node:assert/strict';
import { symmetricEigen } from '../../../../src/core/data/images/symmetricEigen.ts';
import { fitWhitening, whiteningMatrix } from '../../../../src/core/data/images/whitening.ts';
import { randomSource } from '../../../../src/core/random/threefry.ts';
import { assertClose } from '../../../kit/close.ts';

const watch = { pause: () => Promise.resolve() };

/** A B of [n, n], row-major. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k]! * b[k * n + (at % n)]!;
    return sum;
  });
}

function transpose(a: ArrayLike<number>, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => a[(at % n) * n + Math.floor(at / n)]!);
}

function symmetric(n: number, rank: number): Float64Array {
  const { normal } = randomSource({ seed: n, stream: rank });
  const factors = Array.from({ length: rank }, () => Float64Array.from({ length: n }, normal));
  return Float64Array.from({ length: n * n }, (_, at) =>
    factors.reduce((sum, f) => sum + f[Math.floor(at / n)]! * f[at % n]!, 0),
  );
}

describe('eigenvectors of a symmetric matrix', () => {
  const cases: readonly (readonly [string, number, Float64Array])[] = [
    ['one number', 1, Float64Array.of(-3)],
    ['two by two', 2, Float64Array.of(2, 1, 1, 2)],
    ['zeros', 4, new Float64Array(16)],
    ['a diagonal', 3, Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 2)],
    ['full rank', 17, symmetric(17, 17)],
    ['low rank: most values are zero', 24, symmetric(24, 3)],
    ['size 60', 60, symmetric(60, 80)],
  ];
  for (const [what, n, matrix] of cases) {
    it(`turn it into a diagonal and are orthonormal: ${what}`, async () => {
      const { values, vectors } = await symmetricEigen({ matrix, n });
      assert.deepEqual(values, values.toSorted());
      const size = Math.max(1, ...values.map(Math.abs));
      const unit = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
      const close = { relative: 1e-10, absolute: 1e-12 * size };
      assertClose(product(vectors, transpose(vectors, n), n), unit, close);
      const scaled = vectors.map((value, at) => value * values[Math.floor(at / n)]!);
      assertClose(product(transpose(vectors, n), scaled, n), matrix, {
        relative: 1e-9,
        absolute: 1e-11 * size,
      });
    });
  }
});

describe('a computation of eigenvectors', () => {
  it('tells each second how long it has taken, and ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const seconds: number[] = [];
    const onSecond = (passed: number) => {
      seconds.push(passed);
      if (seconds.length === 2) cancel.abort(new Error('enough'));
    };
    // Far too large to be done in two seconds.
    const large = { matrix: new Float64Array(3000 * 3000).fill(1), n: 3000 };
    large.matrix.forEach(
      (_, i) => (large.matrix[i] = Math.cos(Math.abs((i % 3000) - Math.floor(i / 3000)))),
    );
    await assert.rejects(symmetricEigen(large, { signal: cancel.signal, onSecond }), /enough/);
    assert.deepEqual(seconds, [1, 2]);
  }).timeout(20_000);

  it('that is cancelled before does not begin', async () => {
    const signal = AbortSignal.abort(new Error('no need'));
    await assert.rejects(
      symmetricEigen({ matrix: Float64Array.of(1), n: 1 }, { signal }),
      /no need/,
    );
  });
});

describe('ZCA whitening', () => {
  it('makes values uncorrelated with variance 1, by a symmetric matrix', async () => {
    const [n, images] = [6, 400];
    const { normal } = randomSource({ seed: 4, stream: 0 });
    const mixing = Array.from({ length: n * n }, normal);
    const x = Array.from({ length: images }, () => {
      const own = Array.from({ length: n }, normal);
      return own.map((_, i) => own.reduce((sum, v, j) => sum + v * mixing[i * n + j]!, 0));
    });
    const read = (i: number, target: Float64Array) => target.set(x[i]!);
    const whitening = await fitWhitening({ images, values: n, read, epsilon: 1e-9 }, watch);
    const w = whiteningMatrix(whitening);
    assertClose(w, transpose(w, n), { relative: 1e-6 });
    const white = x.map((row) =>
      row.map((_, j) => row.reduce((sum, v, i) => sum + v * w[i * n + j]!, 0)),
    );
    const covariance = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return white.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / images;
    });
    const unit = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
    assertClose(covariance, unit, { relative: 1e-4, absolute: 1e-4 });
  });

  it('keeps away from values that never vary', async () => {
    const read = (i: number, target: Float64Array) => target.set([i % 2 === 0 ? 1 : -1, 0]);
    const input = { images: 10, values: 2, read, epsilon: 0.01 };
    const w = whiteningMatrix(await fitWhitening(input, watch));
    // 1 / sqrt(variance + epsilon) of 1 and of 0.
    assertClose(w, [1 / Math.sqrt(1.01), 0, 0, 10], { relative: 1e-6, absolute: 1e-9 });
    assert.equal(w.length, 4);
  });
});
