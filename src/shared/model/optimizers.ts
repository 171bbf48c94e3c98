/** Optimizers with the defaults of Keras or PyTorch. */
import * as z from 'zod';
import {
  fraction,
  kind,
  nonNegativeNumber,
  oneOf,
  positiveInteger,
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
  const averaging = {
    use_ema: z
      .boolean()
      .optional()
      .describe('Keep a moving average of the weights, which takes their place at the end.'),
    ema_momentum: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of that average that is kept at each step; `0.99` where it is not given.'),
    ema_overwrite_frequency: positiveInteger()
      .optional()
      .describe('Also put the average in the place of the weights after so many updates.'),
  };
  const common = {
    weight_decay: nonNegativeNumber()
      .optional()
      .describe(
        'Share of a weight, times the learning rate, taken off at each step; with `conventions: pytorch` added to the gradient.',
      ),
    ...clipping,
    ...averaging,
  };
  return { apart: { ...clipping, ...averaging }, common };
}

export function optimizerSchema(conventions: Conventions) {
  const d = defaults[conventions];
  const learningRate = learningRateSchema();
  const rate = (value: number) => ({
    learning_rate: learningRate
      .default(value)
      .describe('Size of a step: a number, or a schedule over the steps.'),
  });
  const { apart, common } = gradientKeys();
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
      ...apart,
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

/** Of `ema_momentum`, as in Keras. */
export const usualMomentum = 0.99;

export type OptimizerConfig = DeepReadonly<z.infer<ReturnType<typeof optimizerSchema>>>;

/** Whether the optimizer's rule gets other gradients than those of the loss: clipped, or with weight decay in them. */
export function changesGradients(config: OptimizerConfig, conventions: Conventions): boolean {
  const { clipnorm, clipvalue, global_clipnorm, weight_decay } = config;
  const decays = conventions === 'pytorch' && config.type !== 'AdamW' && !!weight_decay;
  return decays || [clipnorm, clipvalue, global_clipnorm].some((limit) => limit !== undefined);
}
