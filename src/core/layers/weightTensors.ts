/** Trained tensors of the layers that multiply: kernels and biases. */
import type { InitializerConfig } from '../../shared/model/initializers.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { ModelTensor } from '../graph/model.ts';
import { type Fans, initialValues } from './initializers.ts';

interface WeightOptions {
  readonly initializer: InitializerConfig;
  readonly fans: Fans;
  /** As initialisers see it: [..., in, out], the same values in the same order; by default `shape`. */
  readonly drawnShape?: Shape;
}

export function weightTensor(
  name: string,
  shape: Shape,
  { initializer, fans, drawnShape = shape }: WeightOptions,
): ModelTensor {
  return {
    name,
    shape,
    trainable: true,
    initialize: (seed) => initialValues(initializer, drawnShape, fans, seed),
  };
}

interface BiasConfig {
  readonly use_bias: boolean;
  readonly bias_initializer: InitializerConfig;
}

interface BiasOptions {
  /** Of the layer. */
  readonly name: string;
  readonly size: number;
  /** Of the layer's kernel. */
  readonly fans: Fans;
}

/** `<name>/bias` [size], or none. */
export function biasTensors(
  { use_bias, bias_initializer: initializer }: BiasConfig,
  { name, size, fans }: BiasOptions,
): ModelTensor[] {
  if (!use_bias) return [];
  // Keras takes the length of a vector for both fans; PyTorch draws biases by the layer's inputs.
  const biasFans = initializer.type === 'pytorch_default' ? fans : { fanIn: size, fanOut: size };
  return [weightTensor(`${name}/bias`, [size], { initializer, fans: biasFans })];
}
