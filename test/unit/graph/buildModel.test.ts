import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import type { ModelContext, TargetSpec } from '../../../src/core/graph/model.ts';
import { formatDiagnostic } from '../../../src/shared/diagnostics.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';

const classes = (count: number): TargetSpec => ({ kind: 'classes', classes: count, names: [] });
const numbers = (width: number): TargetSpec => ({ kind: 'numbers', width });

interface Case {
  readonly title: string;
  /** One entry a layer; they are on lines 6, 7, ... of the config. */
  readonly model: readonly string[];
  readonly loss?: string;
  readonly metrics?: string;
  readonly target?: TargetSpec;
  /** `data.target`, by default `b`. */
  readonly column?: string;
  /** Null: the data could not be read. */
  readonly inputShape?: readonly number[] | null;
  /** As printed, without the file name. Lines: 6 the first layer; then 1 `training`, 4 `loss`, 5 `metrics`. */
  readonly expected: readonly string[];
}

function build(c: Omit<Case, 'title' | 'expected'>) {
  const { target = classes(3), inputShape = [5] } = c;
  const text = `task: ${target.kind === 'classes' ? 'classification' : 'regression'}
data:
  {format: csv, path: a.csv, features: [{name: a}], target: ${c.column ?? 'b'}}
# layers
model:
${c.model.map((layer) => `  - ${layer}`).join('\n')}
training:
  epochs: 1
  optimizer: Adam
  loss: ${c.loss ?? 'sparse_categorical_crossentropy'}
  metrics: ${c.metrics ?? '[]'}
`;
  const { config, document, diagnostics } = parseConfig(text, 'f');
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  const context: ModelContext | null = inputShape === null ? null : { inputShape, target };
  return buildModel({ config: config!, document, context });
}

const dense = (name: string, units: number, more = ''): string =>
  `{type: Dense, name: ${name}, units: ${units}${more}}`;
const softmax = (units: number): string => dense('out', units, ', activation: softmax');
const sigmoid = (units: number): string => dense('out', units, ', activation: sigmoid');

