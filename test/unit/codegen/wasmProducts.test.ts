/**
 * Products large enough for packed tiles: convolutions with their gradients and matrix products of awkward sizes. On small
 * integers float32 is exact, so sums must be too, except by Winograd, whose transforms round; on all numbers vectors of 128 and
 * of 256 bits must give the same bits, and any number of threads.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { ConvGeometry, Program } from '../../../src/core/ir/program.ts';
import { convOutputShape } from '../../../src/core/ir/typeRules.ts';
import { randomSource } from '../../../src/core/random/threefry.ts';
import { elementCount, type Shape } from '../../../src/shared/tensor/tensorType.ts';

type Inputs = Readonly<Record<string, Float32Array>>;

function integers(shape: Shape, stream: number): Float32Array {
  const source = randomSource({ seed: 50, stream });
  return Float32Array.from({ length: elementCount(shape) }, () => (source.word() % 9) - 4);
}

/** Runs loop `once` on inputs by buffer name; gives all outputs. */
async function run(
  program: Program,
  inputs: Inputs,
  wide: boolean,
  threads = 1,
): Promise<Float32Array[]> {
  const backend = createWasmBackend({ wide, threads });
  const executable = await backend.compile(program);
  for (const [name, values] of Object.entries(inputs)) executable.write(name, values);
  await executable.run('once', 0, 1);
  const names = program.buffers.map(({ name }) => name).filter((name) => name.startsWith('out'));
  const results = await Promise.all(names.map((name) => executable.read(name)));
  executable.destroy();
  backend.destroy();
  return results as Float32Array[];
}

/** Of the largest exact result: what a result may be off by. Sums of small integers are exact, except by Winograd. */
type Allowed = 0 | 3e-6;

async function check(
  program: Program,
  inputs: Inputs,
  { expected, allowed = 0 }: { expected: readonly Float64Array[]; allowed?: Allowed },
): Promise<void> {
  const narrow = await run(program, inputs, false);
  for (const [i, exact] of expected.entries()) {
    const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const off = exact.reduce(
      (most, value, j) => Math.max(most, Math.abs(value - narrow[i]![j]!)),
      0,
    );
    assert.ok(off <= allowed * largest, `output ${i} is off by ${off}; the largest is ${largest}`);
  }
  assertSameBits(await run(program, inputs, true), narrow);
  const parts = Object.entries(inputs).map(([name, values]) => [name, values.map(Math.sin)]);
  const uneven = Object.fromEntries(parts) as Inputs;
  const bits = await run(program, uneven, false);
  assertSameBits(await run(program, uneven, true), bits);
  for (const threads of [2, 5]) assertSameBits(await run(program, uneven, true, threads), bits);
}

function assertSameBits(a: readonly Float32Array[], b: readonly Float32Array[]): void {
  const digests = [a, b].map((arrays) =>
    arrays.map((values) => createHash('sha256').update(values).digest('hex')),
  );
  assert.deepEqual(digests[0], digests[1]);
}

interface ConvCase {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly geometry: ConvGeometry;
}

const plain: ConvGeometry = {
  strides: [1, 1],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  groups: 1,
};

const convolutions: readonly ConvCase[] = [
  { name: 'first of the CIFAR tutorial', x: [4, 32, 32, 3], filter: [5, 5, 3, 6], geometry: plain },
  {
    name: 'of few outputs, dilated, padded, with a rest of rows',
    x: [2, 23, 21, 16],
    filter: [3, 3, 16, 5],
    geometry: { ...plain, dilation: [1, 2], padding: [1, 0, 3, 2] },
  },
  {
    name: 'of one output, every second row',
    x: [2, 51, 31, 8],
    filter: [5, 5, 8, 1],
    geometry: { ...plain, strides: [2, 1] },
  },
  {
    name: 'of few inputs and padded by more than the gradient of the input needs',
    x: [3, 22, 22, 4],
    filter: [3, 3, 4, 18],
    geometry: { ...plain, padding: [3, 3, 3, 3] },
  },
  {
    name: 'padded by one',
    x: [2, 15, 15, 32],
    filter: [3, 3, 32, 33],
    geometry: { ...plain, padding: [1, 1, 1, 1] },
  },
  {
    name: '3x3 by Winograd, padded by one',
    x: [2, 15, 15, 32],
    filter: [3, 3, 32, 32],
    geometry: { ...plain, padding: [1, 1, 1, 1] },
  },
  {
    name: '3x3 by Winograd, even and odd sides, not padded',
    x: [3, 17, 10, 20],
    filter: [3, 3, 20, 48],
    geometry: plain,
  },
  {
    name: '3x3 by Winograd, several images to a block',
    x: [6, 13, 9, 16],
    filter: [3, 3, 16, 32],
    geometry: plain,
  },
  {
    name: '3x3 by Winograd, many rows',
    x: [1, 70, 8, 16],
    filter: [3, 3, 16, 16],
    geometry: { ...plain, padding: [1, 0, 2, 1] },
  },
  {
    name: 'of odd sizes with strides and uneven padding',
    x: [3, 23, 19, 18],
    filter: [5, 3, 18, 21],
    geometry: { ...plain, strides: [2, 3], padding: [1, 2, 0, 1] },
  },
  {
    name: 'dilated, one image',
    x: [1, 29, 31, 7],
    filter: [3, 3, 7, 30],
    geometry: { ...plain, dilation: [1, 2], padding: [2, 2, 2, 2] },
  },
  {
    name: 'in groups',
    x: [2, 17, 16, 24],
    filter: [3, 3, 12, 34],
    geometry: { ...plain, groups: 2 },
  },
  {
    name: 'padded by more than its filter reaches',
    x: [2, 13, 13, 16],
    filter: [1, 3, 16, 40],
    geometry: { ...plain, padding: [2, 2, 3, 3] },
  },
];

