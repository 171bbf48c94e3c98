/**
 * The training loop: epochs of train batches, validation batches and callbacks, in slices between which
 * requests are served. It knows nothing of files; results go to a Recorder. Every number it produces is a
 * function of config, data and state alone, never of slices or timing.
 */
import { say } from '../../shared/language.ts';
import type { EpochRecord } from '../../shared/protocol/core.ts';
import type { Executable } from '../backends/backend.ts';
import { ratesOf } from '../optim/schedules.ts';
import { averagedWeights } from './averagedWeights.ts';
import { attendedRun } from './attendedRun.ts';
import type { BatchLoop } from './batchLoops.ts';
import {
  addBatches,
  columnViews,
  finishSums,
  loopColumns,
  noSums,
  readBatches,
  runDirectly,
  valuesPerBatch,
  type BatchColumns,
  type BatchSums,
  type DirectLoop,
  type EpochLoss,
  type Statistics,
} from './batchSums.ts';
import type { Callback, Effect } from './callbacks/callback.ts';
import type { Controls } from './controls.ts';
import { writeEpochInputs } from './epochInputs.ts';
import type { EpochProgram } from './epochProgram.ts';
import type { EpochTask } from './epochTask.ts';
import type { Recorder } from './recorder.ts';
import { SliceClock, type Range } from './slices.ts';
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
  /** Called at the end of every epoch. */
  readonly snapshot: (state: TrainingState) => Promise<void>;
}

export type Outcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'diverged'; readonly message: string };

const stopped: Outcome = { kind: 'stopped' };

/** A loop of the epoch and how its results are read. */
interface EpochLoop extends BatchLoop, DirectLoop {
  readonly split: 'train' | 'validation';
  /** Batches of the epoch before it. */
  readonly begins: number;
}

