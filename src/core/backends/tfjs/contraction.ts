/** Sums, products and choices over axes. */
import type { Node, OpOf } from '../../ir/program.ts';
import { type Lowering, type Tensor, tfTypes } from './tensorFlow.ts';

/** Null where the node is of another kind. */
export function contraction(
  { op, type, args: from }: Node,
  [x, y]: readonly Tensor[],
  lowering: Lowering,
): Tensor | null {
  const { tf } = lowering;
  switch (op.kind) {
    case 'reduce':
      return isEmpty(op, from[0]!)
        ? nothing(op, type, lowering)
        : tf[op.fn]<Tensor>(x!, [...op.axes]);
    case 'argMax':
      return argMax(x!, op.axis, lowering);
    case 'matmul':
      return tf.matMul(x!, y!, op.transposeA, op.transposeB);
    default:
      return null;
  }
}

function isEmpty({ axes }: OpOf<'reduce'>, { type }: Node): boolean {
  return axes.some((axis) => type.shape[axis] === 0);
}

/** The sum, maximum or minimum of no elements. */
function nothing({ fn }: OpOf<'reduce'>, { dtype, shape }: Node['type'], { tf }: Lowering): Tensor {
  const [largest, smallest] = dtype === 'f32' ? [Infinity, -Infinity] : [2 ** 31 - 1, -(2 ** 31)];
  const value = fn === 'sum' ? 0 : fn === 'max' ? smallest : largest;
  return tf.fill([...shape], value, tfTypes[dtype]);
}

/** NaN never wins. */
function argMax(x: Tensor, axis: number, { tf, use }: Lowering): Tensor {
  if (x.dtype !== 'float32') return tf.argMax(x, axis);
  const numbers = tf.where(use(tf.isNaN(x)), use(tf.scalar(-Infinity)), x);
  return tf.argMax(use(numbers), axis);
}
