/**
 * The largest of each window, place by place of the window, each a strided slice of the image: TensorFlow's own
 * kernels disagree on NaN and on which of equals takes the gradient.
 */
import type { Node, PoolGeometry } from '../../ir/program.ts';
import { larger } from './elementwise.ts';
import { type Pair, type Shape4, insertZeros, resized, shape4 } from './spacing.ts';
import type { Lowering, Tensor } from './tensorFlow.ts';

/** Null where the node is of another kind. */
export function pooling(
  { op }: Node,
  [x, grad]: readonly Tensor[],
  lowering: Lowering,
): Tensor | null {
  if (op.kind === 'maxPool2d') return maxPool(x!, op.geometry, lowering);
  if (op.kind !== 'maxPool2dInputGrad') return null;
  return maxPoolGrad([x!, grad!], op.geometry, lowering);
}

function maxPool(x: Tensor, geometry: PoolGeometry, l: Lowering): Tensor {
  return placesOf(x, geometry, l)
    .map(({ values }) => values)
    .reduce((best, values) => l.use(larger('max', [best, values], l)))
    .clone();
}

interface Place {
  /** In the window. */
  readonly at: Pair;
  /** What each window has there, as the output. */
  readonly values: Tensor;
}

/** Row by row. Padding is -Infinity, which no number loses against. */
function placesOf(x: Tensor, { window, strides, padding }: PoolGeometry, l: Lowering): Place[] {
  const padded = resized(x, padding, l, -Infinity);
  const [n, rows, columns, channels] = shape4(padded);
  const [height, width] = window;
  const [sy, sx] = strides;
  const lastRow = Math.floor((rows - height) / sy) * sy;
  const lastColumn = Math.floor((columns - width) / sx) * sx;
  return Array.from({ length: height * width }, (_, i) => {
    const [y, z] = [Math.floor(i / width), i % width];
    const end = [n, y + lastRow + 1, z + lastColumn + 1, channels];
    const slice = l.tf.stridedSlice(padded, [0, y, z, 0], end, [1, sy, sx, 1]);
    return { at: [y, z], values: l.use(slice) };
  });
}

/** Each output's gradient lands on the place that won its window; what lands on one pixel is added in order of places. */
function maxPoolGrad(
  [x, grad]: readonly [Tensor, Tensor],
  geometry: PoolGeometry,
  l: Lowering,
): Tensor {
  const { tf, use } = l;
  const places = placesOf(x, geometry, l);
  const winner = winners(places, l);
  const zero = use(tf.zerosLike(grad));
  const sum = places
    .map(({ at }, i) => {
      const won = use(tf.equal(winner, use(tf.scalar(i, 'int32'))));
      return landed(use(tf.where(won, grad, zero)), { at, geometry, shape: shape4(x) }, l);
    })
    .reduce((total, part) => use(tf.add(total, part)));
  return sum.clone();
}

/** i32, as the output: which place has the first largest value, or the first NaN. */
function winners(places: readonly Place[], { tf, use }: Lowering): Tensor {
  const [first, ...others] = places as [Place, ...Place[]];
  let best = first.values;
  let winner = use(tf.zerosLike(use(tf.cast(first.values, 'int32'))));
  others.forEach(({ values }, i) => {
    const isNew = use(
      tf.logicalAnd(use(tf.isNaN(values)), use(tf.logicalNot(use(tf.isNaN(best))))),
    );
    const wins = use(tf.logicalOr(use(tf.greater(values, best)), isNew));
    best = use(tf.where(wins, values, best));
    winner = use(tf.where(wins, use(tf.scalar(i + 1, 'int32')), winner));
  });
  return winner;
}

interface Landing {
  readonly at: Pair;
  readonly geometry: PoolGeometry;
  /** Of x. */
  readonly shape: Shape4;
}

/** An output-sized tensor where its windows' place is in x. */
function landed(values: Tensor, { at, geometry, shape }: Landing, l: Lowering): Tensor {
  const apart = insertZeros(values, geometry.strides, l);
  const top = at[0] - geometry.padding[0];
  const left = at[1] - geometry.padding[2];
  const [, rows, columns] = shape4(apart);
  const sides = [top, shape[1] - top - rows, left, shape[2] - left - columns] as const;
  return resized(apart, sides, l);
}
