/** Random changes of images that cannot be meant. */
import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';

function problemsOf(transform: string, callbacks = '[]'): string[] {
  const text = `task: image_classification
data: {path: a.npz, augmentation: [${transform}]}
model: [Flatten, {type: Dense, units: 2, activation: softmax}]
training: {epochs: 1, optimizer: SGD, loss: sparse_categorical_crossentropy}
callbacks: ${callbacks}
`;
  return parseConfig(text, 'a.train.yaml').diagnostics.map(({ message, hint }) =>
    hint === undefined ? message : `${message} (${hint})`,
  );
}

const turn = (rest: string) => problemsOf(`{type: RandomRotation, factor: 0.1${rest}}`);

describe('augmentation', () => {
  it('is filled with one value, and only where it is asked for', () => {
    assert.deepEqual(turn(', fill_mode: constant, cval: 5'), []);
    assert.deepEqual(turn(', fill_mode: wrap, cval: 0'), []);
    assert.deepEqual(turn(', cval: 5'), ['`cval` needs `fill_mode: constant`']);
    assert.deepEqual(turn(', fill_value: 5'), ['`fill_value` needs `fill_mode: constant`']);
    assert.deepEqual(turn(', fill_mode: constant, cval: 5, fill_value: 7'), [
      '`cval` and `fill_value` are the same thing: remove one of them',
    ]);
  });

  it('leaves something of an image', () => {
    const zoom = (range: string) => problemsOf(`{type: RandomZoom, height_factor: ${range}}`);
    assert.deepEqual(zoom('[-0.5, 3]'), []);
    assert.match(zoom('1').join(), /^a zoom of 1 or more stands for \[-1, 1\]/);
    const contrast = (range: string) => problemsOf(`{type: RandomContrast, factor: ${range}}`);
    assert.deepEqual(contrast('[1, 3]'), []);
    assert.match(contrast('1.5').join(), /^more than 1 below would turn dark into bright/);
    assert.match(contrast('[1.5, 0]').join(), /^more than 1 below would turn dark into bright/);
  });
});

describe('a table of learning rates', () => {
  it('has each epoch once, in order', () => {
    const table = (...epochs: number[]) => {
      const rows = epochs.map((epoch) => `{epoch: ${epoch}, rate: 0.1}`).join(', ');
      return problemsOf('', `[{type: LearningRateScheduler, schedule: [${rows}]}]`);
    };
    assert.deepEqual(table(0, 3, 5), []);
    const next = '(give each epoch once, in order)';
    assert.deepEqual(table(5, 2), [`epoch 2 comes after epoch 5 in the table ${next}`]);
    assert.deepEqual(table(5, 5), [`epoch 5 comes after epoch 5 in the table ${next}`]);
  });
});
