import type { CallbackConfig } from '../../../shared/model/callbacks.ts';
import type { Callback } from './callback.ts';
import { earlyStopping } from './earlyStopping.ts';
import { learningRateScheduler } from './learningRateScheduler.ts';
import { modelCheckpoint } from './modelCheckpoint.ts';
import { reduceLearningRate } from './reduceLearningRate.ts';

export function createCallback(config: CallbackConfig): Callback {
  switch (config.type) {
    case 'EarlyStopping':
      return earlyStopping(config);
    case 'ModelCheckpoint':
      return modelCheckpoint(config);
    case 'ReduceLROnPlateau':
      return reduceLearningRate(config);
    case 'LearningRateScheduler':
      return learningRateScheduler(config);
    case 'TerminateOnNaN':
      // Every run ends when its loss is not finite, at that very step; nothing is left to do.
      return {
        keeps: 'nothing',
        initialState: {},
        onEpochEnd: (state) => ({ state, effects: [] }),
      };
  }
}