const cases: Case[] = [
  { title: 'a model that fits', model: [dense('fc1', 10), softmax(3)], expected: [] },
  {
    title: 'an Input that does not match the data',
    model: ['{type: Input, name: in, shape: [4]}', softmax(3)],
    expected: [
      '6:36 error model.shapeMismatch input "in": expects [batch, 4], gets [batch, 5] from the data',
    ],
  },
  {
    title: 'a Reshape of too few values, and later problems with it',
    model: [
      dense('fc1', 10),
      '{type: Reshape, name: r, target_shape: [3, 4]}',
      'Flatten',
      '{type: Reshape, name: s, target_shape: [5, -1]}',
      'Flatten',
      softmax(2),
    ],
    expected: [
      '7:44 error model.shapeMismatch reshape "r": expects 12 values a row for [batch, 3, 4], gets [batch, 10] (10) from "fc1"',
      '9:44 error model.shapeMismatch reshape "s": expects a multiple of 5 values a row, gets [batch, 12] (12) from "flatten"',
      '11:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
    ],
  },
  {
    title: 'two free sizes',
    model: ['{type: Reshape, target_shape: [-1, -1]}', 'Flatten', softmax(3)],
    expected: [
      '6:35 error model.shapeMismatch reshape "reshape": expects at most one -1 in target_shape, finds 2',
    ],
  },
  {
    title: 'a name used twice',
    model: [dense('fc', 4), dense('fc', 4), softmax(3)],
    expected: ['7:25 error model.duplicateName layer name `fc` is taken by layer 1'],
  },
  {
    title: 'an Input after other layers',
    model: ['Flatten', '{type: Input, shape: [5]}', softmax(3)],
    expected: ['7:5 error model.lateInput Input is layer 2, but can only be the first (remove it)'],
  },
  {
    title: 'more weights than fit in memory',
    model: [dense('big', 100_000), dense('bigger', 200_000), softmax(3)],
    expected: [
      '7:5 error model.tooLarge dense "bigger": has 20000200000 parameters; a model can have 268435456, this one has 20001400003',
    ],
  },
  {
    title: 'fewer units than classes',
    model: [softmax(2)],
    expected: [
      '6:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
    ],
  },
  {
    title: 'fewer units than classes before a last activation',
    model: [dense('out', 2), 'Flatten', '{type: Activation, activation: softmax}'],
    expected: [
      '6:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
    ],
  },
  {
    title: 'more units than classes',
    model: [softmax(4)],
    expected: [
      '6:37 warning model.tooManyUnits dense "out": has 4 units for 3 classes; the rest learn only to stay silent (use `units: 3`)',
    ],
  },
  {
    title: 'everything that is wrong at once',
    model: [
      dense('fc', 4),
      dense('fc', 6),
      '{type: Reshape, name: r, target_shape: [2]}',
      softmax(2),
    ],
    metrics: '[{type: top_k_accuracy, k: 3}]',
    expected: [
      '7:25 error model.duplicateName layer name `fc` is taken by layer 1',
      '8:44 error model.shapeMismatch reshape "r": expects 2 values a row for [batch, 2], gets [batch, 6] (6) from "fc"',
      '9:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
      '14:13 warning model.trivialMetric top_k_accuracy with k = 3 is always 1 for 3 classes',
    ],
  },
  {
    title: 'one sigmoid unit for three classes',
    model: [sigmoid(1)],
    expected: [
      '10:9 error model.lossMismatch loss sparse_categorical_crossentropy expects one output for each class, dense "out" gives 1 (use `units: 3` with `softmax`)',
    ],
  },
  {
    title: 'one sigmoid unit for two classes, without the binary loss',
    model: [sigmoid(1)],
    target: classes(2),
    expected: [
      '10:9 error model.lossMismatch loss sparse_categorical_crossentropy expects one output for each class, dense "out" gives 1 (use `binary_crossentropy` with `sigmoid`, or `units: 2` with `softmax`)',
    ],
  },
  {
    title: 'one sigmoid unit for two classes',
    model: [sigmoid(1)],
    loss: 'binary_crossentropy',
    target: classes(2),
    expected: [],
  },
  {
    title: 'the binary loss for three classes',
    model: [sigmoid(1)],
    loss: 'binary_crossentropy',
    expected: [
      '10:9 error model.lossMismatch loss binary_crossentropy is for two classes, the target has 3 (use `sparse_categorical_crossentropy`)',
    ],
  },
  {
    title: 'the binary loss with two units',
    model: [softmax(2)],
    loss: 'binary_crossentropy',
    target: classes(2),
    expected: [
      '10:9 error model.lossMismatch loss binary_crossentropy expects one output, dense "out" gives 2 (use `units: 1` with `sigmoid`, or `sparse_categorical_crossentropy`)',
    ],
  },
  {
    title: 'softmax over one unit',
    model: [softmax(1)],
    loss: 'binary_crossentropy',
    target: classes(2),
    expected: [
      '10:9 error model.lossMismatch loss binary_crossentropy expects probabilities, dense "out" ends in softmax (use `activation: sigmoid`, or `{type: binary_crossentropy, from_logits: true}`)',
    ],
  },
  {
    title: 'no activation before a loss that wants probabilities',
    model: [dense('out', 3)],
    expected: [
      '10:9 error model.lossMismatch loss sparse_categorical_crossentropy expects probabilities, dense "out" ends in linear (use `activation: softmax`, or `{type: sparse_categorical_crossentropy, from_logits: true}`)',
    ],
  },
  {
    title: 'no activation before a loss that wants logits',
    model: [dense('out', 3)],
    loss: '{type: sparse_categorical_crossentropy, from_logits: true}',
    expected: [],
  },
  {
    title: 'softmax before a loss that wants logits',
    model: [softmax(3)],
    loss: '{type: sparse_categorical_crossentropy, from_logits: true}',
    expected: [
      '10:9 warning model.lossInput loss sparse_categorical_crossentropy expects logits (from_logits: true), dense "out" ends in softmax: squashed twice, it learns slowly (remove `from_logits`, or use `activation: linear`)',
    ],
  },
  {
    title: 'log_softmax before a loss that wants logits, as the lab has it',
    model: [dense('out', 3), '{type: Activation, name: log, activation: log_softmax}'],
    loss: '{type: sparse_categorical_crossentropy, from_logits: true}',
    expected: [
      '11:9 info model.lossInput activation "log" ends in log_softmax, which from_logits: true applies once more; that changes nothing',
    ],
  },
  {
    title: 'sigmoid for several classes',
    model: [sigmoid(3)],
    expected: [
      '10:9 warning model.lossInput loss sparse_categorical_crossentropy expects probabilities, dense "out" ends in sigmoid: they do not sum to 1 (use `activation: softmax`, or `{type: sparse_categorical_crossentropy, from_logits: true}`)',
    ],
  },
  {
    title: 'a loss over numbers for classes',
    model: [softmax(3)],
    loss: 'mse',
    expected: [
      '10:9 error model.lossMismatch loss mean_squared_error is for numbers, the target has classes (use `sparse_categorical_crossentropy`, or `task: regression`)',
    ],
  },
  {
    title: 'the wrong loss and too few units',
    model: [softmax(2)],
    loss: 'huber',
    expected: [
      '10:9 error model.lossMismatch loss huber is for numbers, the target has classes (use `sparse_categorical_crossentropy`, or `task: regression`)',
      '6:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
    ],
  },
  {
    title: 'a loss over classes for numbers',
    model: [softmax(3)],
    target: numbers(1),
    expected: [
      '10:9 error model.lossMismatch loss sparse_categorical_crossentropy is for classes, the target has numbers (use `mean_squared_error`, or `task: classification`)',
    ],
  },
  {
    title: 'too many outputs for one number',
    model: [dense('out', 3)],
    loss: 'mse',
    target: numbers(1),
    expected: [
      '6:5 error model.outputShape dense "out": gives [batch, 3], the target is [batch, 1]',
    ],
  },
  {
    title: 'images that were not flattened',
    model: [softmax(3)],
    inputShape: [32, 32, 3],
    expected: [
      '6:5 error model.outputShape dense "out": gives [batch, 32, 32, 3], a loss over classes expects [batch, 3] (put a Flatten layer before the last Dense)',
    ],
  },
  {
    title: 'top k of one unit',
    model: [sigmoid(1)],
    loss: 'binary_crossentropy',
    metrics: '[accuracy, {type: top_k_accuracy, k: 1}]',
    target: classes(2),
    expected: [
      '11:23 error model.metricMismatch top_k_accuracy expects one output for each class, the last layer gives 1',
    ],
  },
  {
    title: 'what needs no data when there are none',
    model: [
      dense('fc', 4),
      '{type: Reshape, target_shape: [3]}',
      dense('out', 1, ', activation: softmax'),
    ],
    inputShape: null,
    expected: [
      '7:35 error model.shapeMismatch reshape "reshape": expects 3 values a row for [batch, 3], gets [batch, 4] (4) from "fc"',
      '12:9 error model.lossMismatch loss sparse_categorical_crossentropy expects one output for each class, dense "out" gives 1 (use `binary_crossentropy` with `sigmoid`, or `units: 2` with `softmax`)',
    ],
  },
  {
    title: 'too few units for the classes a config names, when there are no data',
    model: [softmax(2)],
    column: '{name: b, class_names: [x, y, z]}',
    inputShape: null,
    expected: [
      '6:37 error model.tooFewUnits dense "out": has 2 units for 3 classes (use `units: 3`)',
    ],
  },
];

