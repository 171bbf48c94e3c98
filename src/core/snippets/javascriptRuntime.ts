/** What a JavaScript module needs besides the lines of its model: no package. */
import { say } from '../../shared/language.ts';
import type { Runtime } from './modelCode.ts';

/** Operations of the forward pass; a tensor is its shape and its values, row-major. */
export function javascriptOperations(): Runtime {
  return { ...elementwise(), ...convolutions, ...layouts, ...moves() };
}

const unary: Readonly<Record<string, string>> = {
  abs: 'Math.abs',
  ceil: 'Math.ceil',
  cos: 'Math.cos',
  erf: 'erfOf',
  exp: 'Math.exp',
  expm1: 'Math.expm1',
  floor: 'Math.floor',
  log: 'Math.log',
  log1p: 'Math.log1p',
  neg: '(v) => -v',
  not: '(v) => Number(!v)',
  rsqrt: '(v) => 1 / Math.sqrt(v)',
  sigmoid: '(v) => 1 / (1 + Math.exp(-v))',
  sign: 'Math.sign',
  sin: 'Math.sin',
  sqrt: 'Math.sqrt',
  tanh: 'Math.tanh',
  trunc: 'Math.trunc',
};
const binary: Readonly<Record<string, string>> = {
  add: 'p + q',
  sub: 'p - q',
  mul: 'p * q',
  div: 'p / q',
  power: 'p ** q',
  maximum: 'Math.max(p, q)',
  minimum: 'Math.min(p, q)',
  and: 'p & q',
  or: 'p | q',
  equal: 'Number(p === q)',
  notEqual: 'Number(p !== q)',
  greater: 'Number(p > q)',
  greaterEqual: 'Number(p >= q)',
  less: 'Number(p < q)',
  lessEqual: 'Number(p <= q)',
};

function elementwise(): Runtime {
  const named = (table: typeof unary, write: (name: string, body: string) => string) =>
    Object.fromEntries(Object.entries(table).map(([name, body]) => [name, write(name, body)]));
  return {
    ...named(unary, (name, body) => `const ${name} = (x) => each(${body}, x);\n`),
    ...named(binary, (name, body) => `const ${name} = (a, b) => each((p, q) => ${body}, a, b);\n`),
    where: 'const where = (c, a, b) => each((p, q, r) => (p ? q : r), c, a, b);\n',
    plus: 'const plus = (a, b) => a + b;\n',
    erfOf: `// ${say('Abramowitz and Stegun 7.1.26: right to 1.5e-7.')}
function erfOf(v) {
  const t = 1 / (1 + 0.3275911 * Math.abs(v));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(v) * (1 - sum * Math.exp(-v * v));
}
`,
    each: `/** ${say('Value by value; smaller tensors and numbers are stretched.')} */
function each(f, ...given) {
  const shapes = given.map((x) => x.shape ?? []);
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const shape = Array.from({ length: rank }, (_, i) =>
    Math.max(...shapes.map((each) => each[each.length - rank + i] ?? 1)),
  );
  const [a, b, c] = given.map((x) => stretch(x, shape).data);
  return { shape, data: Float64Array.from(a, (v, i) => f(v, b?.[i], c?.[i])) };
}
`,
  };
}

const convolutions: Runtime = {
  matmul: `function matmul(a, b) {
  const [rows, inner] = a.shape;
  const columns = b.shape[1];
  const y = filled([rows, columns], 0);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++)
        y.data[i * columns + j] += a.data[i * inner + k] * b.data[k * columns + j];
  return y;
}
`,
  conv2d: `/** x: [rows, height, width, channels]; kernel: [height, width, channels / groups, filters] */
function conv2d(x, kernel, geometry, groups) {
  const [height, width, each, filters] = kernel.shape;
  const channels = x.shape[3];
  const perGroup = filters / groups;
  const [h, w] = windowCounts(x, [height, width], geometry);
  const y = filled([x.shape[0], h, w, filters], 0);
  forEachTap(y.shape, x.shape, [height, width], geometry, (to, from, place) => {
    for (let f = 0; f < filters; f++) {
      const first = from * channels + Math.floor(f / perGroup) * each;
      for (let c = 0; c < each; c++)
        y.data[to * filters + f] += x.data[first + c] * kernel.data[(place * each + c) * filters + f];
    }
  });
  return y;
}
`,
  conv2dTranspose: `/** x: [rows, height, width, channels]; kernel: [height, width, filters, channels] */
function conv2dTranspose(x, kernel, geometry, shape) {
  const [height, width, filters, channels] = kernel.shape;
  const y = filled(shape, 0);
  forEachTap(x.shape, shape, [height, width], geometry, (from, to, place) => {
    for (let f = 0; f < filters; f++)
      for (let c = 0; c < channels; c++)
        y.data[to * filters + f] += x.data[from * channels + c] * kernel.data[(place * filters + f) * channels + c];
  });
  return y;
}
`,
  maxPool: `function maxPool(x, { window, ...geometry }) {
  const channels = x.shape[3];
  const y = filled([x.shape[0], ...windowCounts(x, window, geometry), channels], -Infinity);
  forEachTap(y.shape, x.shape, window, geometry, (to, from) => {
    for (let c = 0; c < channels; c++)
      y.data[to * channels + c] = Math.max(y.data[to * channels + c], x.data[from * channels + c]);
  });
  return y;
}
`,
  windowCounts: `function windowCounts({ shape }, size, { strides, padding, dilation = [1, 1] }) {
  return [0, 1].map((i) => {
    const length = shape[i + 1] + padding[2 * i] + padding[2 * i + 1];
    return Math.floor((length - (size[i] - 1) * dilation[i] - 1) / strides[i]) + 1;
  });
}
`,
  forEachTap: `/** Pixels of the windows' side and of the side that they slide over, and the place in the window that joins them. */
function forEachTap([rows, h, w], [, height, width], size, { strides, padding, dilation = [1, 1] }, join) {
  for (let n = 0; n < rows; n++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++)
        for (let ky = 0; ky < size[0]; ky++)
          for (let kx = 0; kx < size[1]; kx++) {
            const y = i * strides[0] + ky * dilation[0] - padding[0];
            const x = j * strides[1] + kx * dilation[1] - padding[2];
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            join((n * h + i) * w + j, (n * height + y) * width + x, ky * size[1] + kx);
          }
}
`,
};

