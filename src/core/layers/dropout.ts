import type { LayerOf } from '../../shared/model/layers.ts';
import { type LayerRule, plainLayer } from './layer.ts';

/**
 * Inverted dropout: while training, each value is kept with probability 1 - rate and divided by it,
 * else 0; otherwise the identity. Mask: uniform24(random bits) >= rate.
 */
export const dropout: LayerRule<LayerOf<'Dropout'>> = ({ rate }, { shape }) =>
  plainLayer(shape, (x, context) => {
    if (!context.training || rate === 0) return x;
    const b = context.builder;
    const bits = b.randomBits(context.nextStream(), context.random, x.type.shape);
    const kept = b.compare('ge', b.unary('uniform24', bits), rate);
    return b.select(kept, b.mul(x, 1 / (1 - rate)), 0);
  });
