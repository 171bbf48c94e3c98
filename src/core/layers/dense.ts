import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ModelTensor } from '../graph/model.ts';
import type { Fans } from './initializers.ts';
import { type Incoming, type LayerRule, printBatch } from './layer.ts';
import { biasTensors, weightTensor } from './weightTensors.ts';

/**
 * activation(x · kernel + bias) over the last axis; axes before it stay, as in Keras.
 * Tensors: `kernel` [in, units], `bias` [units].
 */
export const dense: LayerRule<LayerOf<'Dense'>> = (config, incoming) => {
  const {
    inputs: [{ shape, from }],
    name,
  } = incoming;
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
    lower: ([x], context) => {
      const b = context.builder;
      const rows = elementCount(x.type.shape.slice(0, -1));
      const product = b.matmul(b.reshape(x, [rows, inputs]), context.tensor(`${name}/kernel`));
      const sum = config.use_bias ? b.add(product, context.tensor(`${name}/bias`)) : product;
      return b.reshape(sum, [...x.type.shape.slice(0, -1), units]);
    },
  };
};

function tensors(config: LayerOf<'Dense'>, { name }: Incoming, inputs: number): ModelTensor[] {
  const { units } = config;
  const fans: Fans = { fanIn: inputs, fanOut: units };
  const kernel = weightTensor(`${name}/kernel`, [inputs, units], {
    initializer: config.kernel_initializer,
    fans,
  });
  return [kernel, ...biasTensors(config, { name, size: units, fans })];
}
