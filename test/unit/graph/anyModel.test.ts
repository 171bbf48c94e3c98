/** Whatever layers, data and losses are put together: diagnostics or a model that can be trained, never an exception. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import type { Model, TargetSpec } from '../../../src/core/graph/model.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { createLoss } from '../../../src/core/optim/losses.ts';
import { createMetric } from '../../../src/core/optim/metrics.ts';
import { createOptimizer } from '../../../src/core/optim/optimizers.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import type { TrainConfig } from '../../../src/shared/model/trainConfig.ts';
import { forwardContext } from '../../kit/evaluate.ts';

const size = fc.integer({ min: 1, max: 7 });
const activation = fc.constantFrom('linear', 'relu', 'softmax', 'log_softmax', 'sigmoid', 'selu');
const initializer = fc.constantFrom('glorot_normal', 'pytorch_default', 'lecun_uniform');
const layer = fc.oneof(
  fc.record({
    type: fc.constant('Dense'),
    units: size,
    activation,
    kernel_initializer: initializer,
  }),
  fc.record({ type: fc.constant('Activation'), activation }),
  fc.record({ type: fc.constant('Dropout'), rate: fc.constantFrom(0, 0.5) }),
  fc.record({ type: fc.constant('Flatten') }),
  fc.record({
    type: fc.constant('Reshape'),
    target_shape: fc.array(fc.oneof(size, fc.constant(-1)), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('BatchNormalization'), scale: fc.boolean() }),
  fc.record({ type: fc.constant('Input'), shape: fc.array(size, { minLength: 1, maxLength: 3 }) }),
);
const target: fc.Arbitrary<TargetSpec> = fc.oneof(
  fc
    .integer({ min: 2, max: 4 })
    .map((classes) => ({ kind: 'classes', classes, names: [] }) as const),
  size.map((width) => ({ kind: 'numbers', width }) as const),
);
const classLoss = fc.record({
  type: fc.constantFrom(
    'sparse_categorical_crossentropy',
    'categorical_crossentropy',
    'binary_crossentropy',
  ),
  from_logits: fc.boolean(),
});
const loss = fc.oneof(classLoss, fc.constantFrom('mse', 'mae', 'huber'));
const optimizer = fc.constantFrom('SGD', 'Adam', 'AdamW', 'RMSprop');
const conventions = fc.constantFrom('keras', 'pytorch');
const inputShape = fc.array(size, { minLength: 1, maxLength: 3 });

/** Half of the models get an end that fits, so that not all fail there. */
function withEnd(spec: TargetSpec, hidden: readonly object[]): { model: object[]; loss: object } {
  const dense = (units: number, name: string) => ({ type: 'Dense', units, activation: name });
  const model = (last: object) => [...hidden, { type: 'Flatten' }, last];
  if (spec.kind === 'numbers')
    return { model: model(dense(spec.width, 'linear')), loss: { type: 'mse' } };
  if (spec.classes === 2) {
    return { model: model(dense(1, 'sigmoid')), loss: { type: 'binary_crossentropy' } };
  }
  const loss = { type: 'sparse_categorical_crossentropy', from_logits: hidden.length % 2 === 0 };
  return { model: model(dense(spec.classes, loss.from_logits ? 'linear' : 'softmax')), loss };
}

/** Builds the IR of a training step; the builder throws on anything that does not fit. */
function buildStep(model: Model, { training }: TrainConfig, spec: TargetSpec, rows: number): void {
  const b = new Builder();
  const buffers = model.tensors.map(({ name, shape }) => b.buffer(name, 'state', 'f32', shape));
  const tensors = Object.fromEntries(buffers.map((buffer) => [buffer.name, b.load(buffer)]));
  const x = b.load(b.buffer('x', 'data', 'f32', [rows, ...model.context.inputShape]));
  const y =
    spec.kind === 'classes'
      ? b.buffer('y', 'data', 'i32', [rows])
      : b.buffer('y', 'data', 'f32', [rows, spec.width]);
  const context = forwardContext(b, true, tensors);
  const batch = { output: model.forward(x, context), target: b.load(y), rows };
  assert.deepEqual(batch.output.value.type.shape, [rows, ...model.outputShape]);
  const value = createLoss(training.loss).build(b, batch);
  assert.deepEqual(value.type.shape, []);
  for (const config of training.metrics) {
    const metric = createMetric(config, { target: spec, loss: training.loss });
    assert.deepEqual(metric.build(b, batch).type.shape, [metric.width], metric.name);
  }
  const trained = model.tensors.filter(({ trainable }) => trainable).map(({ name }) => name);
  const slopes = gradients(
    b,
    value,
    trained.map((name) => tensors[name]!),
  );
  const updates = trained.map((name, i) => ({
    buffer: buffers.find((buffer) => buffer.name === name)!,
    gradient: slopes[i]!,
  }));
  const learningRate = b.constant(Number(training.optimizer.learning_rate));
  const step = b.constant(1, [], 'i32');
  const { stores } = createOptimizer(training.optimizer, training.conventions).build(b, updates, {
    learningRate,
    step,
  });
  b.program('step', [{ name: 'train', count: 1, stores }]);
}

describe('any list of layers', () => {
  it('gives diagnostics in the file or a model that can be trained', function () {
    this.timeout(60_000);
    let built = 0;
    const model = fc.array(layer, { minLength: 1, maxLength: 4 });
    const parts = fc.record({
      model,
      fits: fc.boolean(),
      target,
      loss,
      optimizer,
      conventions,
      inputShape,
      rows: size,
    });
    fc.assert(
      fc.property(parts, (part) => {
        const classes = part.target.kind === 'classes';
        const metrics = classes ? ['accuracy', 'f1', 'total'] : ['mae', 'rmse', 'r2'];
        const end = part.fits ? withEnd(part.target, part.model) : part;
        const text = JSON.stringify({
          task: classes ? 'classification' : 'regression',
          data: { format: 'csv', path: 'a.csv', features: [{ name: 'a' }], target: 'b' },
          model: end.model,
          training: {
            epochs: 1,
            loss: end.loss,
            optimizer: part.optimizer,
            conventions: part.conventions,
            metrics,
          },
        });
        const { config, document } = parseConfig(text, 'f.json');
        if (config === null) return;
        const { inputShape: shape, target: spec } = part;
        const result = buildModel({
          config,
          document,
          context: { inputShape: shape, target: spec },
        });
        for (const { start, message } of result.diagnostics) {
          assert.ok(start.line === 1 && start.column >= 1 && message !== '');
        }
        const failed = result.diagnostics.some(({ severity }) => severity === 'error');
        assert.equal(result.model === null, failed);
        if (result.model === null) return;
        built++;
        buildStep(result.model, config, spec, part.rows);
      }),
      { numRuns: 500, seed: 2 },
    );
    assert.ok(built > 100, `only ${built} models were built`);
  });
});
