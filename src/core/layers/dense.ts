import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ModelTensor } from '../graph/model.ts';
import type { Fans } from './initializers.ts';
import { initialValues } from './initializers.ts';
import { type Incoming, type LayerRule, printBatch } from './layer.ts';

/**
 * activation(x · kernel + bias) over the last axis; axes before it stay, as in Keras.
 * Tensors: `kernel` [in, units], `bias` [units].
 */
export const dense: LayerRule<LayerOf<'Dense'>> = (config, incoming) => {
  const { shape, from, name } = incoming;
  const inputs = shape.at(-1);
  if (inputs === undefined) {
    const problem = say`expects at least one value a row, gets ${printBatch(shape)} from ${from}`;
    return { problem, path: [], outputShape: [config.units] };
  }
  const { units } = config;
  return {
    outputShape: [...shape.slice(0, -1), units],
    tensors: tensors(config, incoming, inputs),
    activation: config.activation,
    lower: (x, context) => {
      const b = context.builder;
      const rows = elementCount(x.type.shape.slice(0, -1));
      const product = b.matmul(b.reshape(x, [rows, inputs]), context.tensor(`${name}/kernel`));
      const sum = config.use_bias ? b.add(product, context.tensor(`${name}/bias`)) : product;
      return b.reshape(sum, [...x.type.shape.slice(0, -1), units]);
    },
  };
};

function tensors(config: LayerOf<'Dense'>, { name }: Incoming, inputs: number): ModelTensor[] {
  const { units, kernel_initializer, bias_initializer } = config;
  const fans: Fans = { fanIn: inputs, fanOut: units };
  // Keras takes the length of a vector for both fans; PyTorch draws biases by the layer's inputs.
  const biasFans =
    bias_initializer.type === 'pytorch_default' ? fans : { fanIn: units, fanOut: units };
  const kernel: ModelTensor = {
    name: `${name}/kernel`,
    shape: [inputs, units],
    trainable: true,
    initialize: (seed) => initialValues(kernel_initializer, [inputs, units], fans, seed),
  };
  const bias: ModelTensor = {
    name: `${name}/bias`,
    shape: [units],
    trainable: true,
    initialize: (seed) => initialValues(bias_initializer, [units], biasFans, seed),
  };
  return config.use_bias ? [kernel, bias] : [kernel];
}
