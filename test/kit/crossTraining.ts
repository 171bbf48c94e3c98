/**
 * Trainings of the samples on made-up data, to compare backends: the same seed, rows, shuffles and augmentation. `twin`s
 * have an eighth of the width and batches of 4.
 */
import { readFileSync } from 'node:fs';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createAugmentation } from '../../src/core/augment/augmentation.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import type { Model, ModelContext } from '../../src/core/graph/model.ts';
import { EpochInputs } from '../../src/core/train/epochInputs.ts';
import { buildEpochProgram } from '../../src/core/train/epochProgram.ts';
import { createTask, type EpochTask } from '../../src/core/train/epochTask.ts';
import { initialTensors, writeTensors } from '../../src/core/train/weights.ts';
import { isTable } from '../../src/shared/model/data.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';
import type { TrainConfig } from '../../src/shared/model/trainConfig.ts';
import { elementCount } from '../../src/shared/tensor/tensorType.ts';
import { sampleShapes } from './samplePrograms.ts';

export interface CrossOptions {
  /** Of `sampleShapes`. */
  readonly sample: string;
  readonly batchSize: number;
  /** An eighth of the width. */
  readonly reduced: boolean;
  /** Of two epochs. */
  readonly stepsPerEpoch?: number;
  /** Changes the text of the config. */
  readonly edit?: (yaml: string) => string;
}

const epochs = 2;

export interface CrossTraining {
  readonly config: TrainConfig;
  readonly model: Model;
  readonly task: EpochTask;
}

export function crossTraining({
  sample,
  batchSize,
  reduced,
  stepsPerEpoch = 10,
  edit,
}: CrossOptions): CrossTraining {
  const { context } = sampleShapes[sample]!;
  const text = readFileSync(`samples/${sample}`, 'utf8');
  const sized = (reduced ? eighth(text) : text).replace(
    /batch_size: \d+/,
    `batch_size: ${batchSize}`,
  );
  const { config, document, diagnostics } = parseConfig(edit?.(sized) ?? sized, sample);
  if (config === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const whole = withAugmentation(config, context);
  const { model } = buildModel({ config, document, context: whole });
  const rows = batchSize * stepsPerEpoch;
  const task = createTask(config, model!, {
    trainingRows: rows,
    validationRows: 0,
    typicalTarget: [0],
  });
  return { config, model: model!, task };
}

/** Of all layers but the last, whose units are the classes. */
function eighth(text: string): string {
  const last = text.lastIndexOf('units:');
  return text.replace(/(filters|units): (\d+)/g, (all, key: string, width: string, at: number) =>
    at === last ? all : `${key}: ${Math.max(1, Math.floor(Number(width) / 8))}`,
  );
}

function withAugmentation({ data }: TrainConfig, context: ModelContext): ModelContext {
  if (isTable(data)) return context;
  const shape = context.inputShape;
  return {
    ...context,
    augmented: { shape, augmentation: createAugmentation(data.augmentation, shape) },
  };
}

/** The loss of each step, and the weights after the last. */
export async function crossTrain(
  backend: Backend,
  { config, model, task }: CrossTraining,
): Promise<{ readonly losses: number[]; readonly weights: ArrayLike<number>[] }> {
  const { program, train } = buildEpochProgram(task);
  const executable = await backend.compile(program);
  const declared = new Set(program.buffers.map(({ name }) => name));
  for (const { name, type, role } of program.buffers) {
    if (role === 'data') executable.write(name, madeUp(name, type));
  }
  writeTensors(executable, initialTensors(model, config.seed));
  if (declared.has('seed')) executable.write('seed', Int32Array.of(7));
  const inputs = new EpochInputs(executable, { program, task, seed: 7 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { learningRate } = task.optimizer;
    const firstStep = (epoch * task.trainingRows) / task.batchSize;
    const start = { epoch, learningRate, firstStep };
    inputs.write(start);
    for (const { name, count } of train) {
      await executable.run(name, 0, count);
      losses.push(...(await executable.read(`${name}/loss`)));
    }
  }
  const weights = await Promise.all(model.tensors.map(({ name }) => executable.read(name)));
  executable.destroy();
  backend.destroy();
  return { losses, weights };
}

/** Labels of ten or three classes; pixels and measurements that differ from row to row. */
function madeUp(
  name: string,
  { dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] },
): Float32Array | Uint8Array {
  const numbers = Array.from({ length: elementCount(shape) }, (_, i) => noise(i));
  if (name.endsWith('/y')) return Uint8Array.from(numbers, (value) => 3 * value);
  if (dtype === 'u8') return Uint8Array.from(numbers, (value) => 256 * value);
  return Float32Array.from(numbers);
}

/** In [0, 1): fixed for an index. */
function noise(i: number): number {
  const mixed = Math.imul(i ^ (i >>> 7), 0x9e3779b1);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
