/** Convolutions and pooling: NHWC, filters HWIO. */
import type { ConvGeometry, PoolGeometry } from '../../../src/core/ir/program.ts';
import { type OpCase, given, normal } from '../opCase.ts';

const plain: ConvGeometry = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

const convolutions: readonly {
  readonly name: string;
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly geometry: ConvGeometry;
}[] = [
  { name: 'one number', x: [1, 1, 1, 1], filter: [1, 1, 1, 1], geometry: plain },
  { name: '1x1 filter', x: [1, 3, 3, 2], filter: [1, 1, 2, 3], geometry: plain },
  {
    name: 'a filter as large as the image',
    x: [3, 3, 5, 2],
    filter: [3, 5, 2, 7],
    geometry: plain,
  },
  {
    name: '3x2 filter, same padding by hand',
    x: [2, 5, 4, 3],
    filter: [3, 2, 3, 2],
    geometry: { ...plain, padding: [1, 1, 0, 1] },
  },
  {
    name: 'primes everywhere',
    x: [2, 7, 5, 3],
    filter: [3, 2, 3, 5],
    geometry: { ...plain, padding: [1, 0, 1, 1] },
  },
  {
    name: 'strides that leave pixels over',
    x: [1, 7, 6, 1],
    filter: [3, 3, 1, 2],
    geometry: { ...plain, strides: [2, 3], padding: [0, 1, 1, 0] },
  },
  {
    name: 'strides larger than the filter',
    x: [2, 7, 8, 2],
    filter: [2, 1, 2, 3],
    geometry: { ...plain, strides: [3, 4] },
  },
  {
    name: 'dilation',
    x: [1, 7, 7, 2],
    filter: [2, 3, 2, 1],
    geometry: { ...plain, strides: [1, 2], padding: [0, 0, 2, 2], dilation: [3, 2] },
  },
  {
    name: 'two groups',
    x: [2, 4, 3, 6],
    filter: [2, 2, 3, 4],
    geometry: { ...plain, padding: [1, 0, 0, 1], groups: 2 },
  },
  {
    name: 'a group for each channel',
    x: [2, 5, 4, 3],
    filter: [3, 3, 1, 3],
    geometry: { ...plain, strides: [2, 1], padding: [1, 1, 1, 1], groups: 3 },
  },
  {
    name: 'a group for each channel, two outputs of each',
    x: [1, 5, 4, 3],
    filter: [2, 3, 1, 6],
    geometry: { ...plain, dilation: [2, 1], groups: 3 },
  },
  { name: 'one row', x: [2, 1, 9, 2], filter: [1, 3, 2, 3], geometry: plain },
  {
    name: 'beyond a register tile',
    x: [2, 6, 6, 17],
    filter: [2, 2, 17, 19],
    geometry: { ...plain, padding: [1, 0, 0, 1] },
  },
];

const pools: readonly {
  readonly name: string;
  readonly x: readonly number[];
  readonly geometry: PoolGeometry;
}[] = [
  {
    name: 'one number',
    x: [1, 1, 1, 1],
    geometry: { window: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0] },
  },
  {
    name: '2x2 that leave a row and a column over',
    x: [2, 5, 7, 3],
    geometry: { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] },
  },
  {
    name: '2x2 of an even image',
    x: [2, 4, 6, 5],
    geometry: { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] },
  },
  {
    name: 'windows that overlap, padded',
    x: [1, 6, 5, 2],
    geometry: { window: [3, 3], strides: [2, 1], padding: [1, 1, 0, 1] },
  },
  {
    name: 'strides larger than the window',
    x: [2, 7, 8, 1],
    geometry: { window: [2, 1], strides: [3, 5], padding: [0, 0, 0, 0] },
  },
  {
    name: 'one row',
    x: [3, 1, 9, 2],
    geometry: { window: [1, 3], strides: [1, 3], padding: [0, 0, 0, 0] },
  },
];

const counting = given('f32', [1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const corner = given('f32', [2, 2, 1, 1], [1, 0, 0, 10]);
const pairs: PoolGeometry = { window: [1, 2], strides: [1, 2], padding: [0, 0, 0, 0] };

export const windowCases: readonly OpCase[] = [
  ...convolutions.map(({ name, x, filter, geometry }): OpCase => ({
    name: `conv2d: ${name}`,
    family: 'sum',
    inputs: [normal(x, 1), normal(filter, 2)],
    build: (b, [input, weights]) => b.conv2d(input, weights, geometry),
    differentiable: filter.reduce((product, size) => product * size) < 300,
  })),
  {
    name: 'conv2d and its gradients by hand',
    family: 'exact',
    inputs: [counting, corner, given('f32', [1, 2, 2, 1], [1, 2, 3, 4])],
    build: (b, [x, filter, grad]) => [
      b.conv2d(x, filter, plain),
      b.conv2dInputGrad(grad, filter, [1, 3, 3, 1], plain),
      b.conv2dFilterGrad(x, grad, [2, 2, 1, 1], plain),
    ],
    expected: [
      [51, 62, 84, 95],
      [1, 2, 0, 3, 14, 20, 0, 30, 40],
      [37, 47, 67, 77],
    ],
    differentiable: true,
  },
  {
    name: 'conv2d of groups by hand: each output sees the channels of its group alone',
    family: 'exact',
    inputs: [
      given('f32', [1, 1, 1, 4], [1, 2, 3, 4]),
      given('f32', [1, 1, 2, 2], [10, 20, 1, 2]),
      given('f32', [1, 1, 1, 2], [5, 7]),
    ],
    build: (b, [x, filter, grad]) => [
      b.conv2d(x, filter, { ...plain, groups: 2 }),
      b.conv2dInputGrad(grad, filter, [1, 1, 1, 4], { ...plain, groups: 2 }),
      b.conv2dFilterGrad(x, grad, [1, 1, 2, 2], { ...plain, groups: 2 }),
    ],
    expected: [
      [12, 68],
      [50, 5, 140, 14],
      [5, 21, 10, 28],
    ],
    differentiable: true,
  },
  ...pools.map(({ name, x, geometry }): OpCase => ({
    name: `maxPool2d: ${name}`,
    family: 'exact',
    inputs: [normal(x, 1)],
    build: (b, [input]) => b.maxPool2d(input, geometry),
    differentiable: true,
  })),
  {
    name: 'maxPool2d by hand: negative values beside padding, the first of equals, NaN',
    family: 'exact',
    inputs: [
      given('f32', [1, 1, 8, 1], [-5, -3, 2, 2, NaN, 9, -Infinity, -Infinity]),
      given('f32', [1, 1, 4, 1], [1, 2, 3, 4]),
      given('f32', [1, 1, 2, 1], [-5, -3]),
    ],
    build: (b, [x, grad, edge]) => [
      b.maxPool2d(x, pairs),
      b.maxPool2dInputGrad(x, grad, pairs),
      b.maxPool2d(edge, { window: [1, 2], strides: [1, 1], padding: [0, 0, 1, 1] }),
    ],
    expected: [
      [-3, 2, NaN, -Infinity],
      [0, 1, 2, 0, 3, 0, 4, 0],
      [-5, -3, -3],
    ],
  },
];
