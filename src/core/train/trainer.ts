/**
 * The training loop: epochs of train batches, validation batches and callbacks, in slices between which
 * requests are served. It knows nothing of files; results go to a Recorder. Every number it produces is a
 * function of config, data and state alone, never of slices or timing.
 */
import { say } from '../../shared/language.ts';
import type { EpochRecord } from '../../shared/protocol/core.ts';
import type { DirectAccess, Executable } from '../backends/backend.ts';
import { ratesOf } from '../optim/schedules.ts';
import { averagedWeights } from './averagedWeights.ts';
import { attendedRun } from './attendedRun.ts';
import {
  readBatches,
  runDirectly,
  RunningSums,
  valuesPerBatch,
  type BatchColumns,
  type EpochLoss,
  type Statistics,
} from './batchSums.ts';
import type { Callback, Effect } from './callbacks/callback.ts';
import type { Controls } from './controls.ts';
import { EpochInputs } from './epochInputs.ts';
import { epochLoops, remainingRanges, stepsOf, type EpochLoop } from './epochLoops.ts';
import type { EpochProgram } from './epochProgram.ts';
import type { EpochTask } from './epochTask.ts';
import type { Recorder } from './recorder.ts';
import { SliceClock, type Range } from './slices.ts';
import type { SnapshotMoment } from '../runs/snapshots.ts';
import type { TrainingState } from './trainingState.ts';
import { scoreOf, type Score } from './verdict.ts';
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
  /** Called at the end of every epoch; null when there is nothing to wait for. */
  readonly snapshot: (moment: SnapshotMoment) => Promise<void> | null;
}

export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'diverged'; readonly message: string };

const stopped: Outcome = { kind: 'stopped' };

