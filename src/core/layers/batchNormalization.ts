import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ForwardContext, ModelTensor } from '../graph/model.ts';
import type { Node } from '../ir/program.ts';
import { type Incoming, type LayerRule, linear, printBatch } from './layer.ts';

type Config = LayerOf<'BatchNormalization'>;

interface Moments {
  readonly mean: Node;
  /** Biased: divided by the number of values. */
  readonly variance: Node;
}

/**
 * gamma * (x - mean) / sqrt(variance + epsilon) + beta for each feature of the last axis. Training uses
 * the batch's mean and biased variance and moves the averages; otherwise the averages are used.
 * Tensors, all [features]: `gamma`, `beta`, `moving_mean`, `moving_variance`.
 */
export const batchNormalization: LayerRule<Config> = (config, incoming) => {
  const { shape, from, name } = incoming;
  const features = shape.at(-1);
  if (features === undefined) {
    return {
      problem: say`expects at least one value a row, gets ${printBatch(shape)} from ${from}`,
      path: [],
      outputShape: shape,
    };
  }
  return {
    outputShape: shape,
    tensors: tensors(config, name, features),
    activation: linear,
    lower: (x, context) => {
      const moments = context.training ? batchMoments(x, context) : averages(name, context);
      if (context.training) moveAverages(config, incoming, { x, moments }, context);
      return normalize(config, name, { x, moments }, context);
    },
  };
};

function tensors(config: Config, name: string, features: number): ModelTensor[] {
  const filled = (role: string, value: number, trainable: boolean): ModelTensor => ({
    name: `${name}/${role}`,
    shape: [features],
    trainable,
    initialize: () => new Float32Array(features).fill(value),
  });
  return [
    ...(config.scale ? [filled('gamma', 1, true)] : []),
    ...(config.center ? [filled('beta', 0, true)] : []),
    filled('moving_mean', 0, false),
    filled('moving_variance', 1, false),
  ];
}

function batchMoments(x: Node, { builder: b }: ForwardContext): Moments {
  const axes = x.type.shape.slice(0, -1).map((_, axis) => axis);
  const count = elementCount(x.type.shape.slice(0, -1));
  const mean = b.div(b.reduce('sum', x, axes), count);
  const deviation = b.sub(x, mean);
  const variance = b.div(b.reduce('sum', b.mul(deviation, deviation), axes), count);
  return { mean, variance };
}

function averages(name: string, context: ForwardContext): Moments {
  return {
    mean: context.tensor(`${name}/moving_mean`),
    variance: context.tensor(`${name}/moving_variance`),
  };
}

function normalize(
  config: Config,
  name: string,
  { x, moments }: { readonly x: Node; readonly moments: Moments },
  context: ForwardContext,
): Node {
  const b = context.builder;
  const inverse = b.unary('rsqrt', b.add(moments.variance, config.epsilon));
  const factor = config.scale ? b.mul(inverse, context.tensor(`${name}/gamma`)) : inverse;
  const scaled = b.mul(b.sub(x, moments.mean), factor);
  return config.center ? b.add(scaled, context.tensor(`${name}/beta`)) : scaled;
}

/**
 * Keras: `momentum` is the share kept, the variance biased. PyTorch: `momentum` is the share replaced,
 * the variance unbiased (of a single row, where that is undefined, biased).
 */
function moveAverages(
  { momentum }: Config,
  { name, conventions }: Incoming,
  { x, moments }: { readonly x: Node; readonly moments: Moments },
  context: ForwardContext,
): void {
  const b = context.builder;
  const count = elementCount(x.type.shape.slice(0, -1));
  const torch = conventions === 'pytorch';
  const kept = torch ? 1 - momentum : momentum;
  const correction = torch ? count / Math.max(1, count - 1) : 1;
  const move = (role: string, value: Node): void => {
    const old = context.tensor(`${name}/${role}`);
    context.update(`${name}/${role}`, b.add(b.mul(old, kept), b.mul(value, 1 - kept)));
  };
  move('moving_mean', moments.mean);
  move('moving_variance', b.mul(moments.variance, correction));
}
