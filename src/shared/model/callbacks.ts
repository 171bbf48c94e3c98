/** Callbacks: what happens between epochs. */
import * as z from 'zod';
import { kind, naturalNumber, nonNegativeNumber, oneOf, type DeepReadonly } from './schemaKit.ts';

export function callbackSchema() {
  const monitored = {
    monitor: z
      .string()
      .default('val_loss')
      .describe('`loss`, a metric, or either with `val_` before it.'),
    mode: z
      .enum(['auto', 'min', 'max'])
      .default('auto')
      .describe('Whether less or more is better; `auto` knows it from the name.'),
  };
  return oneOf([
    kind('EarlyStopping', 'Stops when the monitored value no longer gets better.', {
      ...monitored,
      min_delta: nonNegativeNumber().default(0).describe('Smaller changes do not count.'),
      patience: naturalNumber().default(0).describe('Epochs to wait.'),
      baseline: z.number().nullable().default(null).describe('A value that has to be beaten.'),
      restore_best_weights: z
        .boolean()
        .default(false)
        .describe('End with the weights of the best epoch.'),
      start_from_epoch: naturalNumber().default(0).describe('Epochs before it begins to watch.'),
    }),
    kind('ModelCheckpoint', 'Keeps the weights of each epoch, or of the best.', {
      ...monitored,
      filepath: z
        .string()
        .min(1)
        .optional()
        .describe('As in Keras; here checkpoints are kept in the run directory whatever it says.'),
      save_best_only: z.boolean().default(false).describe('Keep only the best.'),
    }),
    kind('ReduceLROnPlateau', 'Lowers the learning rate when progress stalls.', {
      ...monitored,
      factor: z.number().gt(0).lt(1).default(0.1).describe('The rate is multiplied by it.'),
      patience: naturalNumber().default(10).describe('Epochs to wait.'),
      min_delta: nonNegativeNumber().default(1e-4).describe('Smaller changes do not count.'),
      cooldown: naturalNumber().default(0).describe('Epochs of rest after a reduction.'),
      min_lr: nonNegativeNumber().default(0).describe('Never lower than this.'),
    }),
    kind('LearningRateScheduler', 'Sets the learning rate by a table of epochs.', {
      schedule: z
        .array(
          z.strictObject({
            epoch: naturalNumber().describe('Counted from 0.'),
            rate: nonNegativeNumber().describe('From this epoch on.'),
          }),
        )
        .min(1)
        .describe('The table; before its first epoch the rate of the optimizer holds.'),
    }),
    kind('TerminateOnNaN', 'Stops when the loss is not a finite number.', {}),
  ]);
}

export type CallbackConfig = DeepReadonly<z.infer<ReturnType<typeof callbackSchema>>>;
