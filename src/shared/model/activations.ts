/** Activation functions, by their Keras names. */
import * as z from 'zod';
import {
  kind,
  nonNegativeNumber,
  oneOf,
  type Conventions,
  type DeepReadonly,
} from './schemaKit.ts';

export function activationSchema(conventions: Conventions) {
  const slope = conventions === 'keras' ? 0.2 : 0.01;
  return oneOf([
    kind('linear', 'The value itself.', {}),
    kind('relu', 'max(x, 0).', {}),
    kind('leaky_relu', 'x where positive, else negative_slope * x.', {
      negative_slope: nonNegativeNumber().default(slope).describe('Slope for negative values.'),
    }),
    kind('elu', 'x where positive, else alpha * (exp(x) - 1).', {
      alpha: nonNegativeNumber().default(1).describe('Scale of the negative part.'),
    }),
    kind('selu', 'Scaled elu that keeps mean 0 and variance 1.', {}),
    kind('gelu', 'x times the normal distribution function of x.', {
      approximate: z.boolean().default(false).describe('Use the tanh approximation.'),
    }),
    kind('sigmoid', '1 / (1 + exp(-x)).', {}),
    kind('tanh', 'Hyperbolic tangent.', {}),
    kind('softmax', 'Probabilities over the last axis.', {}),
    kind('log_softmax', 'Logarithms of softmax.', {}),
    kind('softplus', 'log(1 + exp(x)).', {}),
    kind('swish', 'x * sigmoid(x).', {}, ['silu']),
  ]);
}

export type ActivationConfig = DeepReadonly<z.infer<ReturnType<typeof activationSchema>>>;
