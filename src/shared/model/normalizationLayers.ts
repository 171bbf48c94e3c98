/** Layers that bring values to mean 0 and variance 1, with the defaults of Keras or PyTorch. */
import * as z from 'zod';
import { named } from './layerKit.ts';
import { kind, positiveInteger, positiveNumber, type Conventions } from './schemaKit.ts';

function affine(defaultEpsilon: number) {
  return {
    epsilon: positiveNumber().default(defaultEpsilon).describe('Added to the variance.'),
    center: z.boolean().default(true).describe('Learn an offset (beta).'),
    scale: z.boolean().default(true).describe('Learn a scale (gamma).'),
  };
}

const perFeature = () => z.union([z.number(), z.array(z.number()).min(1)]);

/** Layers that only move and stretch values, by numbers that do not change while training. */
function fixedSchemas() {
  return [
    kind('Rescaling', 'x * `scale` + `offset`.', {
      ...named,
      scale: z.number().describe('Multiplies; `0.00392` takes pixels to 0 .. 1.'),
      offset: z.number().default(0).describe('Added after that.'),
    }),
    kind(
      'Normalization',
      '(x - mean) / sqrt(variance) of each feature (the last axis). Measured on the training rows unless given.',
      {
        ...named,
        mean: perFeature()
          .optional()
          .describe('One, or one for each feature; with `variance`. By default measured.'),
        variance: z
          .union([z.number().min(0), z.array(z.number().min(0)).min(1)])
          .optional()
          .describe('Likewise.'),
      },
    ),
  ] as const;
}

export function normalizationSchemas(conventions: Conventions) {
  const keras = conventions === 'keras';
  const keys = affine(keras ? 1e-3 : 1e-5);
  return [
    ...fixedSchemas(),
    kind('BatchNormalization', 'Brings each feature of a batch to mean 0 and variance 1.', {
      ...named,
      momentum: z
        .number()
        .min(0)
        .max(1)
        .default(keras ? 0.99 : 0.1)
        .describe(
          'Of the moving averages: the share kept at each step; with `conventions: pytorch` the share replaced.',
        ),
      ...keys,
    }),
    kind('LayerNormalization', 'Brings each row to mean 0 and variance 1 along some axes.', {
      ...named,
      axis: z
        .union([z.int(), z.array(z.int()).min(1)])
        .default(-1)
        .describe('The axes, counted with the batch axis as 0; -1 is the last.'),
      ...keys,
    }),
    kind('GroupNormalization', 'Brings each group of channels of a row to mean 0 and variance 1.', {
      ...named,
      groups: z
        .union([z.literal(-1), positiveInteger()])
        .default(32)
        .describe('Number of groups, which divides the channels; -1: each channel on its own.'),
      ...keys,
    }),
  ] as const;
}
