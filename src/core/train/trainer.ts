/**
 * The training loop: epochs of train batches, validation batches and callbacks, in slices between which
 * requests are served. It knows nothing of files; results go to a Recorder. Every number it produces is a
 * function of config, data and state alone, never of slices or timing.
 */
import type { EpochRecord } from '../../shared/protocol/core.ts';
import type { Executable } from '../backends/backend.ts';
import { seededPermutation, streamOf } from '../random/threefry.ts';
import type { BatchLoop } from './batchLoops.ts';
import {
  addBatches,
  finishSums,
  noSums,
  readBatches,
  valuesPerBatch,
  type BatchColumns,
  type EpochLoss,
  type Statistics,
} from './batchSums.ts';
import type { Callback, Effect } from './callbacks/callback.ts';
import type { Controls } from './controls.ts';
import type { EpochProgram, EpochTask } from './epochProgram.ts';
import type { Recorder } from './recorder.ts';
import { SliceClock } from './slices.ts';
import type { TrainingState } from './trainingState.ts';
import { scoreOf } from './verdict.ts';
import { firstNonFinite, readTensors } from './weights.ts';

export interface TrainerOptions {
  readonly executable: Executable;
  readonly task: EpochTask;
  readonly program: EpochProgram;
  readonly callbacks: readonly Callback[];
  readonly controls: Controls;
  readonly recorder: Recorder;
  readonly epochs: number;
  readonly seed: number;
  readonly epochLoss: EpochLoss;
  /** Called when a checkpoint is due: at the end of an epoch, or within a long one. */
  readonly checkpoint: (state: TrainingState) => Promise<void>;
}

export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'diverged'; readonly message: string };

