import assert from 'node:assert/strict';
import type { EpochRecord } from '../../../src/shared/protocol/core.ts';
import type { CallbackConfig } from '../../../src/shared/model/callbacks.ts';
import { createCallback } from '../../../src/core/train/callbacks/createCallback.ts';

type EarlyStopping = Extract<CallbackConfig, { type: 'EarlyStopping' }>;
type Reduce = Extract<CallbackConfig, { type: 'ReduceLROnPlateau' }>;

const earlyStopping: EarlyStopping = {
  type: 'EarlyStopping',
  monitor: 'val_loss',
  mode: 'auto',
  min_delta: 0,
  patience: 0,
  baseline: null,
  restore_best_weights: false,
  start_from_epoch: 0,
};
const reduce: Reduce = {
  type: 'ReduceLROnPlateau',
  monitor: 'val_loss',
  mode: 'auto',
  factor: 0.1,
  patience: 1,
  min_delta: 0,
  cooldown: 0,
  min_lr: 0,
};

/**
 * What a callback does over epochs with these monitored values: `k` keeps the weights, `s` stops (and no
 * epoch follows), a number is the learning rate set, `.` nothing. State goes through JSON each time.
 */
function effectsOf(config: CallbackConfig, values: readonly number[]): string {
  const callback = createCallback(config);
  let state = callback.initialState;
  let rate = 1;
  const done: string[] = [];
  for (const [index, value] of values.entries()) {
    const decision = callback.onEpochEnd(state, record(index + 1, value, rate));
    state = JSON.parse(JSON.stringify(decision.state)) as typeof state;
    const letters = decision.effects.map((effect) => {
      if (effect.kind === 'learningRate') rate = effect.value;
      return { keepWeights: 'k', stop: 's', learningRate: String(rate) }[effect.kind];
    });
    done.push(letters.join('') || '.');
    if (letters.includes('s')) break;
  }
  return done.join(' ');
}

function record(epoch: number, value: number, learning_rate: number): EpochRecord {
  const metrics = { val_accuracy: value };
  const rest = {
    epochs: 100,
    loss: value,
    val_loss: value,
    learning_rate,
    seconds: 0,
    step: epoch,
  };
  return { epoch, metrics, ...rest };
}

/** Worked out by hand from the source of Keras 3 (keras/src/callbacks). */
const cases: readonly [what: string, CallbackConfig, values: readonly number[], effects: string][] =
  [
    ['stops at once without patience', earlyStopping, [3, 2, 2], '. . s'],
    [
      'waits as many epochs as its patience',
      { ...earlyStopping, patience: 2 },
      [3, 4, 4, 1],
      '. . s',
    ],
    [
      'waits anew after an improvement',
      { ...earlyStopping, patience: 2 },
      [3, 4, 2, 3, 3],
      '. . . . s',
    ],
    [
      'counts only changes above min_delta',
      { ...earlyStopping, min_delta: 0.5 },
      [3, 2.6, 1],
      '. s',
    ],
    [
      'takes an improvement of exactly min_delta for none',
      { ...earlyStopping, min_delta: 1 },
      [3, 2],
      '. s',
    ],
    [
      'wants more of an accuracy',
      { ...earlyStopping, monitor: 'val_accuracy' },
      [0.5, 0.6, 0.6],
      '. . s',
    ],
    ['obeys mode max', { ...earlyStopping, mode: 'max' }, [1, 2, 1], '. . s'],
    [
      'has to beat the baseline too',
      { ...earlyStopping, baseline: 1, patience: 2 },
      [3, 3.5],
      '. s',
    ],
    [
      'begins to watch at start_from_epoch',
      { ...earlyStopping, start_from_epoch: 2 },
      [1, 2, 3, 4],
      '. . . s',
    ],
    [
      'keeps the weights of each best epoch',
      { ...earlyStopping, restore_best_weights: true, patience: 2 },
      [3, 2, 4, 1],
      'k k . k',
    ],
    [
      'keeps the first weights even when NaN',
      { ...earlyStopping, restore_best_weights: true, patience: 3 },
      [NaN, 2, 3],
      'k k .',
    ],
    ['does not stop after the first epoch', earlyStopping, [NaN, NaN], '. s'],
    [
      'keeps only the best',
      { type: 'ModelCheckpoint', monitor: 'val_loss', mode: 'auto', save_best_only: true },
      [3, 4, 2, 2],
      'k . k .',
    ],
    [
      'keeps nothing besides the last by default',
      { type: 'ModelCheckpoint', monitor: 'val_loss', mode: 'auto', save_best_only: false },
      [3, 2],
      '. .',
    ],
    ['lowers the rate after patience', reduce, [3, 3, 3], '. 0.1 0.010000000000000002'],
    [
      'waits for patience',
      { ...reduce, patience: 2, factor: 0.5 },
      [3, 3, 3, 3, 3],
      '. . 0.5 . 0.25',
    ],
    [
      'rests in the cooldown',
      { ...reduce, cooldown: 2, factor: 0.5 },
      [3, 3, 3, 3, 3],
      '. 0.5 . 0.25 .',
    ],
    ['stops at min_lr', { ...reduce, factor: 0.5, min_lr: 0.4 }, [3, 3, 3, 3], '. 0.5 0.4 .'],
    ['does nothing: divergence ends every run', { type: 'TerminateOnNaN' }, [NaN, 1], '. .'],
  ];

describe('callbacks do as in Keras', () => {
  for (const [what, config, values, effects] of cases) {
    it(`${config.type} ${what}`, () => assert.equal(effectsOf(config, values), effects));
  }

  it('decide nothing on a value that the epoch does not have', () => {
    for (const config of [earlyStopping, reduce]) {
      const monitor = 'val_nothing';
      assert.equal(effectsOf({ ...config, monitor }, [1, 2, 3, 4]), '. . . .');
    }
  });
});
