/**
 * Constants of constants, for the functions whose float32 result is the same everywhere because it is
 * rounded correctly. `exp` and its like are left to the backend, which has its own approximation.
 */
import type { Builder } from '../ir/builder.ts';
import type { BinaryFn, CompareFn, Node, UnaryFn } from '../ir/program.ts';

/** The value that all elements of a node have, or null. Of f32 nodes as a float32. */
export function uniformValue(node: Node): number | null {
  if (node.op.kind !== 'constant' || typeof node.op.values !== 'number') return null;
  return node.type.dtype === 'f32' ? Math.fround(node.op.values) : node.op.values;
}

/** The constant equal to `node`, or null when it is not known to be one. */
export function foldConstants(b: Builder, node: Node): Node | null {
  const { op, args, type } = node;
  const values = args.map(uniformValue);
  if (args.length === 0 || values.some((value) => value === null)) return null;
  const folded = foldedValue(node, values as number[]);
  if (folded === null) return null;
  const keepsBits = op.kind === 'broadcast' || op.kind === 'reshape' || op.kind === 'transpose';
  const value = type.dtype === 'f32' && !keepsBits ? Math.fround(folded) : folded;
  return b.constant(value, type.shape, type.dtype);
}

function foldedValue({ op, args, type }: Node, values: readonly number[]): number | null {
  const [x = 0, z = 0] = values;
  switch (op.kind) {
    case 'broadcast':
    case 'reshape':
    case 'transpose':
    case 'slice':
      return x;
    case 'unary':
      return foldUnary[op.fn]?.(x) ?? null;
    case 'binary':
      return (type.dtype === 'i32' ? foldInteger : foldBinary)[op.fn]?.(x, z) ?? null;
    case 'compare':
      return Number(foldCompare[op.fn](x, z));
    case 'convert':
      return type.dtype === 'f32' || args[0]!.type.dtype === type.dtype ? x : null;
    default:
      return null;
  }
}

const foldUnary: Readonly<Partial<Record<UnaryFn, (x: number) => number>>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  neg: (x) => -x,
  not: (x) => (x === 0 ? 1 : 0),
  sqrt: Math.sqrt,
};

const foldBinary: Readonly<Partial<Record<BinaryFn, (x: number, z: number) => number>>> = {
  add: (x, z) => x + z,
  and: (x, z) => x & z,
  div: (x, z) => x / z,
  max: Math.max,
  min: Math.min,
  mul: (x, z) => x * z,
  or: (x, z) => x | z,
  sub: (x, z) => x - z,
};

const foldInteger: typeof foldBinary = {
  add: (x, z) => (x + z) | 0,
  max: Math.max,
  min: Math.min,
  mul: Math.imul,
  sub: (x, z) => (x - z) | 0,
};

const foldCompare: Readonly<Record<CompareFn, (x: number, z: number) => boolean>> = {
  eq: (x, z) => x === z,
  ge: (x, z) => x >= z,
  gt: (x, z) => x > z,
  le: (x, z) => x <= z,
  lt: (x, z) => x < z,
  ne: (x, z) => x !== z,
};