const layouts: Runtime = {
  filled: `const filled = (shape, value) => tensor(shape, new Float64Array(sizeOf(shape)).fill(value));
`,
  reshape: 'const reshape = (x, shape) => tensor(shape, x.data);\n',
  tensor: 'const tensor = (shape, data) => ({ shape, data });\n',
  sizeOf: 'const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);\n',
  stretch: `function stretch(x, shape) {
  if (typeof x === 'number') return filled(shape, x);
  if (x.shape.join() === shape.join()) return x;
  const strides = stridesOf(x.shape).map((stride, i) => (x.shape[i] === 1 ? 0 : stride));
  const before = shape.slice(x.shape.length).map(() => 0);
  return view(x, shape, [...before, ...strides], 0);
}
`,
  transpose: `function transpose(x, order) {
  const strides = stridesOf(x.shape);
  return view(x, order.map((i) => x.shape[i]), order.map((i) => strides[i]), 0);
}
`,
  slice: `function slice(x, starts, shape) {
  const strides = stridesOf(x.shape);
  return view(x, shape, strides, starts.reduce((at, start, i) => at + start * strides[i], 0));
}
`,
  pad: `function pad(x, before, after, value) {
  const y = filled(x.shape.map((n, i) => before[i] + n + after[i]), value);
  const strides = stridesOf(y.shape);
  const places = view({ data: y.data.map((_, i) => i) }, x.shape, strides, before.reduce((at, n, i) => at + n * strides[i], 0));
  places.data.forEach((to, from) => (y.data[to] = x.data[from]));
  return y;
}
`,
  concat: `function concat(parts, axis) {
  const shape = parts[0].shape.with(axis, parts.reduce((sum, x) => sum + x.shape[axis], 0));
  const run = (x) => sizeOf(x.shape.slice(axis));
  const outer = sizeOf(shape.slice(0, axis));
  const rows = Array.from({ length: outer }, (_, i) =>
    parts.flatMap((x) => [...x.data.slice(i * run(x), (i + 1) * run(x))]),
  );
  return tensor(shape, Float64Array.from(rows.flat()));
}
`,
};

function moves(): Runtime {
  return {
    reduce: `/** ${say('Over some axes, which disappear.')} */
function reduce(f, x, axes) {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const { data } = transpose(x, [...kept, ...axes]);
  const shape = kept.map((i) => x.shape[i]);
  const run = data.length / sizeOf(shape);
  return tensor(shape, Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    data.subarray(i * run, (i + 1) * run).reduce((a, b) => f(a, b)),
  ));
}
`,
    view: `/** ${say('The values at these strides, copied.')} */
function view(x, shape, strides, start) {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0, at = start; i < data.length; i++) {
    data[i] = x.data[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return { shape, data };
}
`,
    stridesOf: 'const stridesOf = (shape) => shape.map((_, i) => sizeOf(shape.slice(i + 1)));\n',
  };
}

/** Rows of a table to numbers. */
export function javascriptTable(): string {
  return `/** ${say('The numbers that the model gets, as in training.')} */
function encode(row) {
  return features.flatMap((feature) => {
    const given = row[feature.name];
    const value = given === undefined || given === null || given === '' ? feature.fill : given;
    if (value === null) throw new Error(feature.name + ' is missing');
    if (feature.kind === 'one_hot') {
      const index = categoryIndex(feature, value);
      return feature.categories.map((_, i) => Number(i === index));
    }
    const number = feature.kind === 'ordinal' ? categoryIndex(feature, value) : Number(value);
    if (!Number.isFinite(number)) throw new Error(feature.name + ' is not a number: ' + value);
    return [(number * feature.scale + feature.offset - feature.center) / feature.divisor];
  });
}

/** ${say('By name, or where no category has that name by index.')} */
function categoryIndex({ name, categories }, value) {
  const byName = categories.indexOf(String(value).trim());
  const index = byName >= 0 ? byName : Number(value);
  if (index in categories) return index;
  throw new Error(name + ' must be one of ' + categories.join(', ') + ', not ' + value);
}`;
}

/** Length of the header, the header as JSON, then the values. */
export const readSafetensors = `function readSafetensors(file) {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__, ...header } = JSON.parse(bytes.toString('utf8', 8, start));
  const values = ([from, to]) =>
    Float64Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(start + from + 4 * i));
  return Object.fromEntries(
    Object.entries(header).map(([name, { shape, data_offsets }]) => [name, { shape, data: values(data_offsets) }]),
  );
}`;
