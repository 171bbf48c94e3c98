/**
 * The program of benchmark W1 (the penguins step) with made-up rows: an MLP 5-10-10-3, relu, softmax cross-entropy,
 * Adam, batches of 20 with a last one of 17, evaluation on 411 rows with a last batch of 11.
 */
import type { Executable } from '../../src/core/backends/backend.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import type { ModelContext } from '../../src/core/graph/model.ts';
import { createLoss } from '../../src/core/optim/losses.ts';
import { createMetric } from '../../src/core/optim/metrics.ts';
import { createOptimizer } from '../../src/core/optim/optimizers.ts';
import { buildEpochProgram, type EpochProgram } from '../../src/core/train/epochProgram.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';

const text = `
version: 1
name: w1
task: classification
data: { path: none.csv, features: [{ name: a }], target: y }
model:
  - { type: Dense, name: fc1, units: 10, activation: relu }
  - { type: Dense, name: fc2, units: 10, activation: relu }
  - { type: Dense, name: fc3, units: 3, activation: softmax }
training:
  epochs: 100
  batch_size: 20
  shuffle: false
  conventions: pytorch
  optimizer: { type: Adam, learning_rate: 0.001 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
`;

export const w1Rows = { train: 957, validation: 411 } as const;

export function w1Program(): EpochProgram {
  const { config, document, diagnostics } = parseConfig(text, 'w1.train.yaml');
  if (config === null) throw new Error(JSON.stringify(diagnostics));
  const target = { kind: 'classes', classes: 3, names: ['a', 'b', 'c'] } as const;
  const context: ModelContext = { inputShape: [5], target };
  const { model } = buildModel({ config, document, context });
  if (model === null) throw new Error('the W1 model has errors');
  const { training } = config;
  const metrics = training.metrics.map((m) => createMetric(m, { target, loss: training.loss }));
  return buildEpochProgram({
    model,
    loss: createLoss(training.loss),
    trainMetrics: metrics,
    validationMetrics: metrics,
    optimizer: createOptimizer(training.optimizer, training.conventions),
    batchSize: training.batch_size,
    shuffle: false,
    trainingRows: w1Rows.train,
    validationRows: w1Rows.validation,
  });
}

/** Rows that a small net can learn, and weights of the usual size; the same each time. */
export function fillW1(executable: Pick<Executable, 'write'>): void {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  for (const [split, rows] of Object.entries(w1Rows)) {
    const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
    const x = Float32Array.from({ length: rows * 5 }, (_, i) => {
      const k = i % 5;
      const c = y[Math.floor(i / 5)]!;
      return random() * 0.6 + (c === k ? 0.5 : 0) + (c === 2 && k === 3 ? 0.4 : 0);
    });
    executable.write(`data/${split}/x`, x);
    executable.write(`data/${split}/y`, y);
  }
  for (const [layer, inputs, units] of [
    ['fc1', 5, 10],
    ['fc2', 10, 10],
    ['fc3', 10, 3],
  ] as const) {
    const uniform = (): number => (random() * 2 - 1) / Math.sqrt(inputs);
    executable.write(`${layer}/kernel`, Float32Array.from({ length: inputs * units }, uniform));
    executable.write(`${layer}/bias`, Float32Array.from({ length: units }, uniform));
  }
  executable.write('learning_rate', Float32Array.of(1e-3));
}

export async function runW1Epoch(
  executable: Executable,
  { train, validation }: EpochProgram,
): Promise<void> {
  for (const { name, count } of [...train, ...validation]) await executable.run(name, 0, count);
}
