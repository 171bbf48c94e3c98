import type { CallbackConfig } from '../../../shared/model/callbacks.ts';
import { improves, monitored, type Callback } from './callback.ts';

type Config = Extract<CallbackConfig, { type: 'ModelCheckpoint' }>;

/**
 * Keeps the best weights as the run's `best` checkpoint, which predict, evaluate and export prefer.
 * Without `save_best_only` there is nothing to do: the last checkpoint of a run is always kept.
 */
export function modelCheckpoint(config: Config): Callback {
  return {
    keeps: config.save_best_only ? 'best' : 'nothing',
    initialState: { best: null },
    onEpochEnd(state, record) {
      const value = monitored(record, config.monitor);
      const better = value !== undefined && improves(config, value, state.best ?? null);
      if (!config.save_best_only || !better) return { state, effects: [] };
      return { state: { best: value }, effects: [{ kind: 'keepWeights' }] };
    },
  };
}
