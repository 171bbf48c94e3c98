/** What an epoch program reads besides data and weights, written before each epoch. */
import { drawCount } from '../augment/augmentation.ts';
import { allRows, drawNumbers } from '../augment/draws.ts';
import type { Executable } from '../backends/backend.ts';
import type { Program } from '../ir/program.ts';
import { ratesOf } from '../optim/schedules.ts';
import type { EpochTask } from './epochTask.ts';
import { shuffledRows } from './shuffledRows.ts';

export interface EpochStart {
  /** From 0. */
  readonly epoch: number;
  /** For optimizers without a schedule. */
  readonly learningRate: number;
  /** Steps before the first batch of the epoch. */
  readonly firstStep: number;
}

const drawing = new WeakMap<Program, boolean>();

/** The program has an epoch only when a layer draws random numbers. Found once: an epoch may take microseconds. */
function drawsByEpoch(program: Program): boolean {
  const known = drawing.get(program);
  if (known !== undefined) return known;
  const draws = program.buffers.some(({ name }) => name === 'epoch');
  drawing.set(program, draws);
  return draws;
}

export function writeEpochInputs(
  executable: Executable,
  {
    program,
    task,
    seed,
  }: { readonly program: Program; readonly task: EpochTask; readonly seed: number },
  { epoch, learningRate, firstStep }: EpochStart,
): void {
  const { optimizer, trainingRows, batchSize } = task;
  if (drawsByEpoch(program)) {
    executable.write('epoch', Int32Array.of(epoch));
  }
  const { schedule } = optimizer;
  if (schedule === null) {
    executable.write('learning_rate', Float32Array.of(learningRate));
  } else {
    const length = Math.ceil(trainingRows / batchSize);
    executable.write('learning_rates', ratesOf(schedule, firstStep, length));
  }
  const count = drawCount(task.model.context.augmented?.augmentation ?? []);
  if (count > 0) {
    executable.write('draws', drawNumbers(allRows(trainingRows), { seed, epoch, count }));
  }
  if (task.shuffle) executable.write('order', shuffledRows(trainingRows, { seed, epoch }));
}
