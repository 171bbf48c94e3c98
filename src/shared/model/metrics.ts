/** Metrics: reported for each epoch, not optimised. */
import * as z from 'zod';
import { kind, oneOf, positiveInteger, type DeepReadonly } from './schemaKit.ts';

export function metricSchema() {
  return oneOf([
    kind('accuracy', 'Share of rows whose class is right.', {}, [
      'acc',
      'categorical_accuracy',
      'sparse_categorical_accuracy',
      'binary_accuracy',
    ]),
    kind('correct', 'Number of rows whose class is right.', {}),
    kind('total', 'Number of rows.', {}),
    kind(
      'top_k_accuracy',
      'Share of rows whose class is among the k likeliest.',
      { k: positiveInteger().default(5).describe('How many guesses count.') },
      ['top_k_categorical_accuracy', 'sparse_top_k_categorical_accuracy'],
    ),
    kind(
      'precision',
      'Right among those predicted: of class 1 if there are two, else the mean over the classes.',
      {},
    ),
    kind(
      'recall',
      'Found among those there: of class 1 if there are two, else the mean over the classes.',
      {},
    ),
    kind(
      'f1',
      'Harmonic mean of precision and recall: of class 1 if there are two, else the mean over the classes.',
      {},
      ['f1_score'],
    ),
    kind('mae', 'Mean absolute error.', {}, ['mean_absolute_error']),
    kind('rmse', 'Root of the mean squared error.', {}, ['root_mean_squared_error']),
    kind('r2', 'Share of the variance explained.', {}, ['r2_score']),
  ]);
}

export type MetricConfig = DeepReadonly<z.infer<ReturnType<typeof metricSchema>>>;
