/**
 * The labs' nets over images (engine W2 and W3) as programs that follow PyTorch's traces (test/fixtures/pytorch): the
 * same weights, data and dropout masks. `w2 reduced` and `w3 reduced` are twins of an eighth of the width.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Backend } from '../../src/core/backends/backend.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import { batchLoops } from '../../src/core/train/batchLoops.ts';
import { buildTrainLoop } from '../../src/core/train/epochProgram.ts';
import { createTask } from '../../src/core/train/epochTask.ts';
import { targetValues } from '../../src/core/train/targets.ts';
import { buildTrainingStep } from '../../src/core/train/trainingStep.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';
import { assertClose } from './close.ts';

export interface Trace {
  readonly batch: number;
  readonly steps: number;
  readonly float32: readonly number[];
  readonly float64: {
    readonly losses: readonly number[];
    /** By parameter: norm, and the sum along a direction. */
    readonly gradients: Readonly<Record<string, readonly [number, number]>>;
  };
}

/** By name of the net. */
export const storedTraces = JSON.parse(
  readFileSync(new URL('../fixtures/pytorch/image_traces.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Trace>>;

/** As in the script. */
const batches = 5;
function numbers(count: number, phase: number): number[] {
  const value = (i: number) => ((i * i * 31 + i * 7919 + phase * 104729) % 10007) / 10007;
  return Array.from({ length: count }, (_, i) => value(i));
}

type Width = (count: number) => number;
const full: Width = (count) => count;
const eighth: Width = (count) => Math.max(1, Math.floor(count / 8));

const conv = (name: string, filters: number, size: number, more = ''): string =>
  `{type: Conv2D, name: ${name}, filters: ${filters}, kernel_size: ${size}, activation: relu${more}}`;
const dense = (name: string, units: number, activation = 'relu'): string =>
  `{type: Dense, name: ${name}, units: ${units}, activation: ${activation}}`;

const nets = {
  w2: (width: Width) => ({
    layers: [
      conv('conv1', width(6), 5),
      'MaxPooling2D',
      conv('conv2', width(16), 5),
      'MaxPooling2D',
      'Flatten',
      dense('fc1', width(120)),
      dense('fc2', width(84)),
      dense('fc3', 10, 'softmax'),
    ],
    optimizer: '{type: SGD, learning_rate: 0.001, momentum: 0.9}',
  }),
  w3: (width: Width) => ({
    layers: [
      conv('conv1', width(32), 3, ', padding: same'),
      conv('conv2', width(32), 3),
      'MaxPooling2D',
      '{type: Dropout, rate: 0.25}',
      conv('conv3', width(64), 3, ', padding: same'),
      conv('conv4', width(64), 3),
      'MaxPooling2D',
      '{type: Dropout, rate: 0.25}',
      'Flatten',
      dense('fc1', width(512)),
      '{type: Dropout, rate: 0.5}',
      dense('fc2', 10, 'softmax'),
    ],
    optimizer: '{type: RMSprop, learning_rate: 0.0001, rho: 0.9, epsilon: 1.0e-7}',
  }),
};

export type TracedNet = 'w2' | 'w3' | 'w2 reduced' | 'w3 reduced';

type Net = ReturnType<(typeof nets)['w2']>;

function taskOf({ layers, optimizer }: Net, batch: number) {
  const text = `task: classification
data: {path: a.csv, features: [a], target: b}
model: [${layers.join(', ')}]
training: {epochs: 1, batch_size: ${batch}, shuffle: false, conventions: pytorch, optimizer: ${optimizer}, loss: sparse_categorical_crossentropy}
`;
  const { config, document } = parseConfig(text, 'f');
  const target = { kind: 'classes', classes: 10, names: [] } as const;
  const context = { inputShape: [32, 32, 3], target };
  const { model } = buildModel({ config: config!, document, context });
  const rows = { trainingRows: batch * batches, validationRows: 0, typicalTarget: [0] };
  return createTask(config!, model!, rows);
}

/** Loop `train`, and `first`: the gradients of the first batch. */
async function compile(backend: Backend, net: Net, batch: number) {
  const task = taskOf(net, batch);
  const b = new Builder();
  const [loop] = batchLoops('train', batch * batches, batch);
  const { updates } = buildTrainingStep(b, task, loop!);
  const gradients = updates.map(({ buffer, gradient }) =>
    b.assign(b.buffer(`gradient/${buffer.name}`, 'state', 'f32', buffer.type.shape), gradient),
  );
  const first = { name: 'first', count: 1, stores: gradients };
  const program = b.program('trace', [first, buildTrainLoop(b, task, loop!)]);
  const executable = await backend.compile(program);
  const rows = batch * batches;
  executable.write('data/train/x', Float32Array.from(numbers(rows * 32 * 32 * 3, 0)));
  const labels = Int32Array.from({ length: rows }, (_, i) => (7 * i + Math.floor(i / 3)) % 10);
  executable.write('data/train/y', targetValues(task.model.context.target, labels));
  task.model.tensors.forEach(({ name, shape }, i) => {
    const count = shape.reduce((a, c) => a * c, 1);
    const bound = boundOf(task.model.tensors, name);
    executable.write(
      name,
      Float32Array.from(numbers(count, i + 1), (u) => (2 * u - 1) * bound),
    );
  });
  executable.write('learning_rate', Float32Array.of(task.optimizer.learningRate));
  const draws = program.buffers.some(({ name }) => name === 'epoch');
  return { executable, names: updates.map(({ buffer }) => buffer.name), draws };
}

/** 1 / sqrt(inputs of a unit), of the kernel of the same layer. */
function boundOf(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  name: string,
): number {
  const kernel = tensors.find((t) => t.name === name.replace(/bias$/, 'kernel'))!;
  return 1 / Math.sqrt(kernel.shape.slice(0, -1).reduce((a, c) => a * c, 1));
}

function netOf(name: TracedNet): Net {
  const build = name.startsWith('w2') ? nets.w2 : nets.w3;
  return build(name.endsWith('reduced') ? eighth : full);
}

/** Losses of all steps and gradients of the first on a backend. */
export async function followTrace(backend: Backend, name: TracedNet) {
  const net = netOf(name);
  const { batch, steps } = storedTraces[name]!;
  const { executable, names, draws } = await compile(backend, net, batch);
  const prepare = (epoch: number) => draws && executable.write('epoch', Int32Array.of(epoch));
  prepare(0);
  await executable.run('first', 0, 1);
  const gradients: Record<string, [number, number]> = {};
  for (const name of names) {
    const values = await executable.read(`gradient/${name}`);
    const way = numbers(values.length, 99);
    const along = way.reduce((sum, u, i) => sum + (2 * u - 1) * values[i]!, 0);
    gradients[name] = [norm(values), along];
  }
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const at = step % batches;
    if (at === 0) prepare(step / batches);
    await executable.run('train', at, at + 1);
    losses.push(Number((await executable.read('train/loss', at, 1))[0]));
  }
  executable.destroy();
  return { losses, gradients };
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

export function largestError(actual: readonly number[], exact: readonly number[]): number {
  return Math.max(...actual.map((value, i) => Math.abs(value - exact[i]!) / Math.abs(exact[i]!)));
}

export function checkGradients(
  actual: Readonly<Record<string, readonly [number, number]>>,
  { gradients }: Trace['float64'],
  relative: number,
): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(gradients).sort());
  for (const [name, [size, along]] of Object.entries(gradients)) {
    assertClose([actual[name]![0]], [size], { relative });
    // Of a direction without pattern: to be measured by the norm, because terms cancel.
    assertClose([actual[name]![1]], [along], { relative, absolute: relative * size });
  }
}
