import type { CallbackConfig } from '../../../shared/model/callbacks.ts';
import { improves, monitored, type Callback } from './callback.ts';

type Config = Extract<CallbackConfig, { type: 'ReduceLROnPlateau' }>;

/** Lowers the learning rate after `patience` epochs without a better value; keras.callbacks.ReduceLROnPlateau. */
export function reduceLearningRate(config: Config): Callback {
  const { monitor, min_delta, patience, factor, cooldown, min_lr } = config;
  return {
    keeps: 'nothing',
    initialState: { best: null, wait: 0, cooldown: 0 },
    onEpochEnd(state, record) {
      const value = monitored(record, monitor);
      if (value === undefined) return { state, effects: [] };
      const resting = Math.max(0, (state.cooldown ?? 0) - 1);
      const waited = (state.cooldown ?? 0) > 0 ? 0 : (state.wait ?? 0);
      if (improves(config, value, state.best ?? null, min_delta)) {
        return { state: { best: value, wait: 0, cooldown: resting }, effects: [] };
      }
      const wait = resting > 0 ? waited : waited + 1;
      const next = { best: state.best ?? null, wait, cooldown: resting };
      const rate = record.learning_rate;
      if (resting > 0 || wait < patience || rate <= min_lr) return { state: next, effects: [] };
      return {
        state: { ...next, wait: 0, cooldown },
        effects: [{ kind: 'learningRate', value: Math.max(rate * factor, min_lr) }],
      };
    },
  };
}
