import assert from 'node:assert/strict';
import { createMetric, type MetricContext } from '../../../src/core/optim/metrics.ts';
import type { LossConfig } from '../../../src/shared/model/losses.ts';
import type { MetricConfig } from '../../../src/shared/model/metrics.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';

interface Rows {
  /** One list a row: what the model gives. */
  readonly outputs: readonly (readonly number[])[];
  readonly targets: readonly number[];
}

/** The metric over batches of `size` rows: sums are added as the host adds them. */
async function measure(
  config: MetricConfig,
  context: MetricContext,
  { outputs, targets }: Rows,
  size: number,
): Promise<number> {
  const metric = createMetric(config, context);
  const sums = new Float64Array(metric.width);
  for (let from = 0; from < outputs.length; from += size) {
    const some = outputs.slice(from, from + size);
    const rows = some.length;
    const values = targets.slice(from, from + size);
    const inputs = {
      value: { shape: [rows, some[0]!.length], values: some.flat() },
      target:
        context.target.kind === 'classes'
          ? { shape: [rows], values, dtype: 'i32' as const }
          : { shape: [rows, 1], values },
    };
    const { partial } = await evaluate(inputs, (b, { value, target }) => ({
      partial: metric.build(b, {
        output: { value: value!, activation: 'other' },
        target: target!,
        rows,
      }),
    }));
    partial!.forEach((x, i) => (sums[i]! += x));
  }
  return metric.finish([...sums], outputs.length);
}

const crossentropy: LossConfig = { type: 'sparse_categorical_crossentropy', from_logits: false };
const classes = (count: number): MetricContext => ({
  target: { kind: 'classes', classes: count, names: [] },
  loss: crossentropy,
});
const binary = (from_logits: boolean): MetricContext => ({
  ...classes(2),
  loss: { type: 'binary_crossentropy', from_logits },
});
const numbers = (center = 0): MetricContext => ({
  target: { kind: 'numbers', width: 1 },
  loss: { type: 'mean_squared_error' },
  center: [center],
});

/** Predicted 0 1 2 2 0 0 2; right are rows 0, 1, 2, 5, 6. Class 3 never occurs. */
const four: Rows = {
  outputs: [
    [0.7, 0.1, 0.2, 0],
    [0.2, 0.5, 0.3, 0],
    [0.1, 0.2, 0.7, 0],
    [0.1, 0.3, 0.6, 0],
    [0.4, 0.3, 0.3, 0],
    [0.4, 0.4, 0.2, 0],
    [0, 0.1, 0.9, 0],
  ],
  targets: [0, 1, 2, 1, 2, 0, 2],
};
/** Right, predicted, actual: class 0: 2 3 2; class 1: 1 1 2; class 2: 2 3 3. */
const precision = (2 / 3 + 1 + 2 / 3) / 3;
const recall = (1 + 1 / 2 + 2 / 3) / 3;
const f1 = (4 / 5 + 2 / 3 + 4 / 6) / 3;

const two: Rows = { outputs: [[0.9], [0.4], [0.6], [0.2], [0.7]], targets: [1, 1, 0, 0, 1] };
const logits: Rows = { outputs: [[2], [-0.1], [0.4], [-3], [0.3]], targets: [1, 1, 0, 0, 1] };
const twoUnits: Rows = { ...two, outputs: two.outputs.map(([p = 0]) => [1 - p, p]) };
const years: Rows = {
  outputs: [[2001], [2002.5], [2003], [2005]],
  targets: [2000, 2002, 2004, 2006],
};

const cases: [title: string, MetricConfig, MetricContext, Rows, number][] = [
  ['accuracy', { type: 'accuracy' }, classes(4), four, 5 / 7],
  ['correct', { type: 'correct' }, classes(4), four, 5],
  ['total', { type: 'total' }, classes(4), four, 7],
  ['top 1 is accuracy, ties included', { type: 'top_k_accuracy', k: 1 }, classes(4), four, 5 / 7],
  ['top 2', { type: 'top_k_accuracy', k: 2 }, classes(4), four, 6 / 7],
  ['top 3', { type: 'top_k_accuracy', k: 3 }, classes(4), four, 1],
  [
    'macro precision over the classes that occur',
    { type: 'precision' },
    classes(4),
    four,
    precision,
  ],
  ['macro recall over the classes that occur', { type: 'recall' }, classes(4), four, recall],
  ['macro F1 over the classes that occur', { type: 'f1' }, classes(4), four, f1],
  ['accuracy of one unit', { type: 'accuracy' }, binary(false), two, 3 / 5],
  ['accuracy of one unit of logits', { type: 'accuracy' }, binary(true), logits, 3 / 5],
  ['precision for class 1 of two', { type: 'precision' }, binary(false), two, 2 / 3],
  ['recall for class 1 of two', { type: 'recall' }, binary(false), two, 2 / 3],
  ['F1 for class 1 of two', { type: 'f1' }, binary(false), two, 2 / 3],
  ['F1 of two units', { type: 'f1' }, classes(2), twoUnits, 2 / 3],
  ['mean absolute error', { type: 'mae' }, numbers(), years, 3.5 / 4],
  ['root of the mean squared error', { type: 'rmse' }, numbers(), years, Math.sqrt(3.25 / 4)],
  ['share of variance explained', { type: 'r2' }, numbers(), years, 1 - 3.25 / 20],
  ['the same from sums about a centre', { type: 'r2' }, numbers(2003), years, 1 - 3.25 / 20],
];

describe('metrics', () => {
  for (const [title, config, context, rows, expected] of cases) {
    for (const size of [1, 3, 7]) {
      it(`${title}, in batches of ${size}`, async () => {
        const value = await measure(config, context, rows, size);
        assertClose([value], [expected], { relative: 1e-9 });
      });
    }
  }

  it('top k counts rows of NaN as wrong', async () => {
    const row = [NaN, NaN, NaN];
    const rows: Rows = { outputs: [row, row, row], targets: [0, 1, 2] };
    assert.equal(await measure({ type: 'top_k_accuracy', k: 2 }, classes(3), rows, 3), 0);
  });

  it('r2 of a constant target is 1 when it is met and 0 when not', async () => {
    const targets = [3, 3];
    const of = (outputs: number[][]) => measure({ type: 'r2' }, numbers(), { outputs, targets }, 2);
    assert.equal(await of([[3], [3]]), 1);
    assert.equal(await of([[3], [4]]), 0);
  });
});
