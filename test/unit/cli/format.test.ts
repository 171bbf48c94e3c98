import assert from 'node:assert/strict';
import { formatDuration, formatNumber, formatPrediction } from '../../../src/cli/format.ts';
import { progressLine } from '../../../src/cli/progressBar.ts';

describe('numbers for people', () => {
  for (const [value, text] of [
    [0, '0'],
    [3, '3'],
    [0.123456, '0.1235'],
    [1234.5678, '1235'],
    [0.00001234, '1.234e-5'],
    [-2.5, '-2.5'],
    [12345678.9, '1.235e+7'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
  ] as const) {
    it(`shows ${value} as ${text}`, () => assert.equal(formatNumber(value), text));
  }

  for (const [seconds, text] of [
    [0.2, '0:00'],
    [7, '0:07'],
    [59.6, '1:00'],
    [754, '12:34'],
    [12345, '3:25:45'],
    [-1, '0:00'],
  ] as const) {
    it(`shows ${seconds} s as ${text}`, () => assert.equal(formatDuration(seconds), text));
  }
});

describe('a prediction for people', () => {
  const input = { Island: 'Dream', BodyMass: 5000, Sex: null };

  it('names the class and its chances', () => {
    assert.equal(
      formatPrediction({ input, probabilities: { 0: 0.0004, 2: 0.9996 }, class: 2 }),
      'Island=Dream, BodyMass=5000, Sex=missing: 2 (0: 0 %, 2: 100 %)',
    );
  });

  it('gives the values of a regression', () => {
    assert.equal(formatPrediction({ input: { x: 1 }, value: [0.5, 2] }), 'x=1: 0.5, 2');
    assert.equal(formatPrediction({ input: { x: 1 }, value: 0 }), 'x=1: 0');
  });
});

describe('the progress line', () => {
  const record = {
    epoch: 50,
    epochs: 100,
    loss: 0.25,
    val_loss: 0.5,
    metrics: { accuracy: 0.75 },
    learning_rate: 0.001,
    seconds: 1,
    step: 500,
  };

  it('has epoch, losses, metrics and the time left', () => {
    const line = progressLine(record, 50, 200);
    assert.equal(
      line,
      '██████████░░░░░░░░░░ epoch 50/100, ETA 0:50, loss 0.25, val_loss 0.5, accuracy 0.75',
    );
  });

  it('leaves out what is not known', () => {
    const { epoch, epochs, loss, metrics, learning_rate, seconds, step } = record;
    const withoutValidation = { epoch, epochs, loss, metrics, learning_rate, seconds, step };
    assert.doesNotMatch(progressLine(withoutValidation, null, 200), /val_loss|ETA/);
  });

  it('never wraps', () => {
    for (const columns of [1, 10, 40]) {
      assert.ok(progressLine(record, 50, columns).length <= Math.max(1, columns - 1));
    }
  });
});
