import { say } from '../../shared/language.ts';
import type { LayerOf } from '../../shared/model/layers.ts';
import { sameShape } from '../../shared/tensor/tensorType.ts';
import { type LayerRule, plainLayer, printBatch } from './layer.ts';

/** Holds the data to the stated shape; computes nothing. */
export const inputLayer: LayerRule<LayerOf<'Input'>> = (config, { inputs: [{ shape, from }] }) => {
  if (sameShape(config.shape, shape)) return plainLayer(shape, ([x]) => x);
  return {
    problem: say`expects ${printBatch(config.shape)}, gets ${printBatch(shape)} from ${from}`,
    path: ['shape'],
    outputShape: config.shape,
  };
};
