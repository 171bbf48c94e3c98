/**
 * Where a training's results go: to listeners at once or in batches, to disk in the background. Its
 * clock decides how often; what is recorded does not depend on it.
 */
import type { EpochRecord, RunState } from '../../shared/protocol/core.ts';
import type { Checkpoint } from '../runs/checkpoints.ts';
import type { RunRecord } from '../runs/records.ts';
import type { RunWriter } from '../runs/runWriter.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import type { TrainingEvent } from './trainingRun.ts';

/** At most about ten events a second; the first one at once. */
const eventMilliseconds = 100;
const flushMilliseconds = 500;
const commitMilliseconds = 1000;
/** Between epochs that take long. */
const commitWithinEpochMilliseconds = 30_000;
/** Checkpoints may take this share of the time. */
const mostCommitShare = 0.05;

export class Recorder {
  readonly #writer: RunWriter;
  readonly #emit: (event: TrainingEvent) => void;
  #pending: Readonly<Record<string, Float32Array>>[] = [];
  #firstPending: number;
  #lastEvent = -Infinity;
  #lastFlush = performance.now();
  #lastCommit = performance.now();
  #commitInterval = commitMilliseconds;
  #snapshots: number;

  constructor(
    writer: RunWriter,
    emit: (event: TrainingEvent) => void,
    start: { readonly step: number; readonly snapshots: number },
  ) {
    this.#writer = writer;
    this.#emit = emit;
    this.#firstPending = start.step;
    this.#snapshots = start.snapshots;
  }

  /** Failure of the disk; the training ends with it. */
  get failure(): Error | null {
    return this.#writer.failure;
  }

  steps(columns: Readonly<Record<string, Float32Array>>): void {
    this.#writer.appendSteps(columns);
    this.#pending.push(columns);
    const now = performance.now();
    if (now - this.#lastEvent >= eventMilliseconds) this.sendSteps();
    if (now - this.#lastFlush < flushMilliseconds || this.#writer.busy) return;
    this.#lastFlush = now;
    this.#writer.flush();
  }

  /** Sends what listeners have not seen yet. */
  sendSteps(): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    this.#lastEvent = performance.now();
    const series = Object.keys(first);
    const columns = Object.fromEntries(
      series.map((name) => [name, concatenate(this.#pending.map((part) => part[name]!))]),
    );
    this.#emit({ kind: 'columns', firstStep: this.#firstPending, columns });
    this.#firstPending += columns[series[0]!]!.length;
    this.#pending = [];
  }

  epoch(record: EpochRecord): void {
    this.#writer.appendEpoch(record);
    this.#emit({ kind: 'epoch', record });
  }

  state(state: RunState, step: number): void {
    this.sendSteps();
    this.#writer.appendEvent({ time: new Date().toISOString(), step, event: state });
    this.#emit({ kind: 'state', state, step });
  }

  log(level: 'info' | 'warning', message: string, step: number): void {
    this.#writer.appendEvent({ time: new Date().toISOString(), step, event: level, message });
    this.#emit({ kind: 'log', level, message });
  }

  commitDue(endOfEpoch: boolean): boolean {
    const since = performance.now() - this.#lastCommit;
    const interval = endOfEpoch ? 1 : commitWithinEpochMilliseconds / commitMilliseconds;
    return !this.#writer.busy && since >= this.#commitInterval * interval;
  }

  /** Resolves when the state is durable; never rejects: see `failure`. */
  commit(checkpoints: readonly Checkpoint[], record: RunRecord): Promise<void> {
    const begun = performance.now();
    return this.#writer.commit(checkpoints, record).then(() => {
      this.#lastCommit = performance.now();
      const took = this.#lastCommit - begun;
      this.#commitInterval = Math.max(commitMilliseconds, took / mostCommitShare);
    });
  }

  snapshot(step: number, tensors: readonly NamedTensor[]): void {
    this.#writer.snapshot({ number: this.#snapshots++, step }, tensors);
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