const stopped: Outcome = { kind: 'stopped' };

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #clock = new SliceClock();
  /** The program has an epoch only when a layer draws random numbers. */
  readonly #drawsNumbers: boolean;
  #state: TrainingState;

  constructor(options: TrainerOptions, start: TrainingState) {
    this.#options = options;
    const { buffers } = options.program.program;
    this.#drawsNumbers = buffers.some(({ name }) => name === 'epoch');
    this.#state = start;
  }

  get state(): TrainingState {
    return this.#state;
  }

  async train(): Promise<Outcome> {
    const { epochs } = this.#options;
    while (this.#state.epoch < epochs && this.#state.stopReason === null) {
      this.#enterEpoch();
      const ended = (await this.#trainBatches()) ?? (await this.#endEpoch());
      if (ended !== null) return ended;
    }
    return { kind: 'completed' };
  }

  #enterEpoch(): void {
    const { executable, task, seed } = this.#options;
    const { epoch, learningRate } = this.#state;
    if (this.#drawsNumbers) executable.write('epoch', Int32Array.of(epoch));
    executable.write('learning_rate', Float32Array.of(learningRate));
    if (!task.shuffle) return;
    const order = seededPermutation(
      { seed, stream: streamOf('shuffle'), epoch },
      task.trainingRows,
    );
    executable.write('order', Int32Array.from(order));
  }

  /** The rest of the epoch's train batches; null when they are done. */
  async #trainBatches(): Promise<Outcome | null> {
    const { controls, program, task, recorder } = this.#options;
    for (const loop of program.train) {
      for (;;) {
        const from = this.#state.batch - loop.firstBatch;
        if (from >= loop.count) break;
        const allowed = await controls.boundary(this.#state.step);
        if (recorder.failure !== null) throw recorder.failure;
        if (allowed === 0) return stopped;
        const to = Math.min(loop.count, from + Math.min(allowed, this.#clock.next(loop.name)));
        const columns = await this.#slice(loop, task.trainMetrics, [from, to]);
        controls.used(to - from);
        const diverged = await this.#addSteps(loop, columns);
        if (diverged !== null) return diverged;
        if (recorder.commitDue(false)) await this.#options.checkpoint(this.#state);
        await this.#clock.yieldIfDue();
      }
    }
    return null;
  }

  async #slice(
    loop: BatchLoop,
    metrics: EpochTask['trainMetrics'],
    [from, to]: readonly [number, number],
  ): Promise<BatchColumns> {
    const { executable } = this.#options;
    const begun = performance.now();
    await executable.run(loop.name, from, to);
    const columns = await readBatches(executable, loop, metrics, [from, to]);
    const milliseconds = performance.now() - begun;
    this.#clock.measured(loop.name, to - from, milliseconds);
    const seconds = milliseconds / 1000;
    this.#update({
      seconds: this.#state.seconds + seconds,
      epochSeconds: this.#state.epochSeconds + seconds,
    });
    return columns;
  }

  async #addSteps(loop: BatchLoop, columns: BatchColumns): Promise<Outcome | null> {
    const { task, recorder, epochLoss } = this.#options;
    const bad = columns.loss.findIndex((loss) => !Number.isFinite(loss));
    const steps = bad < 0 ? columns.loss.length : bad + 1;
    const series = task.trainMetrics.map(({ name }, m) => {
      const values = valuesPerBatch(task.trainMetrics[m]!, columns.metrics[m]!, loop.rows);
      return [name, values.subarray(0, steps)] as const;
    });
    recorder.steps({ loss: columns.loss.subarray(0, steps), ...Object.fromEntries(series) });
    this.#update({
      step: this.#state.step + steps,
      batch: this.#state.batch + steps,
      sums: addBatches(this.#state.sums, columns, loop.rows, epochLoss),
    });
    return bad < 0 ? null : this.#diverged(columns.loss[bad]!);
  }

  async #diverged(loss: number): Promise<Outcome> {
    const { executable, task } = this.#options;
    const first = firstNonFinite(await readTensors(executable, task.model.tensors));
    const where = first === undefined ? '' : `; the first bad tensor is ${first.name}`;
    const at = `step ${this.#state.step}, epoch ${this.#state.epoch + 1}`;
    const message = `the loss became ${loss} at ${at}${where}: try a smaller learning rate or normalise the features`;
    return { kind: 'diverged', message };
  }

  /** Validation, record, callbacks; null when the training goes on. */
  async #endEpoch(): Promise<Outcome | null> {
    const { task, program, recorder, epochLoss, epochs } = this.#options;
    const validation = program.validation.length === 0 ? null : await this.#validate();
    if (validation === 'stopped') return stopped;
    const train = finishSums(this.#state.sums, task.trainMetrics, epochLoss);
    const { step, learningRate, epochSeconds } = this.#state;
    const epoch = this.#state.epoch + 1;
    const record: EpochRecord = {
      epoch,
      epochs,
      loss: train.loss,
      ...(validation === null ? {} : { val_loss: validation.loss }),
      metrics: this.#namedMetrics(train, validation),
      learning_rate: learningRate,
      seconds: epochSeconds,
      step,
    };
    const value = validation?.metrics.at(-1);
    const rows = task.validationRows;
    const score =
      value === undefined ? null : scoreOf(task.model.context.target, { epoch, rows, value });
    this.#update({ epoch, batch: 0, sums: noSums(task.trainMetrics), epochSeconds: 0, score });
    recorder.epoch(record);
    await this.#runCallbacks(record);
    if (recorder.commitDue(true)) await this.#options.checkpoint(this.#state);
    return null;
  }

  #namedMetrics(train: Statistics, validation: Statistics | null): Record<string, number> {
    const { trainMetrics } = this.#options.task;
    const named = (prefix: string, { metrics }: Statistics) =>
      trainMetrics.map(({ name }, m) => [prefix + name, metrics[m]!] as const);
    return Object.fromEntries([
      ...named('', train),
      ...(validation === null ? [] : named('val_', validation)),
    ]);
  }

  /** All validation batches; a request to stop leaves them for the resumed run. */
  async #validate(): Promise<Statistics | 'stopped'> {
    const { controls, program, task, epochLoss } = this.#options;
    const metrics = task.validationMetrics;
    let sums = noSums(metrics);
    for (const loop of program.validation) {
      for (let from = 0, to = 0; from < loop.count; from = to) {
        if ((await controls.boundary(this.#state.step)) === 0) return 'stopped';
        to = Math.min(loop.count, from + this.#clock.next(loop.name));
        const columns = await this.#slice(loop, metrics, [from, to]);
        sums = addBatches(sums, columns, loop.rows, epochLoss);
        await this.#clock.yieldIfDue();
      }
    }
    return finishSums(sums, metrics, epochLoss);
  }

  async #runCallbacks(record: EpochRecord): Promise<void> {
    const states = [...this.#state.callbacks];
    for (const [index, callback] of this.#options.callbacks.entries()) {
      const { state, effects } = callback.onEpochEnd(states[index]!, record);
      states[index] = state;
      for (const effect of effects) await this.#apply(effect, index);
    }
    this.#update({ callbacks: states });
  }

  async #apply(effect: Effect, callback: number): Promise<void> {
    const { executable, task, recorder } = this.#options;
    const { step, score } = this.#state;
    switch (effect.kind) {
      case 'keepWeights': {
        const tensors = await readTensors(executable, task.model.tensors);
        const kept = new Map(this.#state.kept).set(callback, { step, score, tensors });
        this.#update({ kept });
        return;
      }
      case 'stop':
        this.#update({ stopReason: effect.reason });
        recorder.log('info', `stopped early: ${effect.reason}`, step);
        return;
      case 'learningRate':
        this.#update({ learningRate: effect.value });
        recorder.log('info', `learning rate lowered to ${effect.value}`, step);
        return;
    }
  }

  #update(change: Partial<TrainingState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
