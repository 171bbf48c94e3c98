/** How new tensors are filled. */
import * as z from 'zod';
import { say } from '../language.ts';
import { kind, nonNegativeNumber, oneOf, type DeepReadonly } from './schemaKit.ts';

export function initializerSchema() {
  return oneOf([
    kind(
      'glorot_uniform',
      'Uniform in ±sqrt(6 / (fan_in + fan_out)); fan_in and fan_out count the inputs and outputs of a unit.',
      {},
    ),
    kind('glorot_normal', 'Truncated normal, variance 2 / (fan_in + fan_out).', {}),
    kind('he_uniform', 'Uniform in ±sqrt(6 / fan_in).', {}),
    kind('he_normal', 'Truncated normal, variance 2 / fan_in.', {}),
    kind('lecun_uniform', 'Uniform in ±sqrt(3 / fan_in).', {}),
    kind('lecun_normal', 'Truncated normal, variance 1 / fan_in.', {}),
    kind('pytorch_default', 'Uniform in ±1 / sqrt(fan_in), as torch.nn.Linear does.', {}),
    kind('zeros', 'All 0.', {}),
    kind('ones', 'All 1.', {}),
    kind('constant', 'All the same value.', { value: z.number().describe('The value.') }),
    kind('random_uniform', 'Uniform between two bounds.', {
      minval: z.number().default(-0.05).describe('Lower bound.'),
      maxval: z.number().default(0.05).describe('Upper bound.'),
    }).refine(({ minval, maxval }) => minval <= maxval, {
      error: () => say('`minval` is over `maxval`'),
    }),
    kind('random_normal', 'Normal.', {
      mean: z.number().default(0).describe('Mean.'),
      stddev: nonNegativeNumber().default(0.05).describe('Standard deviation.'),
    }),
  ]);
}

export type InitializerConfig = DeepReadonly<z.infer<ReturnType<typeof initializerSchema>>>;
