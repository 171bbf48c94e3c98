/** What an evaluation says of classes and numbers, worked out by hand. */
import assert from 'node:assert/strict';
import { pictureOf } from '../../../src/core/tensors/picture.ts';
import { answersOf } from '../../../src/core/train/evaluate/answers.ts';
import { classOutcome, predictedClasses } from '../../../src/core/train/evaluate/classOutcome.ts';
import { numberOutcome } from '../../../src/core/train/evaluate/numberOutcome.ts';
import { worstRows } from '../../../src/core/train/evaluate/worstRows.ts';
import type { TablePreprocessing } from '../../../src/core/data/preprocessing.ts';
import type { TrainConfig } from '../../../src/shared/model/trainConfig.ts';
import { assertClose } from '../../kit/close.ts';

const names = ['a', 'b', 'c'];

describe('the classes of an evaluation', () => {
  it('are the first of the likeliest, and of two those above the border', () => {
    const scores = Float32Array.of(0.2, 0.5, 0.5, 1, 0, 0, NaN, 0.1, 0.9);
    assert.deepEqual([...predictedClasses(scores, 3, 0.5)], [1, 0, 0]);
    assert.deepEqual([...predictedClasses(Float32Array.of(0.5, 0.51, 0.2), 1, 0.5)], [0, 1, 0]);
    assert.deepEqual([...predictedClasses(Float32Array.of(-1, 0, 2), 1, 0)], [0, 0, 1]);
  });

  it('are counted by true and predicted class', () => {
    //  true a: a a b; true b: a; c never occurs and is never predicted but once for b.
    const { counts, scores } = classOutcome(names, [0, 0, 0, 1, 1], Int32Array.of(0, 0, 1, 0, 2));
    assert.deepEqual([...counts], [2, 1, 0, 1, 0, 1, 0, 0, 0]);
    assert.deepEqual(scores[1], { precision: 0, recall: 0, f1: 0, rows: 2 });
    assert.deepEqual(scores[2], { precision: 0, recall: null, f1: 0, rows: 0 });
    const { precision, recall, f1, rows } = scores[0]!;
    assertClose([precision!, recall!, f1!, rows], [2 / 3, 2 / 3, 2 / 3, 3], { relative: 1e-12 });
  });

  it('have no precision where they are never predicted', () => {
    const { scores } = classOutcome(names, [0, 1, 2], Int32Array.of(0, 0, 0));
    assert.deepEqual(scores[2], { precision: null, recall: 0, f1: 0, rows: 1 });
  });
});

describe('the numbers of an evaluation', () => {
  it('stand beside the true ones, with what is between them', () => {
    const actual = Float32Array.of(1, 10, 2, 20, 3, 30);
    const predicted = Float32Array.of(2, 10, 2, 20, 2, 33);
    const { targets } = numberOutcome(['x', 'y'], actual, predicted);
    assert.deepEqual([...targets[0]!.actual], [1, 2, 3]);
    assert.deepEqual([...targets[1]!.predicted], [10, 20, 33]);
    const { min, max, mean, counts } = targets[1]!.residuals!;
    assert.deepEqual([min, max, mean], [0, 3, 1]);
    assert.equal(
      counts.reduce((a, b) => a + b),
      3,
    );
    assert.deepEqual([counts[0], counts.at(-1)], [2, 1]);
  });

  it('are at most a few thousand, evenly taken, of which the residuals are all', () => {
    const rows = 100_000;
    const actual = Float32Array.from({ length: rows }, (_, i) => i);
    const { targets } = numberOutcome(['x'], actual, new Float32Array(rows));
    const { actual: shown, residuals } = targets[0]!;
    assert.equal(shown.length, 4000);
    assert.deepEqual([shown[0], shown[1], shown[3999]], [0, 25, 99_975]);
    assert.equal(
      residuals!.counts.reduce((a, b) => a + b),
      rows,
    );
  });
});

describe('the worst rows', () => {
  const preprocessing: TablePreprocessing = {
    reader: { format: 'csv', delimiter: ',' },
    features: [
      { kind: 'one_hot', name: 'color', categories: ['red', 'blue'], fill: null },
      {
        kind: 'number',
        name: 'mass',
        affine: { scale: 1, offset: 0, center: 50, divisor: 10 },
        fill: null,
      },
    ],
    target: { kind: 'classes', name: 'kind', values: names, names },
  };
  const config = {
    training: { loss: { type: 'sparse_categorical_crossentropy', from_logits: false } },
    model: [{ type: 'Dense', activation: { type: 'softmax' } }],
  } as unknown as TrainConfig;
  const outputs = Float32Array.of(0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.5, 0.25, 0.25);
  const data = {
    rows: 3,
    x: Float32Array.of(1, 0, 0, 0, 1, 2, 1, 0, -1),
    y: Int32Array.of(0, 2, 1),
    places: Uint32Array.of(7, 3, 5),
  };
  const answers = answersOf({ config, target: preprocessing.target, data, outputs });

  it('come by their loss, with what the table says and how sure the model was', () => {
    const losses = Float32Array.of(0.36, 2.3, 1.4);
    const [first, second, ...rest] = worstRows({ data, losses, answers, preprocessing, count: 2 });
    assert.deepEqual(rest, []);
    assert.deepEqual(
      { ...first!, probability: 0, targetProbability: 0, loss: 0 },
      {
        row: 3,
        inFile: true,
        loss: 0,
        target: 'c',
        predicted: 'b',
        probability: 0,
        targetProbability: 0,
        values: [
          { name: 'color', value: 'blue' },
          { name: 'mass', value: 70 },
        ],
        image: null,
      },
    );
    assertClose([first!.probability!, first!.targetProbability!], [0.8, 0.1], { relative: 1e-6 });
    assert.deepEqual([second!.row, second!.target, second!.predicted], [5, 'b', 'a']);
  });

  it('begin with a loss that is no number', () => {
    const losses = Float32Array.of(5, NaN, 6);
    const worst = worstRows({ data, losses, answers, preprocessing, count: 3 });
    assert.deepEqual(
      worst.map(({ row }) => row),
      [3, 5, 7],
    );
  });
});

describe('pictures of samples', () => {
  it('are bytes as they are', () => {
    const pixels = Uint8Array.of(0, 255, 7, 9, 1, 2);
    assert.deepEqual(pictureOf([1, 2, 3], pixels), { height: 1, width: 2, channels: 3, pixels });
  });

  it('spread other numbers from black to white', () => {
    const picture = pictureOf([2, 2], Float32Array.of(-1, 0, 1, 3));
    assert.deepEqual([...picture!.pixels], [0, 64, 128, 255]);
    assert.deepEqual([...pictureOf([1, 1, 1], Float32Array.of(4))!.pixels], [0]);
  });

  it('are not made of what has another shape', () => {
    for (const shape of [[4], [2, 2, 2], [1, 2, 2, 1], [0, 3]])
      assert.equal(pictureOf(shape, new Float32Array(4)), null);
  });
});
