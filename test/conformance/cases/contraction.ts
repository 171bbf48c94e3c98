import { type OpCase, given, normal } from '../opCase.ts';

/** [m, k, n]: one of each, primes, vectors, beyond a tile, no rows, nothing to sum. */
const matmulSizes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [2, 3, 5],
  [7, 13, 11],
  [1, 17, 3],
  [17, 1, 9],
  [20, 5, 10],
  [33, 10, 3],
  [8, 16, 32],
  [0, 3, 2],
  [2, 0, 3],
];

const reductions: readonly (readonly [shape: readonly number[], axes: readonly number[]])[] = [
  [[7], [0]],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [
    [3, 5],
    [0, 1],
  ],
  [[1, 13], [0]],
  [[17, 1], [1]],
  [
    [2, 3, 5],
    [0, 2],
  ],
  [[2, 3, 5], [1]],
  [[20, 10], [0]],
];

/** Rows that several invocations share on a GPU: not a multiple of theirs, of several axes, in parts. */
const longReductions: typeof reductions = [
  [[3, 200], [1]],
  [
    [2, 3, 70],
    [0, 2],
  ],
  [[6000], [0]],
];

export const contractionCases: readonly OpCase[] = [
  ...matmulSizes.flatMap(([m, k, n]) =>
    [0, 1, 2, 3].map((bits): OpCase => {
      const [transposeA, transposeB] = [(bits & 1) !== 0, (bits & 2) !== 0];
      return {
        name: `matmul ${m}x${k}x${n}${transposeA ? ' transposeA' : ''}${transposeB ? ' transposeB' : ''}`,
        family: 'sum',
        inputs: [normal(transposeA ? [k, m] : [m, k], 1), normal(transposeB ? [n, k] : [k, n], 2)],
        build: (b, [x, z]) => b.matmul(x, z, { transposeA, transposeB }),
        differentiable: m * k * n < 300,
      };
    }),
  ),
  {
    name: 'matmul by hand; NaN and infinity reach only their row',
    family: 'exact',
    inputs: [given('f32', [3, 2], [1, 2, NaN, 0, Infinity, 1]), given('f32', [2, 2], [3, 4, 5, 6])],
    build: (b, [x, z]) => b.matmul(x, z),
    expected: [[13, 16, NaN, NaN, Infinity, Infinity]],
  },
  ...(['sum', 'max', 'min'] as const).flatMap((fn) =>
    reductions.map(([shape, axes]): OpCase => ({
      name: `reduce ${fn} of [${shape.join()}] over ${axes.join()}`,
      family: fn === 'sum' ? 'sum' : 'exact',
      inputs: [normal(shape)],
      build: (b, [x]) => b.reduce(fn, x, axes),
      differentiable: true,
    })),
  ),
  ...longReductions.map(([shape, axes]): OpCase => {
    const terms = axes.reduce((count, axis) => count * shape[axis]!, 1);
    return {
      name: `mean and extremes of [${shape.join()}] over ${axes.join()}`,
      family: 'sum',
      inputs: [normal(shape)],
      build: (b, [x]) => [
        b.div(b.reduce('sum', x, axes), terms),
        b.reduce('max', x, axes),
        b.reduce('min', x, axes),
      ],
    };
  }),
  {
    name: 'extremes of a long row with NaN in its middle',
    family: 'exact',
    inputs: [
      given('f32', [2, 70], [...Array.from({ length: 139 }, (_, i) => (i === 33 ? NaN : i)), -7]),
    ],
    build: (b, [x]) => (['max', 'min'] as const).map((fn) => b.reduce(fn, x, [1])),
    expected: [
      [NaN, 138],
      [NaN, -7],
    ],
  },
  {
    name: 'reductions by hand, of no rows too',
    family: 'exact',
    inputs: [given('f32', [2, 3], [1, 5, 3, 4, -2, 6]), given('f32', [0, 2], [])],
    build: (b, [x, empty]) => [
      b.reduce('sum', x, [1]),
      b.reduce('max', x, [0]),
      b.reduce('min', x),
      b.reduce('sum', empty, [0]),
      b.reduce('max', empty, [0]),
    ],
    expected: [[9, 8], [4, 5, 6], [-2], [0, 0], [-Infinity, -Infinity]],
  },
  {
    name: 'reductions of NaN and infinities',
    family: 'exact',
    inputs: [given('f32', [3, 3], [1, NaN, 2, Infinity, 3, -Infinity, -1, -2, -Infinity])],
    build: (b, [x]) => (['sum', 'max', 'min'] as const).map((fn) => b.reduce(fn, x, [1])),
    expected: [
      [NaN, NaN, -Infinity],
      [NaN, Infinity, -1],
      [NaN, -Infinity, -Infinity],
    ],
  },
  {
    name: 'i32 reductions',
    family: 'exact',
    inputs: [given('i32', [2, 3], [1, -5, 3, 2147483647, 1, 0])],
    build: (b, [x]) => (['sum', 'max', 'min'] as const).map((fn) => b.reduce(fn, x, [1])),
    expected: [
      [-1, -2147483648],
      [3, 2147483647],
      [-5, 0],
    ],
  },
  {
    name: 'argMax takes the first largest; NaN never wins',
    family: 'exact',
    inputs: [
      given('f32', [4, 3], [1, 3, 3, NaN, -1, -2, -Infinity, -Infinity, -Infinity, 0, 5, 9]),
    ],
    build: (b, [x]) => [b.argMax(x, 1), b.argMax(x, 0)],
    expected: [
      [1, 1, 0, 2],
      [0, 3, 3],
    ],
  },
];
