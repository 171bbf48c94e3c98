/** Values as our JavaScript runtime writes them: every operation is a call. */
import type { Syntax } from './forwardCode.ts';

const names: Readonly<Record<string, string>> = {
  max: 'maximum',
  min: 'minimum',
  pow: 'power',
  eq: 'equal',
  ge: 'greaterEqual',
  gt: 'greater',
  le: 'lessEqual',
  lt: 'less',
  ne: 'notEqual',
};

export const javascriptSyntax: Syntax = {
  tensor: (name) => `W[${JSON.stringify(name)}]`,
  number,
  constant: (values, shape) =>
    typeof values === 'number'
      ? `filled(${list(shape)}, ${number(values)})`
      : `tensor(${list(shape)}, [${values.map(number).join(', ')}])`,
  unary: (fn, x) => `${fn}(${x})`,
  binary: (fn, a, b) => `${names[fn] ?? fn}(${a}, ${b})`,
  compare: (fn, a, b) => `${names[fn] ?? fn}(${a}, ${b})`,
  select: (condition, a, b) => `where(${condition}, ${a}, ${b})`,
  // Numbers of JavaScript hold those of every type.
  convert: (dtype, x) =>
    dtype === 'f32' ? x : dtype === 'bool' ? `notEqual(${x}, 0)` : `trunc(${x})`,
  broadcast: (x, shape) => `stretch(${x}, ${list(shape)})`,
  reshape: (x, shape) => `reshape(${x}, ${list(shape)})`,
  transpose: (x, permutation) => `transpose(${x}, ${list(permutation)})`,
  slice: (x, starts, shape) => `slice(${x}, ${list(starts)}, ${list(shape)})`,
  pad: (x, { before, after, value }) =>
    `pad(${x}, ${list(before)}, ${list(after)}, ${number(value)})`,
  concat: (parts, axis) => `concat([${parts.join(', ')}], ${axis})`,
  reduce: (fn, x, axes) => `reduce(${reducers[fn]}, ${x}, ${list(axes)})`,
  matmul: (a, b, { transposeA, transposeB }) =>
    `matmul(${transposeA ? `transpose(${a}, [1, 0])` : a}, ${transposeB ? `transpose(${b}, [1, 0])` : b})`,
  conv2d: (x, kernel, { strides, padding, dilation, groups }) =>
    `conv2d(${x}, ${kernel}, ${options({ strides, padding, dilation })}, ${groups})`,
  conv2dTranspose: (x, kernel, { strides, padding, dilation }, shape) =>
    `conv2dTranspose(${x}, ${kernel}, ${options({ strides, padding, dilation })}, ${list(shape)})`,
  maxPool: (x, { window, strides, padding }) =>
    `maxPool(${x}, ${options({ window, strides, padding })})`,
  assign: (name, value) => `const ${name} = ${value};`,
  comment: (text) => `// ${text.replaceAll(/[\r\n]+/g, ' ')}`,
};

const reducers = { sum: 'plus', max: 'Math.max', min: 'Math.min' } as const;

function number(value: number): string {
  return String(value);
}

function list(items: readonly number[]): string {
  return `[${items.join(', ')}]`;
}

function options(given: Readonly<Record<string, readonly number[]>>): string {
  return `{ ${Object.entries(given)
    .map(([key, values]) => `${key}: ${list(values)}`)
    .join(', ')} }`;
}
