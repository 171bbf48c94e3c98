/** The table of layer kinds. */
import type { LayerConfig, LayerOf } from '../../shared/model/layers.ts';
import { activation } from './activation.ts';
import { batchNormalization } from './batchNormalization.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { inputLayer } from './input.ts';
import type { Incoming, Layer, LayerProblem, LayerRule } from './layer.ts';
import { reshape } from './reshape.ts';

const layerRules: { readonly [Type in LayerConfig['type']]: LayerRule<LayerOf<Type>> } = {
  Input: inputLayer,
  Dense: dense,
  Activation: activation,
  Dropout: dropout,
  Flatten: flatten,
  Reshape: reshape,
  BatchNormalization: batchNormalization,
};

/** The layer that `config` makes of what comes in, or why it does not fit. */
export function inferLayer(config: LayerConfig, incoming: Incoming): Layer | LayerProblem {
  const rule = layerRules[config.type] as LayerRule<LayerConfig>;
  return rule(config, incoming);
}
