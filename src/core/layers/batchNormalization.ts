import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { ForwardContext, ModelTensor } from '../graph/model.ts';
import type { Node } from '../ir/program.ts';
import {
  affineTensors,
  applyAffine,
  filledTensor,
  momentsOver,
  type Moments,
} from './normalization.ts';
import { type Incoming, type LayerRule, linear, printBatch } from './layer.ts';

type Config = LayerOf<'BatchNormalization'>;

/**
 * gamma * (x - mean) / sqrt(variance + epsilon) + beta for each feature of the last axis. Training uses
 * the batch's mean and biased variance and moves the averages; otherwise the averages are used.
 * Tensors, all [features]: `gamma`, `beta`, `moving_mean`, `moving_variance`.
 */
export const batchNormalization: LayerRule<Config> = (config, incoming) => {
  const {
    inputs: [{ shape, from }],
    name,
  } = incoming;
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
    lower: ([x], context) => {
      const moments = context.training
        ? momentsOver(context.builder, x, batchAxes(x))
        : averages(name, context);
      if (context.training) moveAverages(config, incoming, { x, moments }, context);
      return applyAffine(context, { config, name, x, moments });
    },
  };
};

function tensors(config: Config, name: string, features: number): ModelTensor[] {
  return [
    ...affineTensors(config, name, [features]),
    filledTensor(`${name}/moving_mean`, [features], { value: 0, trainable: false }),
    filledTensor(`${name}/moving_variance`, [features], { value: 1, trainable: false }),
  ];
}

/** All but that of the features. */
function batchAxes(x: Node): number[] {
  return x.type.shape.slice(0, -1).map((_, axis) => axis);
}

function averages(name: string, context: ForwardContext): Moments {
  return {
    mean: context.tensor(`${name}/moving_mean`),
    variance: context.tensor(`${name}/moving_variance`),
  };
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
