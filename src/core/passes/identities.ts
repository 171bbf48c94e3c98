/** Ops that give back one of their arguments, bit for bit. */
import type { Builder } from '../ir/builder.ts';
import type { Node, OpOf } from '../ir/program.ts';
import { uniformValue } from './foldConstants.ts';

/** What `node` always equals, or null. */
export function removeIdentity(b: Builder, node: Node): Node | null {
  const { op, args, type } = node;
  const x = args[0]!;
  switch (op.kind) {
    case 'binary':
      return binaryIdentity(b, node, op);
    case 'unary': {
      const undoes = op.fn === 'neg' || op.fn === 'not';
      return undoes && x.op.kind === 'unary' && x.op.fn === op.fn ? x.args[0]! : null;
    }
    case 'select':
      return selectIdentity(args);
    case 'convert':
      return x.type.dtype === type.dtype ? x : null;
    case 'reduce':
      // A sum of one term is not here: from zero on it makes -0 to 0.
      return op.fn !== 'sum' && op.axes.every((axis) => x.type.shape[axis] === 1)
        ? b.reshape(x, type.shape)
        : null;
    case 'concat':
      return args.length === 1 ? x : null;
    case 'pad':
      return [...op.before, ...op.after].every((size) => size === 0) ? x : null;
    default:
      return null;
  }
}

function binaryIdentity(b: Builder, { args, type }: Node, op: OpOf<'binary'>): Node | null {
  const [x, z] = args as [Node, Node];
  const left = uniformValue(x);
  const right = uniformValue(z);
  const isZero = (value: number | null, sign: number): boolean =>
    type.dtype === 'i32' ? value === 0 : value !== null && Object.is(value, sign * 0);
  switch (op.fn) {
    case 'add': // x + 0 is not x when x is -0; x + -0 is
      return isZero(right, -1) ? x : isZero(left, -1) ? z : null;
    case 'sub':
      return isZero(right, 1) ? x : null;
    case 'mul':
      if (right === 1) return x;
      if (left === 1) return z;
      if (type.dtype === 'f32' && right === -1) return b.unary('neg', x);
      return type.dtype === 'f32' && left === -1 ? b.unary('neg', z) : null;
    case 'div':
      return right === 1 ? x : null;
    case 'max':
    case 'min':
      return x === z ? x : null;
    case 'and':
      return right === 1 || x === z ? x : left === 1 ? z : null;
    case 'or':
      return right === 0 || x === z ? x : left === 0 ? z : null;
    default:
      return null;
  }
}

function selectIdentity([condition, whenTrue, whenFalse]: readonly Node[]): Node | null {
  const known = uniformValue(condition!);
  if (known !== null) return known === 0 ? whenFalse! : whenTrue!;
  return whenTrue === whenFalse ? whenTrue! : null;
}
