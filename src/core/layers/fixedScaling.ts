/** Rescaling and Normalization: numbers that stay as they are while training. */
import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import type { InputMoments, ModelTensor } from '../graph/model.ts';
import { type LayerRule, linear, plainLayer, printBatch } from './layer.ts';

export const rescaling: LayerRule<LayerOf<'Rescaling'>> = (
  { scale, offset },
  { inputs: [{ shape }] },
) =>
  plainLayer(shape, ([x], { builder: b }) => {
    const scaled = b.mul(x, scale);
    return offset === 0 ? scaled : b.add(scaled, offset);
  });

/** So that a feature that never changes is not divided by 0; as Keras has it. */
const leastDeviation = 1e-7;

type Config = LayerOf<'Normalization'>;

/**
 * (x - mean) / sqrt(variance) for each feature of the last axis. Tensors, unless the config gives the numbers:
 * `mean`, `variance`, [features], measured on the training rows before the training begins.
 */
export const fixedNormalization: LayerRule<Config> = (config, { name, inputs: [input] }) => {
  const { shape, from } = input;
  const features = shape.at(-1) ?? 1;
  const problem = numbersProblem(config, features);
  if (problem !== null) {
    const { path, text } = problem;
    const gets = say`; it gets ${printBatch(shape)} from ${from}`;
    return { problem: text + gets, path: [path], outputShape: shape };
  }
  const roles = ['mean', 'variance'] as const;
  const given = config.mean !== undefined;
  return {
    outputShape: shape,
    tensors: given ? [] : roles.map((role) => measuredTensor(name, role, features)),
    activation: linear,
    lower: ([x], context) => {
      const b = context.builder;
      const [mean, variance] = roles.map((role) => {
        if (!given) return context.tensor(`${name}/${role}`);
        const values = [config[role] ?? []].flat();
        return b.constant(values, [values.length]);
      });
      const deviation = b.binary('max', b.unary('sqrt', variance!), leastDeviation);
      return b.div(b.sub(x, mean!), deviation);
    },
  };
};

function numbersProblem(
  config: Config,
  features: number,
): { readonly path: 'mean' | 'variance'; readonly text: string } | null {
  if ((config.mean === undefined) !== (config.variance === undefined)) {
    const path = config.mean === undefined ? 'variance' : 'mean';
    return { path, text: say('expects both `mean` and `variance`, or none of them') };
  }
  for (const path of ['mean', 'variance'] as const) {
    const count = [config[path] ?? 0].flat().length;
    if (count === 1 || count === features) continue;
    return {
      path,
      text: say`expects one number in \`${path}\`, or ${features} of them, not ${count}`,
    };
  }
  return null;
}

/** Without data it changes nothing: mean 0, variance 1. */
function measuredTensor(name: string, role: keyof InputMoments, features: number): ModelTensor {
  return {
    name: `${name}/${role}`,
    shape: [features],
    trainable: false,
    initialize: ({ inputs }) =>
      inputs === undefined
        ? new Float32Array(features).fill(role === 'mean' ? 0 : 1)
        : Float32Array.from(inputs()[role]),
  };
}