interface Done {
  /** Milliseconds that went to requests. */
  readonly waited: number;
  /** Of each range. */
  readonly results: readonly BatchColumns[];
}

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #clock = new SliceClock();
  readonly #loops: readonly EpochLoop[];
  /** Of an epoch, all loops together. */
  readonly #batches: number;
  readonly #stepsPerEpoch: number;
  readonly #metricNames: MetricNames;
  #state: TrainingState;
  /** When the last slice or pause ended: read once a slice, because an epoch may take microseconds. */
  #now = performance.now();
  /** The last step of an epoch is done when the epoch is: who asked for one step gets its validation too. */
  #lastStepOwed = false;
  /** Of the current epoch; a resumed run validates from the first batch on. */
  #validation: BatchSums;

  constructor(options: TrainerOptions, start: TrainingState) {
    const { task, program } = options;
    this.#options = options;
    this.#loops = epochLoops(options);
    this.#batches = this.#loops.reduce((sum, { count }) => sum + count, 0);
    this.#stepsPerEpoch = stepsOf(program);
    const names = task.trainMetrics.map(({ name }) => name);
    this.#metricNames = { train: names, validation: names.map((name) => `val_${name}`) };
    this.#state = start;
    this.#validation = noSums(task.validationMetrics);
  }

  get state(): TrainingState {
    return this.#state;
  }

  async train(): Promise<Outcome> {
    const { epochs, controls, recorder, checkpoint, snapshot } = this.#options;
    while (this.#state.epoch < epochs && this.#state.stopReason === null) {
      this.#enterEpoch();
      const ended = await this.#trainEpoch();
      if (ended !== null) return ended;
      const record = this.#endEpoch();
      recorder.epoch(record);
      await this.#runCallbacks(record);
      await snapshot(this.#state);
      if (this.#lastStepOwed) controls.used(1);
      this.#lastStepOwed = false;
      if (recorder.commitDue(this.#now, true)) await checkpoint(this.#state);
    }
    const { optimizer } = this.#options.task;
    if (optimizer.averages && this.#state.step > 0) {
      this.#update({ averaged: await averagedWeights(this.#options, this.#state) });
    }
    return { kind: 'completed' };
  }

  #enterEpoch(): void {
    const { executable, task, seed, program } = this.#options;
    const { epoch, learningRate, step, batch } = this.#state;
    this.#validation = noSums(task.validationMetrics);
    const start = { epoch, learningRate, firstStep: step - batch };
    writeEpochInputs(executable, { program: program.program, task, seed }, start);
  }

  /** The rest of the epoch; null when it is done. A stop while it validates leaves that to the resumed run. */
  async #trainEpoch(): Promise<Outcome | null> {
    const { controls, recorder, checkpoint } = this.#options;
    while (this.#batchesDone < this.#batches) {
      const allowed = controls.quiet ? Infinity : await this.#boundary();
      if (recorder.failure !== null) throw recorder.failure;
      if (allowed === 0) return stopped;
      const ended = await this.#slice(this.#clock.next(this.#remaining(allowed)));
      if (ended !== null) return ended;
      recorder.keepUp(this.#now);
      if (recorder.commitDue(this.#now, false)) await checkpoint(this.#state);
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

  /** What the epoch still has to do, with at most so many steps. */
  #remaining(steps: number): Range<EpochLoop>[] {
    const done = this.#batchesDone;
    const ranges: Range<EpochLoop>[] = [];
    let left = steps;
    for (const loop of this.#loops) {
      const from = Math.max(0, done - loop.begins);
      if (from >= loop.count) continue;
      if (loop.split === 'train') {
        const to = Math.min(loop.count, from + left);
        ranges.push({ loop, from, to });
        left -= to - from;
        if (to < loop.count) break;
      } else {
        ranges.push({ loop, from, to: loop.count });
      }
    }
    return ranges;
  }

  /** Gives how the training ended, or null. */
  async #slice(ranges: readonly Range<EpochLoop>[]): Promise<Outcome | null> {
    const { direct } = this.#options.executable;
    const begun = performance.now();
    const done =
      direct === undefined
        ? await this.#runRanges(ranges)
        : { waited: 0, results: runDirectly(direct, ranges) };
    if (done === null) return stopped;
    const { waited, results } = done;
    this.#now += waited;
    this.#addTime(begun + waited, ranges);
    for (let i = 0; i < ranges.length; i++) {
      const diverged = this.#add(ranges[i]!.loop, results[i]!);
      if (diverged !== null) return this.#diverged(diverged);
    }
    return null;
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
    const { epochSeconds } = this.#state;
    this.#update({
      seconds: this.#state.seconds + seconds,
      epochSeconds: epochSeconds + seconds,
    });
  }

  #add(loop: EpochLoop, columns: BatchColumns): number | null {
    const { task, recorder, controls, epochLoss } = this.#options;
    if (loop.split === 'validation') {
      this.#validation = addBatches(this.#validation, columns, loop.rows, epochLoss);
      return null;
    }
    const bad = columns.loss.findIndex((loss) => !Number.isFinite(loss));
    const steps = bad < 0 ? columns.loss.length : bad + 1;
    const metrics = task.trainMetrics.map((metric, m) =>
      valuesPerBatch(metric, columns.metrics[m]!, loop.rows),
    );
    const { step, batch } = this.#state;
    const { schedule } = task.optimizer;
    const rates = schedule === null ? [] : [ratesOf(schedule, step, steps)];
    recorder.steps([columns.loss, ...metrics, ...rates], steps, this.#state.seconds);
    this.#lastStepOwed = batch + steps === this.#stepsPerEpoch && controls.stepping;
    controls.used(this.#lastStepOwed ? steps - 1 : steps);
    const sums = addBatches(this.#state.sums, columns, loop.rows, epochLoss);
    this.#update({ step: step + steps, batch: batch + steps, sums });
    return bad < 0 ? null : columns.loss[bad]!;
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
    const { task, epochLoss, epochs } = this.#options;
    const { step, learningRate, epochSeconds } = this.#state;
    const epoch = this.#state.epoch + 1;
    const train = finishSums(this.#state.sums, task.trainMetrics, epochLoss);
    const validation =
      task.validationRows === 0
        ? null
        : finishSums(this.#validation, task.validationMetrics, epochLoss);
    const score = this.#scoreOf(epoch, validation);
    this.#update({ epoch, batch: 0, sums: noSums(task.trainMetrics), epochSeconds: 0, score });
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
    if (callbacks.length === 0) return;
    const states = [...this.#state.callbacks];
    for (const [index, callback] of callbacks.entries()) {
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
        recorder.log('info', say`stopped early: ${effect.reason}`, step);
        return;
      case 'learningRate':
        this.#update({ learningRate: effect.value });
        recorder.log('info', say`learning rate lowered to ${effect.value}`, step);
        return;
    }
  }

  #update(change: Partial<TrainingState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function stepsOf({ train }: EpochProgram): number {
  return train.reduce((sum, { count }) => sum + count, 0);
}

/** In the order of the epoch. */
function epochLoops({ task, program, executable }: TrainerOptions): EpochLoop[] {
  const steps = stepsOf(program);
  const epochLoop = (loop: BatchLoop, split: EpochLoop['split']): EpochLoop => {
    const isTraining = split === 'train';
    const columns = loopColumns(loop, isTraining ? task.trainMetrics : task.validationMetrics);
    const begins = loop.firstBatch + (isTraining ? 0 : steps);
    return { ...loop, split, begins, columns, views: columnViews(executable.direct, columns) };
  };
  return [
    ...program.train.map((loop) => epochLoop(loop, 'train')),
    ...program.validation.map((loop) => epochLoop(loop, 'validation')),
  ];
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
