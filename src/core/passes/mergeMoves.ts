/** Moves of moves become one move; moves that move nothing disappear. */
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { sameShape } from '../../shared/tensor/tensorType.ts';

/** A simpler node of the same value, or null. */
export function mergeMoves(b: Builder, node: Node): Node | null {
  const { op, args, type } = node;
  const [x] = args;
  if (x === undefined) return null;
  const isStill = sameShape(x.type.shape, type.shape);
  switch (op.kind) {
    case 'reshape':
      if (isStill) return x;
      if (x.op.kind === 'constant') return b.constant(x.op.values, type.shape, type.dtype);
      return x.op.kind === 'reshape' ? b.reshape(x.args[0]!, type.shape) : null;
    case 'broadcast':
      if (isStill) return x;
      return x.op.kind === 'broadcast' ? b.broadcast(x.args[0]!, type.shape) : null;
    case 'transpose': {
      if (op.permutation.every((axis, i) => axis === i)) return x;
      if (x.op.kind !== 'transpose') return null;
      const inner = x.op.permutation;
      return b.transpose(
        x.args[0]!,
        op.permutation.map((axis) => inner[axis]!),
      );
    }
    case 'slice': {
      if (isStill) return x;
      if (x.op.kind !== 'slice') return null;
      const inner = x.op.starts;
      return b.slice(
        x.args[0]!,
        op.starts.map((start, axis) => start + inner[axis]!),
        type.shape,
      );
    }
    default:
      return null;
  }
}
