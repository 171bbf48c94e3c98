import type { CallbackConfig } from '../../../shared/model/callbacks.ts';
import type { Callback } from './callback.ts';

type Config = Extract<CallbackConfig, { type: 'LearningRateScheduler' }>;

/** Sets the learning rate of the epochs that its table names; keras.callbacks.LearningRateScheduler. */
export function learningRateScheduler({ schedule }: Config): Callback {
  const rateFrom = (epoch: number): number | undefined =>
    schedule.find((row) => row.epoch === epoch)?.rate;
  const first = rateFrom(0);
  return {
    keeps: 'nothing',
    initialState: {},
    ...(first === undefined ? {} : { initialLearningRate: first }),
    onEpochEnd(state, { epoch }) {
      // The record counts from 1, so its number is the index of the epoch to come.
      const value = rateFrom(epoch);
      return { state, effects: value === undefined ? [] : [{ kind: 'learningRate', value }] };
    },
  };
}
