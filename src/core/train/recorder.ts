/**
 * Where a training's results go: to listeners at once or in batches, to disk in the background. Its
 * clock decides how often; what is recorded does not depend on it.
 */
import type { EpochRecord, RunState } from '../../shared/protocol/core.ts';
import type { Checkpoint } from '../runs/checkpoints.ts';
import type { RunRecord } from '../runs/records.ts';
import type { RunWriter } from '../runs/runWriter.ts';
import { createStepMeans, type StepPace } from './stepMeans.ts';
import type { TrainingEvent } from './trainingRun.ts';

/** At most about ten events a second; the first one at once. */
const eventMilliseconds = 100;
const commitMilliseconds = 1000;
/** Between epochs that take long. */
const commitWithinEpochMilliseconds = 30_000;
/** Checkpoints may take this share of the time, but a crash must not lose more than a few seconds of training. */
const mostCommitShare = 0.05;
const longestCommitInterval = 5000;

export interface RecorderStart {
  readonly step: number;
  readonly lastEpoch: EpochRecord | null;
  /** Names of the values of a step. */
  readonly series: readonly string[];
  readonly pace: StepPace;
}

export class Recorder {
  readonly #writer: RunWriter;
  readonly #emit: (event: TrainingEvent) => void;
  readonly #series: readonly string[];
  readonly #stepMeans: ReturnType<typeof createStepMeans>;
  /** Of the steps not sent yet, one for each series. */
  readonly #columns: readonly GrowingColumn[];
  #epochs: EpochRecord[] = [];
  /** Of the last step sent. */
  #step: number;
  /** Training time by the last step. */
  #seconds = 0;
  #lastEpoch: EpochRecord | null;
  /** Both a first step and a first epoch have been sent. */
  #begun = false;
  #lastEvent = -Infinity;
  #lastCommit = performance.now();
  #commitInterval = commitMilliseconds;
  #committing = false;

  constructor(writer: RunWriter, emit: (event: TrainingEvent) => void, start: RecorderStart) {
    this.#writer = writer;
    this.#emit = emit;
    this.#series = start.series;
    this.#stepMeans = createStepMeans(start.pace);
    this.#columns = start.series.map(() => new GrowingColumn());
    this.#step = start.step;
    this.#lastEpoch = start.lastEpoch;
  }

  /** Failure of the disk; the training ends with it. */
  get failure(): Error | null {
    return this.#writer.failure;
  }

  get lastEpoch(): EpochRecord | null {
    return this.#lastEpoch;
  }

  /** The first `count` values of a column per series, in their order, and the training time by then. */
  steps(columns: readonly Float32Array[], count: number, seconds: number): void {
    this.#seconds = seconds;
    for (let s = 0; s < this.#columns.length; s++) this.#columns[s]!.append(columns[s]!, count);
  }

  epoch(record: EpochRecord): void {
    this.#lastEpoch = record;
    this.#epochs.push(record);
    if (this.#begun) return;
    this.#begun = true;
    this.send();
  }

  /** Called often: sends and writes what is due. */
  keepUp(now: number): void {
    if (now - this.#lastEvent >= eventMilliseconds) this.send();
  }

  /** Hands on what disk and listeners have not seen yet, in this order: a listener may read the files. */
  send(): void {
    this.#lastEvent = performance.now();
    const news = [...this.#takeSteps(), ...this.#takeEpochs()];
    this.#writer.flush();
    for (const event of news) this.#emit(event);
  }

  #takeSteps(): TrainingEvent[] {
    const count = this.#columns[0]!.length;
    if (count === 0) return [];
    const taken = this.#series.map((name, s) => [name, this.#columns[s]!.take()] as const);
    this.#writer.appendSteps(Object.fromEntries(taken));
    const losses = taken[0]![1];
    const means = this.#stepMeans(this.#step, losses);
    this.#step += count;
    const loss = losses[count - 1]!;
    const seconds = this.#seconds;
    const told = means.length === 0 ? {} : { means };
    return [{ kind: 'steps', step: this.#step, loss, seconds, ...told }];
  }

  #takeEpochs(): TrainingEvent[] {
    if (this.#epochs.length === 0) return [];
    const records = this.#epochs;
    this.#epochs = [];
    this.#writer.appendEpochs(records);
    return [{ kind: 'epochs', records }];
  }

  /** `message` says why, for whoever reads the events of the run. */
  state(state: RunState, step: number, message?: string): void {
    this.send();
    // Who pauses wants to look.
    if (state === 'paused') this.#writer.writeSnapshots();
    const why = message === undefined ? {} : { message };
    this.#writer.appendEvent({ time: new Date().toISOString(), step, event: state, ...why });
    this.#emit({ kind: 'state', state, step });
  }

  log(level: 'info' | 'warning', message: string, step: number): void {
    this.send();
    this.#writer.appendEvent({ time: new Date().toISOString(), step, event: level, message });
    this.#emit({ kind: 'log', level, message });
  }

  commitDue(now: number, endOfEpoch: boolean): boolean {
    const since = now - this.#lastCommit;
    const interval = endOfEpoch ? 1 : commitWithinEpochMilliseconds / commitMilliseconds;
    return !this.#committing && since >= this.#commitInterval * interval;
  }

  /** Resolves when the state is durable; never rejects: see `failure`. */
  commit(checkpoints: readonly Checkpoint[], record: RunRecord): Promise<void> {
    const begun = performance.now();
    this.send();
    this.#committing = true;
    return this.#writer.commit(checkpoints, record).then(() => {
      this.#committing = false;
      this.#lastCommit = performance.now();
      const took = this.#lastCommit - begun;
      const fair = Math.min(longestCommitInterval, took / mostCommitShare);
      this.#commitInterval = Math.max(commitMilliseconds, fair);
    });
  }
}

/** Values that gather until they are taken. Its memory stays: a quick run takes many steps and sends rarely. */
class GrowingColumn {
  #values = new Float32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(values: Float32Array, count: number): void {
    const length = this.#length + count;
    if (length > this.#values.length) {
      const grown = new Float32Array(2 * length);
      grown.set(this.#values.subarray(0, this.#length));
      this.#values = grown;
    }
    this.#values.set(values.length === count ? values : values.subarray(0, count), this.#length);
    this.#length = length;
  }

  /** All of them, as an array of their own. */
  take(): Float32Array {
    const taken = this.#values.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
