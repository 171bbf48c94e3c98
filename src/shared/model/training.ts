/** How the model is trained. */
import * as z from 'zod';
import { lossSchema } from './losses.ts';
import { metricSchema } from './metrics.ts';
import { optimizerSchema } from './optimizers.ts';
import {
  nonNegativeNumber,
  positiveInteger,
  type Conventions,
  type DeepReadonly,
} from './schemaKit.ts';

export function trainingSchema(conventions: Conventions) {
  return z.strictObject({
    epochs: positiveInteger().describe('Passes over the training rows.'),
    batch_size: positiveInteger().default(32).describe('Rows in one step.'),
    shuffle: z.boolean().default(true).describe('Draw a new order of the rows each epoch.'),
    optimizer: optimizerSchema(conventions).describe('How weights follow gradients.'),
    loss: lossSchema().describe('What is minimised.'),
    gradient_accumulation_steps: positiveInteger()
      .default(1)
      .describe(
        'Steps whose gradients are gathered for one update of the weights: batches as if so many times larger, in the memory of one.',
      ),
    metrics: z.array(metricSchema()).default([]).describe('What else is reported.'),
    log_every: positiveInteger()
      .nullable()
      .default(null)
      .describe('Print the mean loss each time so many steps of an epoch are done.'),
    class_weight: z
      .record(z.string(), nonNegativeNumber())
      .optional()
      .describe(
        'How much the training rows of a class count, by its name or index; 1 for those not named.',
      ),
    device: z.enum(['auto', 'cpu', 'webgpu', 'cuda']).default('auto').describe('Where to compute.'),
    precision: z
      .enum(['float32', 'mixed'])
      .default('float32')
      .describe(
        'Of the products of a training step: `mixed` multiplies in float16, sums in float32, keeps weights in float32 and scales the loss as Keras’s LossScaleOptimizer does. Faster on a GPU with float16; elsewhere the same numbers by rounding.',
      ),
    deterministic: z
      .literal([true, 'portable'])
      .default(true)
      .describe(
        'Runs with the same seed are identical, bit for bit, on the same machine; `portable`: on every machine.',
      ),
    conventions: z
      .enum(['keras', 'pytorch'])
      .default('keras')
      .describe('Whose defaults and formulas to use where the two differ.'),
    epoch_loss: z
      .enum(['sample_weighted', 'mean_of_batches'])
      .default('sample_weighted')
      .describe('The loss of an epoch: mean over the rows, or over the batches.'),
  });
}

export type TrainingConfig = DeepReadonly<z.infer<ReturnType<typeof trainingSchema>>>;