describe('building a model', () => {
  for (const { title, expected, ...c } of cases) {
    it(`reports ${title}`, () => {
      const { model, diagnostics } = build(c);
      assert.deepEqual(
        diagnostics.map((d) => formatDiagnostic(d).replace(/^f:/, '')),
        expected,
      );
      const wrong = c.inputShape === null || diagnostics.some((d) => d.severity === 'error');
      assert.equal(model === null, wrong);
    });
  }

  it('names layers as Keras does, around the names that are taken', () => {
    const { model } = build({
      model: [
        'Flatten',
        dense('dense_1', 4),
        '{type: Dense, units: 4}',
        '{type: Dense, units: 4}',
        'BatchNormalization',
        softmax(3),
      ],
    });
    const names = model!.summary.layers.map(({ name }) => name);
    assert.deepEqual(names, [
      'flatten',
      'dense_1',
      'dense',
      'dense_2',
      'batch_normalization',
      'out',
    ]);
  });

  it('gives tensors in the order of the layers, and their counts', () => {
    const { model } = build({
      model: [
        dense('fc1', 10),
        '{type: BatchNormalization, name: bn, scale: false}',
        dense('out', 3, ', use_bias: false, activation: softmax'),
      ],
    });
    assert.deepEqual(
      model!.tensors.map(({ name, shape, trainable }) => `${name} ${shape.join('x')} ${trainable}`),
      [
        'fc1/kernel 5x10 true',
        'fc1/bias 10 true',
        'bn/beta 10 true',
        'bn/moving_mean 10 false',
        'bn/moving_variance 10 false',
        'out/kernel 10x3 true',
      ],
    );
    const { parameters, trainableParameters } = model!.summary;
    assert.deepEqual([parameters, trainableParameters], [120, 100]);
  });

  it('summarises as a table', () => {
    const { model } = build({
      model: [dense('fc1', 10), '{type: Reshape, target_shape: [2, -1]}', 'Flatten', softmax(3)],
    });
    assert.equal(
      model!.summary.text,
      `
Layer              Output shape   Parameters
--------------------------------------------
fc1 (Dense)        [batch, 10]            60
reshape (Reshape)  [batch, 2, 5]           0
flatten (Flatten)  [batch, 10]             0
out (Dense)        [batch, 3]             33
--------------------------------------------
93 parameters, 93 of them trained`.trimStart(),
    );
  });
});
