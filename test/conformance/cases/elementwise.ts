import type { BinaryFn, CompareFn, UnaryFn } from '../../../src/core/ir/program.ts';
import type { ToleranceFamily } from '../../kit/tolerance.ts';
import { type OpCase, awkward, given, normal, oddShapes, positive } from '../opCase.ts';

/** Accuracy of each function, and whether it needs positive numbers or has a gradient. */
const unaryFns: readonly [UnaryFn, ToleranceFamily, { positive?: true; flat?: true }?][] = [
  ['abs', 'exact'],
  ['ceil', 'exact', { flat: true }],
  ['cos', 'transcendental'],
  ['erf', 'transcendental'],
  ['exp', 'transcendental'],
  ['expm1', 'transcendental'],
  ['float16', 'exact', { flat: true }],
  ['floor', 'exact', { flat: true }],
  ['log', 'transcendental', { positive: true }],
  ['log1p', 'transcendental', { positive: true }],
  ['neg', 'exact'],
  ['rsqrt', 'rounded', { positive: true }],
  ['sigmoid', 'transcendental'],
  ['sign', 'exact', { flat: true }],
  ['sin', 'transcendental'],
  ['sqrt', 'exact', { positive: true }],
  ['tanh', 'transcendental'],
];

/** Arguments where cancellation, overflow or a limit shows; expected values from the definitions. */
const hardUnary: readonly [UnaryFn, ToleranceFamily, readonly [number, number][]][] = [
  [
    'exp',
    'transcendental',
    [
      [0, 1],
      [-Infinity, 0],
      [Infinity, Infinity],
      [NaN, NaN],
      [-200, 0],
      [89, Infinity],
      [1, Math.E],
      [-20, 2.061153622438558e-9],
      [88, 1.6516362549940018e38],
    ],
  ],
  [
    'log',
    'transcendental',
    [
      [1, 0],
      [0, -Infinity],
      [-1, NaN],
      [Infinity, Infinity],
      [NaN, NaN],
      [1e-30, -69.07755278982137],
      [3e38, 88.59677214268335],
    ],
  ],
  [
    'tanh',
    'transcendental',
    [
      [0, 0],
      [Infinity, 1],
      [-Infinity, -1],
      [NaN, NaN],
      [30, 1],
      [-30, -1],
      [2 ** -13, 2 ** -13],
    ],
  ],
  [
    'sigmoid',
    'transcendental',
    [
      [0, 0.5],
      [Infinity, 1],
      [-Infinity, 0],
      [NaN, NaN],
      [200, 1],
      [-20, 2.0611536181902037e-9],
    ],
  ],
  [
    'erf',
    'transcendental',
    [
      [0, 0],
      [1, 0.8427007929497149],
      [-1, -0.8427007929497149],
      [6, 1],
      [-40, -1],
      [Infinity, 1],
      [NaN, NaN],
      [2 ** -20, 1.076079e-6],
    ],
  ],
  [
    'expm1',
    'transcendental',
    [
      [2 ** -20, 9.53674771e-7],
      [-Infinity, -1],
      [0, 0],
      [NaN, NaN],
    ],
  ],
  [
    'log1p',
    'transcendental',
    [
      [2 ** -20, 9.53673861e-7],
      [-1, -Infinity],
      [-2, NaN],
      [0, 0],
    ],
  ],
  [
    'sqrt',
    'exact',
    [
      [4, 2],
      [0, 0],
      [-1, NaN],
      [Infinity, Infinity],
      [2, Math.SQRT2],
    ],
  ],
  [
    'rsqrt',
    'rounded',
    [
      [4, 0.5],
      [0, Infinity],
      [-1, NaN],
      [Infinity, 0],
    ],
  ],
  [
    'float16',
    'exact',
    [
      [1 / 3, 0.333251953125],
      [-1 / 3, -0.333251953125],
      // Ties go to the even neighbour.
      [2049, 2048],
      [2051, 2052],
      [-2051, -2052],
      [65519, 65504],
      [65520, Infinity],
      [-1e30, -Infinity],
      // Below 2^-14 the quantum stays 2^-24.
      [2 ** -14, 2 ** -14],
      [3 * 2 ** -25, 2 ** -23],
      [2 ** -25, 0],
      [-(2 ** -25), -0],
      [2 ** -24, 2 ** -24],
      [1e-30, 0],
      [0, 0],
      [-0, -0],
      [Infinity, Infinity],
      [NaN, NaN],
    ],
  ],
  [
    'floor',
    'exact',
    [
      [-0.5, -1],
      [2.7, 2],
      [-Infinity, -Infinity],
      [NaN, NaN],
      [1e30, 1e30],
    ],
  ],
  [
    'ceil',
    'exact',
    [
      [0.5, 1],
      [-2.7, -2],
      [Infinity, Infinity],
      [NaN, NaN],
    ],
  ],
  [
    'sign',
    'exact',
    [
      [-3, -1],
      [0, 0],
      [1e-30, 1],
      [Infinity, 1],
      [NaN, NaN],
    ],
  ],
  [
    'abs',
    'exact',
    [
      [-0, 0],
      [-Infinity, Infinity],
      [NaN, NaN],
      [-3, 3],
    ],
  ],
  [
    'neg',
    'exact',
    [
      [0, -0],
      [-0, 0],
      [Infinity, -Infinity],
      [NaN, NaN],
    ],
  ],
];

