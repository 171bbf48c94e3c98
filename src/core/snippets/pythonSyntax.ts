/** Values as Python with NumPy writes them. */
import type { ConvGeometry, UnaryFn } from '../ir/program.ts';
import type { Syntax } from './forwardCode.ts';

const unary: Partial<Readonly<Record<UnaryFn, (x: string) => string>>> = {
  erf: (x) => `erf(${x})`,
  neg: (x) => `(-${x})`,
  not: (x) => `np.logical_not(${x})`,
  rsqrt: (x) => `(1 / np.sqrt(${x}))`,
  sigmoid: (x) => `sigmoid(${x})`,
};

const operators: Readonly<Record<string, string>> = {
  add: '+',
  and: '&',
  div: '/',
  eq: '==',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
  mul: '*',
  ne: '!=',
  or: '|',
  pow: '**',
  sub: '-',
};

const types = { bool: 'bool', f32: 'np.float32', i32: 'np.int32', u8: 'np.uint8' } as const;

export const pythonSyntax: Syntax = {
  tensor: (name) => `W[${JSON.stringify(name)}]`,
  number,
  constant: (values, shape) =>
    typeof values === 'number'
      ? `np.full(${tuple(shape)}, ${number(values)}, np.float32)`
      : `np.array([${values.map(number).join(', ')}], np.float32).reshape(${tuple(shape)})`,
  unary: (fn, x) => unary[fn]?.(x) ?? `np.${fn}(${bare(x)})`,
  binary: (fn, a, b) =>
    fn === 'max' || fn === 'min'
      ? `np.${fn}imum(${bare(a)}, ${bare(b)})`
      : `(${a} ${operators[fn]!} ${b})`,
  compare: (fn, a, b) => `(${a} ${operators[fn]!} ${b})`,
  select: (condition, a, b) => `np.where(${bare(condition)}, ${bare(a)}, ${bare(b)})`,
  convert: (dtype, x) => `${x}.astype(${types[dtype]})`,
  broadcast: (x, shape) => `np.broadcast_to(${bare(x)}, ${tuple(shape)})`,
  reshape: (x, shape) => `${x}.reshape(${tuple(shape)})`,
  transpose: (x, permutation) => `${x}.transpose(${tuple(permutation)})`,
  slice: (x, starts, shape) =>
    `${x}[${starts.map((start, i) => `${start}:${start + shape[i]!}`).join(', ')}]`,
  pad: (x, { before, after, value }) =>
    `np.pad(${bare(x)}, ${tuple(before.map((n, i) => `(${n}, ${after[i]!})`))}, constant_values=${number(value)})`,
  concat: (parts, axis) => `np.concatenate([${parts.map(bare).join(', ')}], axis=${axis})`,
  reduce: (fn, x, axes) => `${x}.${fn}(axis=${tuple(axes)})`,
  matmul: (a, b, { transposeA, transposeB }) =>
    `(${a}${transposeA ? '.T' : ''} @ ${b}${transposeB ? '.T' : ''})`,
  conv2d: (x, kernel, geometry) => `conv2d(${bare(x)}, ${kernel}, ${convolution(geometry)})`,
  conv2dTranspose: (x, kernel, geometry, shape) =>
    `conv2d_transpose(${bare(x)}, ${kernel}, ${convolution(geometry)}, shape=${tuple(shape)})`,
  maxPool: (x, { window, strides, padding }) =>
    `max_pool(${bare(x)}, size=${tuple(window)}, strides=${tuple(strides)}, padding=${tuple(padding)})`,
  assign: (name, value) => `${name} = ${bare(value)}`,
  comment: (text) => `# ${text.replaceAll(/[\r\n]+/g, ' ')}`,
};

function number(value: number): string {
  if (Number.isNaN(value)) return 'np.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-np.inf' : 'np.inf';
  return String(value);
}

function tuple(items: readonly (number | string)[]): string {
  return items.length === 1 ? `(${items[0]!},)` : `(${items.join(', ')})`;
}

function convolution({ strides, padding, dilation, groups }: ConvGeometry): string {
  const parts = [`strides=${tuple(strides)}`, `padding=${tuple(padding)}`];
  if (dilation.some((step) => step !== 1)) parts.push(`dilation=${tuple(dilation)}`);
  if (groups !== 1) parts.push(`groups=${groups}`);
  return parts.join(', ');
}

/** Without the parentheses around all of it. */
function bare(text: string): string {
  if (!text.startsWith('(')) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}
