/**
 * Whole trainings of small models on a backend against the reference in float64: every activation,
 * loss, optimizer, metric and layer kind at least once, over odd sizes and ragged batches.
 */
import assert from 'node:assert/strict';
import type { Backend, Executable } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import type { Model, TargetSpec } from '../../src/core/graph/model.ts';
import { createLoss } from '../../src/core/optim/losses.ts';
import { createMetric } from '../../src/core/optim/metrics.ts';
import { createOptimizer } from '../../src/core/optim/optimizers.ts';
import { buildEpochProgram, type EpochProgram } from '../../src/core/train/epochProgram.ts';
import { targetValues } from '../../src/core/train/targets.ts';
import { hasErrors } from '../../src/shared/diagnostics.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';
import { assertClose } from '../kit/close.ts';
import { tolerances } from '../kit/tolerance.ts';
import { wave } from '../kit/torchModel.ts';

interface Case {
  readonly title: string;
  readonly model: readonly object[];
  readonly training?: object;
  /** By default 3 classes. */
  readonly target?: TargetSpec;
  readonly inputs?: number;
}

const rows = { train: 13, validation: 7 } as const;
const batchSize = 5;
const epochs = 3;

const threeClasses: TargetSpec = { kind: 'classes', classes: 3, names: ['a', 'b', 'c'] };
const twoClasses: TargetSpec = { kind: 'classes', classes: 2, names: ['a', 'b'] };
const oneNumber: TargetSpec = { kind: 'numbers', width: 1 };

const dense = (units: number, activation: string | object = 'linear', more = {}) => ({
  type: 'Dense',
  units,
  activation,
  ...more,
});
const logits = { type: 'sparse_categorical_crossentropy', from_logits: true };

const activations = [
  'relu',
  { type: 'leaky_relu', negative_slope: 0.3 },
  'elu',
  'selu',
  'gelu',
  { type: 'gelu', approximate: true },
  'sigmoid',
  'tanh',
  'softmax',
  'log_softmax',
  'softplus',
  'swish',
].map((activation): Case => ({
  title: `activation ${JSON.stringify(activation)}`,
  model: [dense(7, activation), dense(3)],
  training: { loss: logits },
}));

const classLosses = ['sparse_categorical_crossentropy', 'categorical_crossentropy'].flatMap(
  (loss): Case[] => [
    { title: `${loss} after softmax`, model: [dense(3, 'softmax')], training: { loss } },
    { title: `${loss} after log_softmax`, model: [dense(3, 'log_softmax')], training: { loss } },
    { title: `${loss} after sigmoid`, model: [dense(3, 'sigmoid')], training: { loss } },
  ],
);

const otherLosses: Case[] = [
  {
    title: 'binary_crossentropy after sigmoid',
    model: [dense(1, 'sigmoid')],
    training: { loss: 'binary_crossentropy' },
    target: twoClasses,
  },
  {
    title: 'binary_crossentropy from logits',
    model: [dense(1)],
    training: { loss: { type: 'binary_crossentropy', from_logits: true } },
    target: twoClasses,
  },
  ...['mse', 'mae', { type: 'huber', delta: 0.5 }].map((loss): Case => ({
    title: `loss ${JSON.stringify(loss)}`,
    model: [dense(5, 'tanh'), dense(1)],
    training: { loss },
    target: oneNumber,
  })),
];

const optimizers = ['keras', 'pytorch'].flatMap((conventions) =>
  [
    { type: 'SGD', momentum: 0.9 },
    { type: 'SGD', momentum: 0.9, nesterov: true },
    { type: 'Adam', learning_rate: 0.01 },
    { type: 'AdamW', learning_rate: 0.01, weight_decay: 0.1 },
    { type: 'RMSprop', learning_rate: 0.01 },
    { type: 'RMSprop', learning_rate: 0.01, momentum: 0.5, centered: true, epsilon: 1e-3 },
  ].map((optimizer): Case => ({
    title: `${JSON.stringify(optimizer)} in ${conventions} conventions`,
    model: [dense(7, 'tanh'), dense(3, 'softmax')],
    training: { conventions, optimizer },
  })),
);

/** 3 epochs of 3 batches: updates in the middle of an epoch and with the ragged batch of the one before. */
const gathering = ['keras', 'pytorch'].flatMap((conventions) =>
  [
    { type: 'SGD', momentum: 0.9 },
    { type: 'Adam', learning_rate: 0.01, global_clipnorm: 0.1, weight_decay: 0.01 },
    { type: 'SGD', use_ema: true, ema_momentum: 0.8, ema_overwrite_frequency: 3 },
  ].map((optimizer): Case => ({
    title: `2 gathered steps of ${JSON.stringify(optimizer)} in ${conventions} conventions`,
    model: [dense(7, 'tanh'), dense(3, 'softmax')],
    training: { conventions, optimizer, gradient_accumulation_steps: 2 },
  })),
);