const binaryFns: readonly [BinaryFn, ToleranceFamily][] = [
  ['add', 'exact'],
  ['div', 'exact'],
  ['max', 'exact'],
  ['min', 'exact'],
  ['mul', 'exact'],
  ['pow', 'composite'],
  ['sub', 'exact'],
];

const compareFns: readonly CompareFn[] = ['eq', 'ge', 'gt', 'le', 'lt', 'ne'];

/** Every awkward number against every other; pairs of zeros left out, whose maximum has either sign. */
const pairs = awkward.flatMap((x) =>
  awkward.filter((z) => x !== 0 || z !== 0).map((z): [number, number] => [x, z]),
);

const left = given(
  'f32',
  [pairs.length],
  pairs.map(([x]) => x),
);
const right = given(
  'f32',
  [pairs.length],
  pairs.map(([, z]) => z),
);

export const elementwiseCases: readonly OpCase[] = [
  ...unaryFns.flatMap(([fn, family, { positive: needsPositive, flat } = {}]) =>
    oddShapes.map((shape): OpCase => ({
      name: `${fn} of [${shape.join()}]`,
      family,
      inputs: [needsPositive ? positive(shape) : normal(shape)],
      build: (b, [x]) => b.unary(fn, x),
      differentiable: flat !== true,
    })),
  ),
  ...hardUnary.map(([fn, family, points]): OpCase => ({
    name: `${fn} at its limits`,
    family,
    inputs: [
      given(
        'f32',
        [points.length],
        points.map(([x]) => x),
      ),
    ],
    build: (b, [x]) => b.unary(fn, x),
    expected: [points.map(([, y]) => y)],
  })),
  ...binaryFns.flatMap(([fn, family]) =>
    oddShapes.map((shape): OpCase => ({
      name: `${fn} of [${shape.join()}]`,
      family,
      inputs: [positive(shape, 1), normal(shape, 2)],
      build: (b, [x, z]) => b.binary(fn, x, z),
      differentiable: true,
    })),
  ),
  ...(['add', 'sub', 'mul', 'div', 'max', 'min'] as const).map((fn): OpCase => ({
    name: `${fn} of awkward numbers`,
    family: 'exact',
    inputs: [left, right],
    build: (b, [x, z]) => b.binary(fn, x, z),
  })),
  ...compareFns.map((fn): OpCase => ({
    name: `${fn} of awkward numbers`,
    family: 'exact',
    inputs: [left, right],
    build: (b, [x, z]) => b.compare(fn, x, z),
  })),
  {
    name: 'select takes whole branches, NaN of the other one included',
    family: 'exact',
    inputs: [
      given('bool', [5], [1, 0, 1, 0, 1]),
      given('f32', [5], [1, NaN, -0, 4, Infinity]),
      given('f32', [5], [NaN, 2, 3, -0, NaN]),
    ],
    build: (b, [c, x, z]) => b.select(c, x, z),
    expected: [[1, 2, -0, -0, Infinity]],
  },
  {
    name: 'select has gradients for both branches',
    family: 'exact',
    inputs: [given('bool', [3], [1, 0, 1]), normal([3], 1), normal([3], 2)],
    build: (b, [c, x, z]) => b.select(c, x, z),
    differentiable: true,
  },
  {
    name: 'masks combine with and, or, not',
    family: 'exact',
    inputs: [given('bool', [4], [0, 0, 1, 1]), given('bool', [4], [0, 1, 0, 1])],
    build: (b, [p, q]) => [b.binary('and', p, q), b.binary('or', p, q), b.unary('not', p)],
    expected: [
      [0, 0, 0, 1],
      [0, 1, 1, 1],
      [1, 1, 0, 0],
    ],
  },
  {
    name: 'i32 arithmetic wraps and division truncates',
    family: 'exact',
    inputs: [
      given('i32', [5], [2147483647, -7, 7, 65537, -2147483648]),
      given('i32', [5], [1, 2, -2, 65537, 3]),
    ],
    build: (b, [x, z]) => [b.add(x, z), b.mul(x, z), b.div(x, z), b.binary('max', x, z)],
    expected: [
      [-2147483648, -5, 5, 131074, -2147483645],
      [2147483647, -14, -14, 131073, -2147483648],
      [2147483647, -3, -3, 1, -715827882],
      [2147483647, 2, 7, 65537, 3],
    ],
  },
  {
    name: 'i32 neg, abs, sign',
    family: 'exact',
    inputs: [given('i32', [3], [-5, 0, 9])],
    build: (b, [x]) => (['neg', 'abs', 'sign'] as const).map((fn) => b.unary(fn, x)),
    expected: [
      [5, 0, -9],
      [5, 0, 9],
      [-1, 0, 1],
    ],
  },
  {
    name: 'f32 to i32 truncates, saturates and makes 0 of NaN',
    family: 'exact',
    inputs: [given('f32', [7], [1.9, -1.9, 0, NaN, 3e9, -3e9, 16777217])],
    build: (b, [x]) => b.convert(x, 'i32'),
    expected: [[1, -1, 0, 0, 2147483647, -2147483648, 16777216]],
  },
  {
    name: 'u8, i32, bool and f32 convert into each other',
    family: 'exact',
    inputs: [
      given('u8', [3], [0, 7, 255]),
      given('i32', [3], [0, -3, 250]),
      given('f32', [3], [0.5, 0, 255]),
      given('bool', [3], [1, 0, 1]),
    ],
    build: (b, [bytes, ints, floats, flags]) => [
      b.convert(bytes, 'f32'),
      b.convert(bytes, 'i32'),
      b.convert(ints, 'f32'),
      b.convert(ints, 'bool'),
      b.convert(floats, 'u8'),
      b.convert(floats, 'bool'),
      b.convert(flags, 'f32'),
      b.convert(flags, 'i32'),
    ],
    expected: [
      [0, 7, 255],
      [0, 7, 255],
      [0, -3, 250],
      [0, 1, 1],
      [0, 0, 255],
      [1, 0, 1],
      [1, 0, 1],
      [1, 0, 1],
    ],
  },
  {
    name: 'uniform24 takes the top 24 bits',
    family: 'exact',
    inputs: [given('i32', [4], [0, -1, -2147483648, 255])],
    build: (b, [bits]) => b.unary('uniform24', bits),
    expected: [[0, 1 - 2 ** -24, 0.5, 0]],
  },
];
