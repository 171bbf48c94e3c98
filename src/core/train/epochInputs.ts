/** What an epoch program reads besides data and weights, written before each epoch. */
import { drawCount } from '../augment/augmentation.ts';
import { allRows, drawNumbers } from '../augment/draws.ts';
import type { Executable } from '../backends/backend.ts';
import type { Program } from '../ir/program.ts';
import { ratesOf } from '../optim/schedules.ts';
import type { EpochTask } from './epochTask.ts';
import { shuffleRows } from './shuffledRows.ts';

export interface EpochStart {
  /** From 0. */
  readonly epoch: number;
  /** For optimizers without a schedule. */
  readonly learningRate: number;
  /** Steps before the first batch of the epoch. */
  readonly firstStep: number;
}

export class EpochInputs {
  readonly #executable: Executable;
  readonly #task: EpochTask;
  readonly #seed: number;
  /** The program has an epoch only when a layer draws random numbers. */
  readonly #hasEpoch: boolean;
  /** Random numbers that a row of augmented images takes. */
  readonly #draws: number;
  /** Of the rows, where they are shuffled; one array for all epochs. */
  readonly #order: Int32Array | null;
  #learningRate = NaN;

  constructor(executable: Executable, { program, task, seed }: EpochProgramTask) {
    this.#executable = executable;
    this.#task = task;
    this.#seed = seed;
    this.#hasEpoch = program.buffers.some(({ name }) => name === 'epoch');
    this.#order = task.shuffle ? new Int32Array(task.trainingRows) : null;
    this.#draws = drawCount(task.model.context.augmented?.augmentation ?? []);
  }

  write({ epoch, learningRate, firstStep }: EpochStart): void {
    const { optimizer, trainingRows: rows, batchSize } = this.#task;
    const executable = this.#executable;
    if (this.#hasEpoch) executable.write('epoch', Int32Array.of(epoch));
    const { schedule } = optimizer;
    if (schedule === null) this.#writeRate(learningRate);
    else {
      const rates = ratesOf(schedule, firstStep, Math.ceil(rows / batchSize));
      executable.write('learning_rates', rates);
    }
    const [seed, count] = [this.#seed, this.#draws];
    if (count > 0) executable.write('draws', drawNumbers(allRows(rows), { seed, epoch, count }));
    if (this.#order === null) return;
    shuffleRows(this.#order, { seed, epoch });
    executable.write('order', this.#order);
  }

  /** No program changes it. */
  #writeRate(rate: number): void {
    if (rate === this.#learningRate) return;
    this.#executable.write('learning_rate', Float32Array.of(rate));
    this.#learningRate = rate;
  }
}

interface EpochProgramTask {
  readonly program: Program;
  readonly task: EpochTask;
  readonly seed: number;
}
