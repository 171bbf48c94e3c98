import type { LayerOf } from '../../shared/model/layers.ts';
import { type LayerRule, plainLayer } from './layer.ts';

/** An activation function as a layer of its own. */
export const activation: LayerRule<LayerOf<'Activation'>> = (config, { inputs: [{ shape }] }) => ({
  ...plainLayer(shape, ([x]) => x),
  activation: config.activation,
});
