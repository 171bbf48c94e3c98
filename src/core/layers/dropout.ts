import type { LayerOf } from '../../shared/model/layers.ts';
import type { ForwardContext } from '../graph/model.ts';
import type { Node, Shape } from '../ir/program.ts';
import { imageProblem } from './image.ts';
import { type LayerRule, batchSize, plainLayer } from './layer.ts';

/** Each value on its own; see `drop`. */
export const dropout: LayerRule<LayerOf<'Dropout'>> = ({ rate }, { inputs: [{ shape }] }) =>
  plainLayer(shape, ([x], context) => drop(x, { rate, noiseShape: x.type.shape }, context));

/** Whole channels of an image at once; see `drop`. */
export const spatialDropout2d: LayerRule<LayerOf<'SpatialDropout2D'>> = (
  { rate },
  { inputs: [input] },
) => {
  const { shape } = input;
  const misfit = imageProblem(2, input);
  if (misfit !== null) return misfit;
  return plainLayer(shape, ([x], context) =>
    drop(x, { rate, noiseShape: [batchSize(x), 1, 1, shape[2]!] }, context),
  );
};

interface Drop {
  readonly rate: number;
  /** One random number for each of its elements; it broadcasts to x. */
  readonly noiseShape: Shape;
}

/**
 * Inverted dropout: while training, each value is kept with probability 1 - rate and divided by it,
 * else 0; otherwise the identity. Mask: uniform24(random bits) >= rate.
 */
function drop(x: Node, { rate, noiseShape }: Drop, context: ForwardContext): Node {
  if (!context.training || rate === 0) return x;
  const b = context.builder;
  const bits = b.randomBits(context.nextStream(), context.random, noiseShape);
  const kept = b.compare('ge', b.unary('uniform24', bits), rate);
  return b.select(b.broadcast(kept, x.type.shape), b.mul(x, 1 / (1 - rate)), 0);
}
