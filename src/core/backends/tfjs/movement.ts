/** Ops that move elements. */
import type { Node } from '../../ir/program.ts';
import { randomBits, stepKey } from '../../random/threefry.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { type Lowering, type Tensor, upload } from './tensorFlow.ts';

/** Null where the node is of another kind. */
export function movement(
  { op, type }: Node,
  args: readonly Tensor[],
  { tf, use }: Lowering,
): Tensor | null {
  const [x, y] = args as [Tensor, Tensor];
  const shape = [...type.shape];
  switch (op.kind) {
    case 'broadcast':
      return tf.broadcastTo(x, shape);
    case 'reshape':
      return tf.reshape(x, shape);
    case 'transpose':
      return tf.transpose(x, [...op.permutation]);
    case 'slice':
      return tf.slice(x, [...op.starts], shape);
    case 'pad': {
      const sides = op.before.map((before, axis): [number, number] => [before, op.after[axis]!]);
      return tf.pad(x, sides, op.value);
    }
    case 'concat':
      return tf.concat([...args], op.axis);
    case 'gatherRows':
      return tf.gather(x, y);
    case 'scatterAddRows': // sums what meets in a row
      return tf.scatterND(use(tf.expandDims(x, 1)), y, shape);
    default:
      return null;
  }
}

/** Ops that need scalars as numbers, as the host knows them. Null where the node is of another kind. */
export function hostGuided(
  { op, type, args: from }: Node,
  [x]: readonly Tensor[],
  { tf, host }: Lowering & { readonly host: (node: Node) => number },
): Tensor | null {
  if (op.kind === 'dynamicRows') {
    const starts = type.shape.map((_, axis) => (axis === 0 ? host(from[1]!) : 0));
    return tf.slice(x!, starts, [...type.shape]);
  }
  if (op.kind !== 'randomBits') return null;
  const [seed = 0, epoch = 0, step = 0] = from.map(host);
  const key = stepKey({ seed, stream: op.stream, epoch, step });
  return upload(tf, randomBits(key, elementCount(type.shape), op.first), type);
}