interface Done {
  /** Milliseconds that went to requests. */
  readonly waited: number;
  /** Of each range. */
  readonly results: readonly BatchColumns[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #inputs: EpochInputs;
  readonly #clock = new SliceClock();
  readonly #loops: readonly EpochLoop[];
  /** Of an epoch, all loops together. */
  readonly #batches: number;
  readonly #stepsPerEpoch: number;
  readonly #metricNames: MetricNames;
  /** Changes in place: an epoch may take microseconds. */
  readonly #state: Mutable<Omit<TrainingState, 'sums'>>;
  /** Of the current epoch, as all of the state. */
  readonly #training: RunningSums;
  /** Of the current epoch; a resumed run validates from the first batch on. */
  readonly #validation: RunningSums;
  /** When the last slice or pause ended: read once a slice, because an epoch may take microseconds. */
  #now = performance.now();
  /** The last step of an epoch is done when the epoch is: who asked for one step gets its validation too. */
  #lastStepOwed = false;

  constructor(options: TrainerOptions, { sums, ...start }: TrainingState) {
    const { executable, task, program, seed, epochLoss } = options;
    this.#options = options;
    this.#inputs = new EpochInputs(executable, { program: program.program, task, seed });
    this.#loops = epochLoops(options);
    this.#batches = this.#loops.reduce((sum, { count }) => sum + count, 0);
    this.#stepsPerEpoch = stepsOf(program);
    const names = task.trainMetrics.map(({ name }) => name);
    this.#metricNames = { train: names, validation: names.map((name) => `val_${name}`) };
    this.#state = start;
    this.#training = new RunningSums(task.trainMetrics, epochLoss, sums);
    this.#validation = new RunningSums(task.validationMetrics, epochLoss);
  }

  /** A copy. */
  get state(): TrainingState {
    return { ...this.#state, sums: this.#training.sums };
  }

  get step(): number {
    return this.#state.step;
  }

  async train(): Promise<Outcome> {
    const { epochs, callbacks, controls, recorder, checkpoint, snapshot } = this.#options;
    while (this.#state.epoch < epochs && this.#state.stopReason === null) {
      this.#enterEpoch();
      const ended = await this.#trainEpoch();
      if (ended !== null) return ended;
      const record = this.#endEpoch();
      recorder.epoch(record);
      if (callbacks.length > 0) await this.#runCallbacks(record);
      const taken = snapshot(this.#state);
      if (taken !== null) await taken;
      if (this.#lastStepOwed) controls.used(1);
      this.#lastStepOwed = false;
      if (recorder.commitDue(this.#now, true)) await checkpoint(this.state);
    }
    const { optimizer } = this.#options.task;
    if (optimizer.averages && this.#state.step > 0) {
      this.#state.averaged = await averagedWeights(this.#options, this.#state);
    }
    return { kind: 'completed' };
  }

  #enterEpoch(): void {
    const { epoch, learningRate, step, batch } = this.#state;
    this.#validation.clear();
    this.#inputs.write({ epoch, learningRate, firstStep: step - batch });
  }

  /** The rest of the epoch; null when it is done. A stop while it validates leaves that to the resumed run. */
  async #trainEpoch(): Promise<Outcome | null> {
    const { controls, recorder, checkpoint, executable } = this.#options;
    const { direct } = executable;
    while (this.#batchesDone < this.#batches) {
      const allowed = controls.quiet ? Infinity : await this.#boundary();
      if (recorder.failure !== null) throw recorder.failure;
      if (allowed === 0) return stopped;
      const ranges = this.#clock.next(
        remainingRanges(this.#loops, { done: this.#batchesDone, steps: allowed }),
      );
      const begun = performance.now();
      const done = direct ? this.#runDirectly(direct, ranges) : await this.#runRanges(ranges);
      if (done === null) return stopped;
      const bad = this.#take(ranges, begun, done);
      if (bad !== null) return this.#diverged(bad);
      recorder.keepUp(this.#now);
      if (recorder.commitDue(this.#now, false)) await checkpoint(this.state);
      if (this.#clock.yieldDue(this.#now)) await this.#clock.yield();
    }
    return null;
  }

  /** What waits there, and a pause, is no time of the training. */
  async #boundary(): Promise<number> {
    const allowed = await this.#options.controls.boundary(this.#state.step);
    this.#now = performance.now();
    return allowed;
  }

  get #batchesDone(): number {
    return this.#state.batch + this.#validation.batches;
  }

  /** Takes what ranges gave that began then. Gives a loss that is not finite, or null. */
  #take(
    ranges: readonly Range<EpochLoop>[],
    begun: number,
    { waited, results }: Done,
  ): number | null {
    this.#now += waited;
    this.#addTime(begun + waited, ranges);
    for (let i = 0; i < ranges.length; i++) {
      const bad = this.#add(ranges[i]!.loop, results[i]!);
      if (bad !== null) return bad;
    }
    return null;
  }

  #runDirectly(direct: DirectAccess, ranges: readonly Range<EpochLoop>[]): Done {
    return { waited: 0, results: ranges.map((range) => runDirectly(direct, range)) };
  }

  /** Null when the training is to stop before the ranges are done. */
  async #runRanges(ranges: readonly Range<EpochLoop>[]): Promise<Done | null> {
    const { executable, controls } = this.#options;
    const [first] = ranges;
    let waited: number | null = 0;
    if (executable.hold !== undefined && first !== undefined && ranges.length === 1) {
      waited = await attendedRun(executable, first, { controls, step: this.#state.step });
      if (waited === null) return null;
    } else {
      for (const { loop, from, to } of ranges) await executable.run(loop.name, from, to);
    }
    return { waited, results: await readBatches(executable, ranges) };
  }

  /** The time of training is all that is no pause: slices, and what is done between them. */
  #addTime(begun: number, ranges: readonly Range<EpochLoop>[]): void {
    const before = this.#now;
    this.#now = performance.now();
    this.#clock.measured(ranges, this.#now - begun);
    const seconds = (this.#now - before) / 1000;
    this.#state.seconds += seconds;
    this.#state.epochSeconds += seconds;
  }

  /** Gives a loss that is not finite, or null. */
  #add(loop: EpochLoop, columns: BatchColumns): number | null {
    if (loop.split === 'validation') {
      this.#validation.add(columns, loop.rows);
      return null;
    }
    const { task, recorder, controls } = this.#options;
    const { loss } = columns;
    const bad = firstBad(loss);
    const steps = bad < 0 ? loss.length : bad + 1;
    task.trainMetrics.forEach((metric, m) =>
      valuesPerBatch(metric, { sums: columns.metrics[m]!, rows: loop.rows }, loop.values[m]!),
    );
    const { step, batch, seconds } = this.#state;
    const { schedule } = task.optimizer;
    const rates = schedule === null ? [] : [ratesOf(schedule, step, steps)];
    recorder.steps([loss, ...loop.values, ...rates], steps, seconds);
    this.#lastStepOwed = batch + steps === this.#stepsPerEpoch && controls.stepping;
    controls.used(this.#lastStepOwed ? steps - 1 : steps);
    this.#training.add(columns, loop.rows);
    this.#state.step += steps;
    this.#state.batch += steps;
    return bad < 0 ? null : loss[bad]!;
  }

  async #diverged(loss: number): Promise<Outcome> {
    const { executable, task } = this.#options;
    const first = firstNonFinite(await readTensors(executable, task.model.tensors));
    const { step, epoch } = this.#state;
    const message =
      first === undefined
        ? say`the loss became ${loss} at step ${step}, epoch ${epoch + 1}: try a smaller learning rate or normalise the features`
        : say`the loss became ${loss} at step ${step}, epoch ${epoch + 1}; the first bad tensor is ${first.name}: try a smaller learning rate or normalise the features`;
    return { kind: 'diverged', message };
  }

  #endEpoch(): EpochRecord {
    const { task, epochs } = this.#options;
    const state = this.#state;
    const { step, learningRate, epochSeconds } = state;
    const train = this.#training.finish();
    const validation = task.validationRows === 0 ? null : this.#validation.finish();
    const epoch = state.epoch + 1;
    state.epoch = epoch;
    state.batch = 0;
    state.epochSeconds = 0;
    state.score = this.#scoreOf(epoch, validation);
    this.#training.clear();
    return {
      epoch,
      epochs,
      loss: train.loss,
      ...(validation === null ? {} : { val_loss: validation.loss }),
      metrics: namedMetrics(this.#metricNames, train, validation),
      learning_rate: task.optimizer.schedule?.(step - 1) ?? learningRate,
      seconds: epochSeconds,
      step,
    };
  }

  #scoreOf(epoch: number, validation: Statistics | null): Score | null {
    const { model, validationRows: rows } = this.#options.task;
    const value = validation?.metrics.at(-1);
    return value === undefined ? null : scoreOf(model.context.target, { epoch, rows, value });
  }

  async #runCallbacks(record: EpochRecord): Promise<void> {
    const { callbacks } = this.#options;
    const states = [...this.#state.callbacks];
    for (const [index, callback] of callbacks.entries()) {
      const { state, effects } = callback.onEpochEnd(states[index]!, record);
      states[index] = state;
      for (const effect of effects) await this.#apply(effect, index);
    }
    this.#state.callbacks = states;
  }

  async #apply(effect: Effect, callback: number): Promise<void> {
    const { executable, task, recorder } = this.#options;
    const { step, score } = this.#state;
    switch (effect.kind) {
      case 'keepWeights': {
        const tensors = await readTensors(executable, task.model.tensors);
        this.#state.kept = new Map(this.#state.kept).set(callback, { step, score, tensors });
        return;
      }
      case 'stop':
        this.#state.stopReason = effect.reason;
        recorder.log('info', say`stopped early: ${effect.reason}`, step);
        return;
      case 'learningRate':
        this.#state.learningRate = effect.value;
        recorder.log('info', say`learning rate lowered to ${effect.value}`, step);
        return;
    }
  }
}

/** Index of the first value that is not finite, or -1. */
function firstBad(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

interface MetricNames {
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/** The last metric of the validation, beyond the names, is that of the verdict. */
function namedMetrics(
  names: MetricNames,
  train: Statistics,
  validation: Statistics | null,
): Record<string, number> {
  const named: Record<string, number> = {};
  names.train.forEach((name, m) => (named[name] = train.metrics[m]!));
  if (validation === null) return named;
  names.validation.forEach((name, m) => (named[name] = validation.metrics[m]!));
  return named;
}
