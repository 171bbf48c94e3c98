/** Losses: means over the rows of a batch. */
import * as z from 'zod';
import { fraction, kind, oneOf, positiveNumber, type DeepReadonly } from './schemaKit.ts';

export function lossSchema() {
  const fromLogits = {
    from_logits: z
      .boolean()
      .default(false)
      .describe('The last layer gives logits rather than probabilities.'),
  };
  const smoothing = {
    label_smoothing: fraction()
      .optional()
      .describe('Share of each target that is spread evenly over all classes.'),
  };
  const entropy = { ...fromLogits, ...smoothing };
  return oneOf([
    kind('sparse_categorical_crossentropy', 'For classes given as indices or names.', entropy),
    kind('categorical_crossentropy', 'For classes; the target is made one-hot.', entropy),
    kind('binary_crossentropy', 'For two classes and one output unit.', entropy),
    kind('mean_squared_error', 'Mean of squared differences.', {}, ['mse']),
    kind('mean_absolute_error', 'Mean of absolute differences.', {}, ['mae']),
    kind('huber', 'Squared for small differences, absolute for large ones.', {
      delta: positiveNumber().default(1).describe('Where it turns from one to the other.'),
    }),
  ]);
}

export type LossConfig = DeepReadonly<z.infer<ReturnType<typeof lossSchema>>>;
