import type { LayerOf } from '../../shared/model/layers.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import { type LayerRule, batchSize, plainLayer } from './layer.ts';

/** All axes of a row into one. */
export const flatten: LayerRule<LayerOf<'Flatten'>> = (_, { inputs: [{ shape }] }) => {
  const outputShape = [elementCount(shape)];
  return plainLayer(outputShape, ([x], { builder }) =>
    builder.reshape(x, [batchSize(x), ...outputShape]),
  );
};
