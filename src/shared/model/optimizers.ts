/** Optimizers with the defaults of Keras or PyTorch. */
import * as z from 'zod';
import {
  fraction,
  kind,
  nonNegativeNumber,
  oneOf,
  positiveNumber,
  type Conventions,
  type DeepReadonly,
} from './schemaKit.ts';
import { learningRateSchema } from './schedules.ts';

/** Where the two disagree. Sources: keras.optimizers (3.x) and torch.optim (2.x) signatures. */
const defaults = {
  keras: { sgdRate: 0.01, rmspropRate: 0.001, rho: 0.9, epsilon: 1e-7, weightDecay: 0.004 },
  pytorch: { sgdRate: 0.001, rmspropRate: 0.01, rho: 0.99, epsilon: 1e-8, weightDecay: 0.01 },
} as const;

/** What may happen to gradients and weights besides the optimizer's own step. */
function gradientKeys() {
  const clipping = {
    clipnorm: positiveNumber().optional().describe('Largest norm of the gradient of a tensor.'),
    clipvalue: positiveNumber().optional().describe('Largest size of each number of a gradient.'),
    global_clipnorm: positiveNumber()
      .optional()
      .describe('Largest norm of all gradients together.'),
  };
  const common = {
    weight_decay: nonNegativeNumber()
      .optional()
      .describe(
        'Share of a weight, times the learning rate, taken off at each step; with `conventions: pytorch` added to the gradient.',
      ),
    ...clipping,
  };
  return { clipping, common };
}

export function optimizerSchema(conventions: Conventions) {
  const d = defaults[conventions];
  const learningRate = learningRateSchema();
  const rate = (value: number) => ({
    learning_rate: learningRate
      .default(value)
      .describe('Size of a step: a number, or a schedule over the steps.'),
  });
  const { clipping, common } = gradientKeys();
  const epsilon = {
    epsilon: positiveNumber()
      .default(d.epsilon)
      .describe('Keeps divisions finite; placed as the conventions place it.'),
  };
  const momentum = {
    momentum: fraction().default(0).describe('Share of the last step that is kept.'),
  };
  const moments = {
    beta_1: fraction().default(0.9).describe('Decay of the mean of gradients.'),
    beta_2: fraction().default(0.999).describe('Decay of the mean of squared gradients.'),
    ...epsilon,
  };
  const sgd = kind('SGD', 'Gradient descent.', {
    ...rate(d.sgdRate),
    ...momentum,
    nesterov: z.boolean().default(false).describe('Look ahead; needs momentum.'),
    ...common,
  });
  return oneOf([
    sgd,
    kind('Adam', 'Steps scaled by running moments of the gradients.', {
      ...rate(0.001),
      ...moments,
      ...common,
    }),
    kind('AdamW', 'Adam with weight decay apart from the gradients.', {
      ...rate(0.001),
      ...moments,
      weight_decay: nonNegativeNumber()
        .default(d.weightDecay)
        .describe('Share of a weight, times the learning rate, taken off at each step.'),
      ...clipping,
    }),
    kind('RMSprop', 'Steps scaled by a running mean of squared gradients.', {
      ...rate(d.rmspropRate),
      rho: fraction().default(d.rho).describe('Decay of that mean.'),
      ...momentum,
      ...epsilon,
      centered: z.boolean().default(false).describe('Scale by the variance instead.'),
      ...common,
    }),
  ]);
}

export type OptimizerConfig = DeepReadonly<z.infer<ReturnType<typeof optimizerSchema>>>;