const averaging = [{ use_ema: true }, { use_ema: true, ema_overwrite_frequency: 2 }].map(
  (keys): Case => ({
    title: `averages of the weights, ${JSON.stringify(keys)}`,
    model: [dense(7, 'tanh'), dense(3, 'softmax')],
    training: { optimizer: { type: 'RMSprop', ...keys } },
  }),
);

const layers: Case[] = [
  ...['keras', 'pytorch'].map((conventions): Case => ({
    title: `BatchNormalization in ${conventions} conventions, Dropout`,
    model: [
      dense(6, 'linear', { use_bias: false }),
      { type: 'BatchNormalization' },
      { type: 'Activation', activation: 'tanh' },
      { type: 'Dropout', rate: 0.3 },
      dense(3, 'softmax'),
    ],
    training: { conventions },
  })),
  {
    title: 'Reshape, Dense over several axes, Flatten',
    inputs: 6,
    model: [
      { type: 'Input', shape: [6] },
      { type: 'Reshape', target_shape: [3, -1] },
      dense(5, 'swish'),
      { type: 'BatchNormalization' },
      { type: 'Flatten' },
      dense(3, 'softmax'),
    ],
  },
  {
    title: 'Conv2D, pooling, GroupNormalization, SpatialDropout2D',
    inputs: 70,
    model: [
      { type: 'Reshape', target_shape: [5, 7, 2] },
      { type: 'Conv2D', filters: 4, kernel_size: [3, 2], padding: 'same', activation: 'relu' },
      { type: 'MaxPooling2D', padding: 'same' },
      { type: 'GroupNormalization', groups: 2 },
      { type: 'SpatialDropout2D', rate: 0.3 },
      { type: 'DepthwiseConv2D', kernel_size: 2, depth_multiplier: 2, activation: 'tanh' },
      { type: 'AveragePooling2D', pool_size: 2, strides: 1, padding: 'same' },
      { type: 'Flatten' },
      dense(3, 'softmax'),
    ],
  },
  {
    title: 'Conv2DTranspose, SeparableConv2D, UpSampling2D, ZeroPadding2D, LayerNormalization',
    inputs: 12,
    model: [
      { type: 'Reshape', target_shape: [2, 3, 2] },
      { type: 'Conv2DTranspose', filters: 3, kernel_size: 3, strides: 2, activation: 'tanh' },
      { type: 'LayerNormalization', axis: [2, 3] },
      { type: 'SeparableConv2D', filters: 4, kernel_size: 3, strides: 2, padding: 'same' },
      { type: 'UpSampling2D', interpolation: 'bilinear' },
      {
        type: 'ZeroPadding2D',
        padding: [
          [0, 1],
          [2, 0],
        ],
      },
      { type: 'UpSampling2D', size: [1, 2] },
      { type: 'GlobalAveragePooling2D' },
      dense(3, 'softmax'),
    ],
  },
  {
    title: 'Conv1D, pooling of sequences, branches',
    inputs: 22,
    model: [
      { type: 'Reshape', name: 'steps', target_shape: [11, 2] },
      {
        type: 'Conv1D',
        name: 'a',
        filters: 3,
        kernel_size: 3,
        padding: 'causal',
        activation: 'tanh',
      },
      {
        type: 'Conv1D',
        name: 'b',
        filters: 3,
        kernel_size: 3,
        padding: 'same',
        dilation_rate: 2,
        inputs: 'steps',
      },
      { type: 'Add', name: 'sum', inputs: ['a', 'b'] },
      { type: 'Multiply', name: 'product', inputs: ['a', 'sum'] },
      { type: 'Concatenate', inputs: ['product', 'steps', 'b'] },
      { type: 'MaxPooling1D', name: 'pooled', pool_size: 3, strides: 2 },
      { type: 'GlobalMaxPooling1D', name: 'most' },
      { type: 'AveragePooling1D', name: 'means', inputs: 'pooled' },
      { type: 'GlobalAveragePooling1D', name: 'mean' },
      { type: 'Add', inputs: ['most', 'mean'] },
      dense(3, 'softmax'),
    ],
  },
  ...[{ clipnorm: 0.1 }, { clipvalue: 0.01 }, { global_clipnorm: 0.2 }].flatMap((clipping) =>
    ['keras', 'pytorch'].map((conventions): Case => ({
      title: `${Object.keys(clipping)[0]!} and weight decay in ${conventions} conventions`,
      model: [dense(6, 'relu'), dense(3, 'softmax')],
      training: {
        conventions,
        optimizer: { type: 'SGD', momentum: 0.5, weight_decay: 0.1, ...clipping },
        loss: { type: 'categorical_crossentropy', label_smoothing: 0.1 },
      },
    })),
  ),
  { title: 'one input, one unit', inputs: 1, model: [dense(1, 'tanh'), dense(3, 'softmax')] },
  { title: 'more units than a tile', inputs: 17, model: [dense(37, 'relu'), dense(3, 'softmax')] },
];

