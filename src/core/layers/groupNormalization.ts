import type { LayerOf } from '../../shared/model/layers.ts';
import { say } from '../../shared/language.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import { type LayerRule, batchSize, linear, printBatch } from './layer.ts';
import { affineTensors, applyAffine, momentsOver } from './normalization.ts';

/** Normalises runs of channels of a row, over all its places. Tensors: `gamma`, `beta` [channels]. */
export const groupNormalization: LayerRule<LayerOf<'GroupNormalization'>> = (
  config,
  { name, inputs: [{ shape, from }] },
) => {
  const channels = shape.at(-1) ?? 0;
  const groups = config.groups === -1 ? channels : config.groups;
  if (channels === 0 || channels % groups !== 0) {
    return {
      problem: say`cannot share out the channels of ${printBatch(shape)} from ${from} to ${groups} groups`,
      path: ['groups'],
      hint: say`use a divisor of ${channels}, or \`groups: -1\` for each channel on its own`,
      outputShape: shape,
    };
  }
  const places = elementCount(shape.slice(0, -1));
  const each = channels / groups;
  return {
    outputShape: shape,
    tensors: affineTensors(config, name, [channels]),
    activation: linear,
    lower: ([input], context) => {
      const b = context.builder;
      const x = b.reshape(input, [batchSize(input), places, groups, each]);
      const moments = momentsOver(b, x, [1, 3], true);
      const y = applyAffine(context, { config, name, x, moments, affineShape: [groups, each] });
      return b.reshape(y, input.type.shape);
    },
  };
};