/** Calls `visit` with the flat places in x, filter and output that belong together. */
function forEachTap(
  { x, filter, geometry }: ConvCase,
  output: Shape,
  visit: (x: number, filter: number, output: number) => void,
): void {
  const [, height, width, channels] = x;
  const [rows, columns, perGroup, outputs] = filter;
  const [images = 0, outRows = 0, outColumns = 0] = output;
  const { strides, padding, dilation, groups } = geometry;
  for (let at = 0; at < images * outRows * outColumns; at++) {
    const column = at % outColumns;
    const row = Math.floor(at / outColumns) % outRows;
    const image = Math.floor(at / outColumns / outRows);
    for (let tap = 0; tap < rows * columns; tap++) {
      const y = row * strides[0] + Math.floor(tap / columns) * dilation[0] - padding[0];
      const z = column * strides[1] + (tap % columns) * dilation[1] - padding[2];
      if (y < 0 || y >= height || z < 0 || z >= width) continue;
      for (let c = 0; c < perGroup; c++) {
        for (let o = 0; o < outputs; o++) {
          const channel = Math.floor((o * groups) / outputs) * perGroup + c;
          const from = ((image * height + y) * width + z) * channels + channel;
          visit(from, (tap * perGroup + c) * outputs + o, at * outputs + o);
        }
      }
    }
  }
}

async function checkConvolution(conv: ConvCase): Promise<void> {
  const { x, filter, geometry } = conv;
  const shape = convOutputShape(x, filter, geometry);
  const values = { x: integers(x, 1), filter: integers(filter, 2), slopes: integers(shape, 3) };
  const b = new Builder();
  const load = (name: string, of: Shape) => b.load(b.buffer(name, 'state', 'f32', of));
  const [input, weights, slopes] = [load('x', x), load('filter', filter), load('slopes', shape)];
  const outputs = [
    b.binary('max', b.add(b.conv2d(input, weights, geometry), 0.5), 0),
    b.conv2dInputGrad(slopes, weights, x, geometry),
    b.conv2dFilterGrad(input, slopes, filter, geometry),
  ];
  const stores = outputs.map((value, i) =>
    b.assign(b.buffer(`out${i}`, 'state', 'f32', value.type.shape), value),
  );
  const sums = [shape, x, filter].map((of) => new Float64Array(elementCount(of)));
  const [y, dx, dFilter] = sums as [Float64Array, Float64Array, Float64Array];
  forEachTap(conv, shape, (i, f, o) => {
    y[o]! += values.x[i]! * values.filter[f]!;
    dx[i]! += values.slopes[o]! * values.filter[f]!;
    dFilter[f]! += values.slopes[o]! * values.x[i]!;
  });
  const relu = y.map((sum) => Math.max(0, sum + 0.5));
  const program = b.program('convolution', [{ name: 'once', count: 1, stores }]);
  const allowed = conv.name.includes('Winograd') ? 3e-6 : 0;
  await check(program, values, { expected: [relu, dx, dFilter], allowed });
}

/** [m, k, n]: with rests on all axes; sums long enough to be cut into blocks; transposed on either side. */
const products: readonly {
  readonly size: readonly [number, number, number];
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}[] = [
  { size: [32, 300, 70] },
  { size: [33, 129, 35], transposeA: true },
  { size: [64, 65, 66], transposeB: true },
  { size: [17, 5003, 9] },
  { size: [46, 5003, 5], transposeA: true },
  { size: [19, 4100, 16], transposeA: true, transposeB: true },
  // In bands of rows, of which threads share the panels or the bands.
  { size: [701, 200, 96] },
  { size: [205, 700, 131], transposeA: true },
  { size: [1603, 990, 17], transposeB: true },
  { size: [401, 4103, 17] },
];

async function checkProduct({
  size,
  transposeA = false,
  transposeB = false,
}: (typeof products)[number]) {
  const [m, k, n] = size;
  const values = { a: integers([m, k], 4), b: integers([k, n], 5) };
  const b = new Builder();
  const left = b.load(b.buffer('a', 'state', 'f32', transposeA ? [k, m] : [m, k]));
  const right = b.load(b.buffer('b', 'state', 'f32', transposeB ? [n, k] : [k, n]));
  const product = b.matmul(left, right, { transposeA, transposeB });
  const stores = [
    b.assign(b.buffer('out0', 'state', 'f32', [m, n]), product),
    b.assign(b.buffer('out1', 'state', 'f32', [m]), b.reduce('sum', b.mul(product, 0.5), [1])),
  ];
  const expected = new Float64Array(m * n);
  const halves = new Float64Array(m);
  for (let i = 0; i < m * n; i++) {
    const [row, column] = [Math.floor(i / n), i % n];
    for (let j = 0; j < k; j++) {
      const a = values.a[transposeA ? j * m + row : row * k + j]!;
      expected[i]! += a * values.b[transposeB ? column * k + j : j * n + column]!;
    }
    halves[row]! += expected[i]! / 2;
  }
  const program = b.program('product', [{ name: 'once', count: 1, stores }]);
  await check(program, values, { expected: [expected, halves] });
}

describe('large products on wasm', () => {
  for (const conv of convolutions) {
    it(`convolution ${conv.name}, and its gradients`, () => checkConvolution(conv));
  }
  for (const product of products) {
    const { size, transposeA, transposeB } = product;
    it(`matmul ${size.join('x')}${transposeA ? ' transposeA' : ''}${transposeB ? ' transposeB' : ''}`, () =>
      checkProduct(product));
  }
});
