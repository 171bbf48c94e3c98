/** Keys that several layers share. */
import * as z from 'zod';
import { say } from '../language.ts';
import type { activationSchema } from './activations.ts';
import { initializerSchema } from './initializers.ts';
import { positiveInteger, type Conventions } from './schemaKit.ts';

/** A slash would clash with tensor names such as `fc1/kernel`. */
const layerName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** For layers that come first. */
export const nameKey = {
  name: z
    .string()
    .regex(layerName, { error: () => say('letters, digits, `_`, `-` and `.`') })
    .optional()
    .describe('Name in summaries and exports; by default the type with a number.'),
};

export const named = {
  ...nameKey,
  inputs: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'Names of the layers whose outputs come in, `data` for the rows themselves; by default the layer before.',
    ),
};

/** Keys of layers with weights; `initializers`: whose default initial values. */
export function weightKeys(
  activation: ReturnType<typeof activationSchema>,
  initializers: Conventions,
) {
  const keras = initializers === 'keras';
  const initializer = initializerSchema();
  return {
    result: {
      activation: activation.prefault({ type: 'linear' }).describe('Applied to the result.'),
      use_bias: z.boolean().default(true).describe('Add a bias.'),
    },
    kernelInitializer: initializer
      .prefault({ type: keras ? 'glorot_uniform' : 'pytorch_default' })
      .describe('Initial weights.'),
    bias: {
      bias_initializer: initializer
        .prefault({ type: keras ? 'zeros' : 'pytorch_default' })
        .describe('Initial biases.'),
    },
  };
}

export type WeightKeys = ReturnType<typeof weightKeys>;

/** One number for rows and columns alike, or `[rows, columns]`. */
export function pairOf(number = positiveInteger()) {
  return z.union([number, z.array(number).length(2)]);
}

export function windowPadding() {
  return z
    .enum(['valid', 'same'])
    .default('valid')
    .describe('Zeros around the input: `same` so many that only strides make the result smaller.');
}
