/**
 * The value of one element of a node as WGSL. Elementwise ops and moves are written in place (so chains
 * of them fuse into whatever kernel needs them); values that have memory of their own are read from it.
 * Bools are `bool` in expressions and 0 or 1 in memory.
 */
import { AppError } from '../../../shared/errors.ts';
import type { DType } from '../../../shared/tensor/tensorType.ts';
import type { BinaryFn, CompareFn, Node, OpOf, UnaryFn } from '../../ir/program.ts';
import { type Coordinates, flatten, reshaped } from './indexing.ts';

/** Writes the statements of one kernel. */
export interface KernelWriter {
  /** The WGSL name of the memory of a node, or null when it is to be computed in place. */
  memoryOf(node: Node): string | null;
  /** Adds `let name = expression;` and gives the name. */
  let(expression: string): string;
}

/** WGSL name of a node's element type; in memory a bool is an i32. */
export function memoryType(dtype: DType): string {
  return dtype === 'f32' ? 'f32' : dtype === 'u8' ? 'u32' : 'i32';
}

export function elementOf(writer: KernelWriter, node: Node, at: Coordinates): string {
  const memory = writer.memoryOf(node);
  if (memory !== null) {
    const read = `${memory}[${flatten(at, node.type.shape)}]`;
    return writer.let(node.type.dtype === 'bool' ? `${read} != 0` : read);
  }
  return sourceElement(node, at) ?? movedElement(writer, node, at) ?? mapped(writer, node, at);
}

function sourceElement({ op, type }: Node, at: Coordinates): string | null {
  switch (op.kind) {
    case 'iteration':
      return 'parameters.iteration';
    case 'iota':
      return `i32(${at[op.axis]!})`;
    case 'constant':
      return typeof op.values === 'number'
        ? literal(op.values, type.dtype)
        : listElement(op.values, type.dtype, flatten(at, type.shape));
    default:
      return null;
  }
}

function listElement(values: readonly number[], dtype: DType, index: string): string {
  const type = dtype === 'bool' ? 'bool' : memoryType(dtype);
  const items = values.map((value) => literal(value, dtype)).join(', ');
  return `array<${type}, ${values.length}>(${items})[${index}]`;
}

function literal(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'i32') return `i32(${value})`;
  if (dtype === 'u8') return `${value}u`;
  if (!Number.isFinite(value)) throw unsupported(`the constant ${value}`);
  return `f32(${Math.fround(value)})`;
}

/** Where a move takes its element from. */
function movedElement(writer: KernelWriter, node: Node, at: Coordinates): string | null {
  const { op, args } = node;
  const from = args[0]!;
  const [row = '0u', ...rest] = at;
  switch (op.kind) {
    case 'broadcast': {
      const own = at.slice(at.length - from.type.shape.length);
      return elementOf(
        writer,
        from,
        own.map((c, i) => (from.type.shape[i] === 1 ? '0u' : c)),
      );
    }
    case 'reshape':
      return elementOf(writer, from, reshaped(at, node.type.shape, from.type.shape));
    case 'transpose':
      return elementOf(
        writer,
        from,
        from.type.shape.map((_, axis) => at[op.permutation.indexOf(axis)]!),
      );
    case 'slice':
      return elementOf(
        writer,
        from,
        at.map((c, axis) => `(${c} + ${op.starts[axis]!}u)`),
      );
    case 'dynamicRows': {
      const start = elementOf(writer, args[1]!, []);
      return elementOf(writer, from, [`(${row} + u32(${start}))`, ...rest]);
    }
    case 'gatherRows': {
      const index = elementOf(writer, args[1]!, [row]);
      return elementOf(writer, from, [`u32(${index})`, ...rest]);
    }
    default:
      return null;
  }
}

function mapped(writer: KernelWriter, node: Node, at: Coordinates): string {
  const { op } = node;
  const [x = '', y = '', z = ''] = isMap(node)
    ? node.args.map((a) => elementOf(writer, a, at))
    : [];
  switch (op.kind) {
    case 'unary':
      return writer.let(unary(op, x));
    case 'binary':
      return writer.let(binary(op, x, y));
    case 'compare':
      return writer.let(`${x} ${compareFns[op.fn]} ${y}`);
    case 'select':
      return writer.let(`select(${z}, ${y}, ${x})`);
    case 'convert':
      return writer.let(converted(x, node.args[0]!.type.dtype, node.type.dtype));
    default:
      throw unsupported(op.kind);
  }
}

export function isMap({ op }: Node): boolean {
  return ['unary', 'binary', 'compare', 'select', 'convert'].includes(op.kind);
}

function unary({ fn }: OpOf<'unary'>, x: string): string {
  const write = unaryFns[fn];
  if (write === undefined) throw unsupported(fn);
  return write(x);
}

const unaryFns: Readonly<Partial<Record<UnaryFn, (x: string) => string>>> = {
  abs: (x) => `abs(${x})`,
  ceil: (x) => `ceil(${x})`,
  cos: (x) => `cos(${x})`,
  exp: (x) => `exp(${x})`,
  expm1: (x) => `select(exp(${x}) - 1.0, ${expm1Series(x)}, abs(${x}) < 0.5)`,
  floor: (x) => `floor(${x})`,
  log: (x) => `log(${x})`,
  neg: (x) => `-(${x})`,
  not: (x) => `!(${x})`,
  rsqrt: (x) => `inverseSqrt(${x})`,
  sigmoid: (x) => `1.0 / (1.0 + exp(-(${x})))`,
  sign: (x) => `sign(${x})`,
  sin: (x) => `sin(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  tanh: (x) => `tanh(clamp(${x}, -20.0, 20.0))`, // tanh may overflow inside for large arguments
  uniform24: (x) => `f32(bitcast<u32>(${x}) >> 8u) * 0x1p-24f`,
};

/** Taylor to x^7, 2e-7 relative at 0.5, where exp(x) - 1 begins to keep its digits. */
function expm1Series(x: string): string {
  const nested = [7, 6, 5, 4, 3, 2].reduce((rest, n) => `(1.0 + ${x} / ${n}.0 * ${rest})`, '1.0');
  return `${x} * ${nested}`;
}

function binary({ fn }: OpOf<'binary'>, x: string, y: string): string {
  return fn in operators ? `${x} ${operators[fn]!} ${y}` : `${fn}(${x}, ${y})`;
}

const operators: Readonly<Partial<Record<BinaryFn, string>>> = {
  add: '+',
  and: '&&',
  div: '/',
  mul: '*',
  or: '||',
  sub: '-',
};

const compareFns: Readonly<Record<CompareFn, string>> = {
  eq: '==',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
  ne: '!=',
};

function converted(x: string, from: DType, to: DType): string {
  if (from === to) return x;
  if (to === 'bool') return `${x} != ${memoryType(from)}(0)`;
  if (to === 'u8') return `clamp(u32(${x}), 0u, 255u)`;
  return `${memoryType(to)}(${x})`;
}

export function unsupported(what: string): AppError {
  return new AppError('backend.unsupported', `WGSL code generation does not know ${what} yet.`);
}
