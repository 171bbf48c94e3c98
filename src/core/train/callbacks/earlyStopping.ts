import { say } from '../../../shared/language.ts';
import type { CallbackConfig } from '../../../shared/model/callbacks.ts';
import { improves, monitored, type Callback, type Effect } from './callback.ts';

type Config = Extract<CallbackConfig, { type: 'EarlyStopping' }>;

/**
 * Stops after `patience` epochs without a better value; keras.callbacks.EarlyStopping, with which it
 * agrees in every corner: before the first best the present weights are kept, a value that beats the
 * best but not the baseline does not reset the wait, and the first epoch never stops.
 */
export function earlyStopping(config: Config): Callback {
  const { monitor, min_delta, patience, baseline, restore_best_weights, start_from_epoch } = config;
  const keep: Effect[] = restore_best_weights ? [{ kind: 'keepWeights' }] : [];
  return {
    keeps: restore_best_weights ? 'restore' : 'nothing',
    initialState: { best: null, bestEpoch: null, wait: 0 },
    onEpochEnd(state, record) {
      const value = monitored(record, monitor);
      if (value === undefined || record.epoch <= start_from_epoch) return { state, effects: [] };
      const wait = (state.wait ?? 0) + 1;
      if (improves(config, value, state.best ?? null, min_delta)) {
        const beatsBaseline = baseline === null || improves(config, value, baseline, min_delta);
        const next = { best: value, bestEpoch: record.epoch, wait: beatsBaseline ? 0 : wait };
        return { state: next, effects: keep };
      }
      const first = (state.bestEpoch ?? null) === null;
      const next = { ...state, bestEpoch: state.bestEpoch ?? record.epoch, wait };
      const effects = first ? keep : [];
      if (wait < patience || record.epoch === 1) return { state: next, effects };
      const reason =
        wait === 1
          ? say`${monitor} has not improved for 1 epoch`
          : say`${monitor} has not improved for ${wait} epochs`;
      return { state: next, effects: [...effects, { kind: 'stop', reason }] };
    },
  };
}
