/** The layers of a model. Input shapes are inferred from the layer before. */
import * as z from 'zod';
import { say } from '../language.ts';
import { activationSchema } from './activations.ts';
import { initializerSchema } from './initializers.ts';
import {
  fraction,
  kind,
  oneOf,
  positiveInteger,
  positiveNumber,
  type Conventions,
  type DeepReadonly,
} from './schemaKit.ts';

/** A slash would clash with tensor names such as `fc1/kernel`. */
const layerName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const named = {
  name: z
    .string()
    .regex(layerName, { error: () => say('letters, digits, `_`, `-` and `.`') })
    .optional()
    .describe('Name in summaries and exports; by default the type with a number.'),
};

type ActivationSchema = ReturnType<typeof activationSchema>;

function denseSchema(activation: ActivationSchema, initializers: Conventions) {
  const initializer = initializerSchema();
  const [kernel, bias] =
    initializers === 'keras'
      ? (['glorot_uniform', 'zeros'] as const)
      : (['pytorch_default', 'pytorch_default'] as const);
  return kind('Dense', 'Fully connected: activation(x · kernel + bias).', {
    ...named,
    units: positiveInteger().describe('Number of outputs.'),
    activation: activation.prefault({ type: 'linear' }).describe('Applied to the result.'),
    use_bias: z.boolean().default(true).describe('Add a bias.'),
    kernel_initializer: initializer.prefault({ type: kernel }).describe('Initial weights.'),
    bias_initializer: initializer.prefault({ type: bias }).describe('Initial biases.'),
  });
}

function batchNormalizationSchema(conventions: Conventions) {
  const [momentum, epsilon] = conventions === 'keras' ? [0.99, 1e-3] : [0.1, 1e-5];
  return kind('BatchNormalization', 'Brings each feature of a batch to mean 0 and variance 1.', {
    ...named,
    momentum: z
      .number()
      .min(0)
      .max(1)
      .default(momentum)
      .describe(
        'Of the moving averages: the share kept at each step; with `conventions: pytorch` the share replaced.',
      ),
    epsilon: positiveNumber().default(epsilon).describe('Added to the variance.'),
    center: z.boolean().default(true).describe('Learn an offset (beta).'),
    scale: z.boolean().default(true).describe('Learn a scale (gamma).'),
  });
}

/** `initializers`: whose default initial values; `seed: {compat: pytorch}` alone asks for PyTorch's. */
export function layerSchema(conventions: Conventions, initializers = conventions) {
  const activation = activationSchema(conventions);
  return oneOf([
    kind('Input', 'States the shape of one row; only as the first layer, and never needed.', {
      ...named,
      shape: z.array(positiveInteger()).min(1).describe('Without the batch axis.'),
    }),
    denseSchema(activation, initializers),
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
    batchNormalizationSchema(conventions),
  ]);
}

export type LayerConfig = DeepReadonly<z.infer<ReturnType<typeof layerSchema>>>;
export type LayerOf<Type extends LayerConfig['type']> = Extract<LayerConfig, { type: Type }>;