function build({ model: layersOf, training, target = threeClasses, inputs = 4 }: Case) {
  const classes = target.kind === 'classes';
  const text = JSON.stringify({
    task: classes ? 'classification' : 'regression',
    data: { path: 'a.csv', features: ['a'], target: 'b' },
    model: layersOf,
    training: {
      epochs,
      batch_size: batchSize,
      optimizer: { type: 'SGD', learning_rate: 0.1 },
      loss: 'sparse_categorical_crossentropy',
      metrics: classes ? ['accuracy', 'total', 'precision', 'recall', 'f1'] : ['mae', 'rmse', 'r2'],
      ...training,
    },
  });
  const { config, document, diagnostics } = parseConfig(text, 'f.json');
  assert.ok(config !== null, JSON.stringify(diagnostics));
  const built = buildModel({ config, document, context: { inputShape: [inputs], target } });
  assert.ok(!hasErrors(built.diagnostics), JSON.stringify(built.diagnostics));
  const model = built.model!;
  const metrics = config.training.metrics.map((metric) =>
    createMetric(metric, { target, loss: config.training.loss }),
  );
  const epoch = buildEpochProgram({
    model,
    loss: createLoss(config.training.loss),
    trainMetrics: metrics,
    validationMetrics: metrics,
    optimizer: createOptimizer(
      config.training.optimizer,
      config.training.conventions,
      config.training.gradient_accumulation_steps,
    ),
    batchSize,
    shuffle: false,
    trainingRows: rows.train,
    validationRows: rows.validation,
  });
  return { model, epoch, learningRate: config.training.optimizer.learning_rate };
}

async function train(
  executable: Executable,
  { model, epoch, learningRate }: ReturnType<typeof build>,
) {
  const [width = 1] = model.context.inputShape;
  const { target } = model.context;
  for (const [split, count] of Object.entries(rows)) {
    executable.write(`data/${split}/x`, Float32Array.from(wave(count * width)));
    const y =
      target.kind === 'classes'
        ? Int32Array.from({ length: count }, (_, i) => (i * i + 1) % target.classes)
        : Float32Array.from(wave(count, { phase: 1 }));
    executable.write(`data/${split}/y`, targetValues(target, y));
  }
  model.tensors.forEach(({ name, initialize }, index) => {
    executable.write(name, initialize({ seed: 3, index }));
  });
  const has = (name: string) => epoch.program.buffers.some((buffer) => buffer.name === name);
  executable.write('learning_rate', Float32Array.of(Number(learningRate)));
  for (let i = 0; i < epochs; i++) {
    if (has('epoch')) executable.write('epoch', Int32Array.of(i));
    for (const { name, count } of [...epoch.train, ...epoch.validation]) {
      await executable.run(name, 0, count);
    }
  }
  return results(executable, model, epoch);
}

/** By buffer. */
type Values = Readonly<Record<string, number[]>>;

/** Every buffer that is not input. */
async function results(
  executable: Executable,
  model: Model,
  { program }: EpochProgram,
): Promise<Values> {
  const own = new Set(model.tensors.map(({ name }) => name));
  const wanted = program.buffers.filter(
    ({ name, role }) => role === 'column' || own.has(name) || name.startsWith('optimizer/'),
  );
  const values: Record<string, number[]> = {};
  for (const { name } of wanted) values[name] = [...(await executable.read(name))];
  return values;
}

const cases = [
  ...activations,
  ...classLosses,
  ...otherLosses,
  ...optimizers,
  ...gathering,
  ...averaging,
  ...layers,
];

/** Declares the tests; call it at the top level of a test file. */
export function modelConformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
): void {
  describe(`training on ${name} agrees with the reference`, () => {
    let backend: Backend;
    before(async () => {
      backend = await createBackend();
    });
    after(() => backend.destroy());
    for (const c of cases) it(c.title, () => checkModel(backend, c));
  });
}

async function checkModel(backend: Backend, c: Case): Promise<void> {
  const built = build(c);
  const { program } = built.epoch;
  const results = [];
  for (const on of [backend, createReferenceBackend()]) {
    const executable = await on.compile(program);
    results.push(await train(executable, built));
    executable.destroy();
  }
  const [actual, expected] = results as [Values, Values];
  for (const [name, values] of Object.entries(expected)) {
    try {
      assertClose(actual[name]!, values, tolerances.training);
    } catch (error) {
      throw new Error(`${name}: ${String(error)}`, { cause: error });
    }
  }
}
