/** The layers of a model. Input shapes are inferred from the layers whose outputs come in. */
import * as z from 'zod';
import { activationSchema } from './activations.ts';
import { convolutionSchemas } from './convolutionLayers.ts';
import { nameKey, named, weightKeys, type WeightKeys } from './layerKit.ts';
import { mergeSchemas } from './mergeLayers.ts';
import { normalizationSchemas } from './normalizationLayers.ts';
import { poolingSchemas } from './poolingLayers.ts';
import {
  fraction,
  kind,
  oneOf,
  positiveInteger,
  type Conventions,
  type DeepReadonly,
} from './schemaKit.ts';

function denseSchema(weights: WeightKeys) {
  return kind('Dense', 'Fully connected: activation(x · kernel + bias).', {
    ...named,
    units: positiveInteger().describe('Number of outputs.'),
    ...weights.result,
    kernel_initializer: weights.kernelInitializer,
    ...weights.bias,
  });
}

/** `initializers`: whose default initial values; `seed: {compat: pytorch}` alone asks for PyTorch's. */
export function layerSchema(conventions: Conventions, initializers = conventions) {
  const activation = activationSchema(conventions);
  const weights = weightKeys(activation, initializers);
  return oneOf([
    kind('Input', 'States the shape of one row; only as the first layer, and never needed.', {
      ...nameKey,
      shape: z.array(positiveInteger()).min(1).describe('Without the batch axis.'),
    }),
    denseSchema(weights),
    kind('Activation', 'An activation function as a layer of its own.', {
      ...named,
      activation: activation.describe('The function.'),
    }),
    kind('Dropout', 'Sets a random share of its inputs to 0 while training.', {
      ...named,
      rate: fraction().describe('The share, 0 to below 1.'),
    }),
    kind('Flatten', 'One axis out of many.', { ...named }),
    kind('Reshape', 'The same values in another shape.', {
      ...named,
      target_shape: z
        .array(z.union([z.literal(-1), positiveInteger()]))
        .min(1)
        .describe('Without the batch axis; one size may be -1: what is left.'),
    }),
    kind('SpatialDropout2D', 'Sets whole channels of an image to 0 while training.', {
      ...named,
      rate: fraction().describe('The share of channels, 0 to below 1.'),
    }),
    ...convolutionSchemas(weights),
    ...poolingSchemas(),
    ...normalizationSchemas(conventions),
    ...mergeSchemas(),
  ]);
}

export type LayerConfig = DeepReadonly<z.infer<ReturnType<typeof layerSchema>>>;
export type LayerOf<Type extends LayerConfig['type']> = Extract<LayerConfig, { type: Type }>;
