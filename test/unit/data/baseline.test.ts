import assert from 'node:assert/strict';
import { computeBaseline } from '../../../src/core/data/baseline.ts';
import type { PreparedData, SplitData } from '../../../src/core/data/preparedData.ts';
import { mean, median, mode, standardDeviation } from '../../../src/core/data/statistics.ts';

function dataWith(
  target: PreparedData['target'],
  train: SplitData['y'],
  validation: SplitData['y'],
) {
  const split = (y: SplitData['y']): SplitData => ({ rows: y.length, x: new Float32Array(0), y });
  return { target, train: split(train), validation: split(validation) } as PreparedData;
}

const names = ['a', 'b', 'c'];
const classes = { kind: 'classes', classes: 3, names } as const;
const numbers = { kind: 'numbers', width: 1 } as const;

describe('the baseline', () => {
  it('guesses the commonest class of training, whatever is common in validation', () => {
    const data = dataWith(classes, Int32Array.of(1, 1, 0, 2), Int32Array.of(0, 0, 1, 2));
    const metrics = { accuracy: 0.25, correct: 1, total: 4 };
    assert.deepEqual(computeBaseline(data), { kind: 'majority', metrics, guess: 'b' });
  });

  it('guesses the mean of training', () => {
    const data = dataWith(numbers, Float32Array.of(1, 3), Float32Array.of(0, 4, 5));
    const { kind, metrics, guess } = computeBaseline(data)!;
    assert.deepEqual([kind, guess], ['mean', '2']);
    assert.equal(metrics['mae'], 7 / 3);
    assert.equal(metrics['rmse'], Math.sqrt(17 / 3));
    // 1 - 17 / (9 + 1 + 4), where the mean of the validation rows is 3
    assert.ok(Math.abs(metrics['r2']! - (1 - 17 / 14)) < 1e-12);
  });

  it('has no R² where all validation rows are equal, and is null without any', () => {
    const equal = dataWith(numbers, Float32Array.of(1, 3), Float32Array.of(4, 4));
    assert.deepEqual(computeBaseline(equal)!.metrics, { mae: 2, rmse: 2 });
    assert.equal(computeBaseline(dataWith(numbers, Float32Array.of(1), new Float32Array(0))), null);
  });
});

describe('statistics of a column', () => {
  it('are those of the textbook', () => {
    const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
    assert.equal(mean(values), 5);
    assert.equal(standardDeviation(values), 2);
    assert.equal(median(values), 4.5);
    assert.equal(median(values.subarray(1)), 5);
    assert.equal(mode(values), 4);
    assert.equal(mode(Float64Array.of(3, 1, 3, 1)), 1);
    assert.deepEqual([...values], [2, 4, 4, 4, 5, 5, 7, 9], 'the values keep their order');
  });

  it('lose nothing over many rows', () => {
    const values = new Float64Array(1_000_000).fill(0.1);
    values[0] = 1e9;
    assert.equal(mean(values), (1e9 + 999_999 * 0.1) / 1e6);
  });
});
