/**
 * A run in training: joins trainer, recorder and run directory, and is what the session holds
 * (trainingRun.ts says what each request means).
 */
import { AppError, errorMessage, toWireError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { EpochRecord, RunEnd, RunInfo, RunState } from '../../shared/protocol/core.ts';
import type { TensorSummary } from '../../shared/protocol/core.ts';
import type { Backend } from '../backends/backend.ts';
import { byteSize } from '../../shared/tensor/tensorType.ts';
import { releaseRun } from '../runs/activeRuns.ts';
import type { Checkpoint } from '../runs/checkpoints.ts';
import { exportModel } from './exportModel.ts';
import type { RunRecord } from '../runs/records.ts';
import type { RunWriter } from '../runs/runWriter.ts';
import type { NamedTensor } from '../runs/safetensors.ts';
import { snapshotLimit, strideFor, type SnapshotMoment } from '../runs/snapshots.ts';
import type { Callback } from './callbacks/callback.ts';
import { createCallback } from './callbacks/createCallback.ts';
import type { CompiledTraining } from './compileTraining.ts';
import { Controls } from './controls.ts';
import { momentOf, type StepMoment } from './explain/stepMoment.ts';
import {
  bestCheckpoint,
  chosenWeights,
  endWeights,
  keptFor,
  lastCheckpoint,
} from './keptWeights.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import { Recorder } from './recorder.ts';
import { runRecord, type RunIdentity } from './runRecords.ts';
import { Trainer, type Outcome } from './trainer.ts';
import type { TrainingState } from './trainingState.ts';
import type { TensorSnapshot, TrainingEvent, TrainingRun } from './trainingRun.ts';
import { verdictText, type Score } from './verdict.ts';
import {
  optimizerPlaces,
  readTensors,
  writeTensors,
  type TensorPlace,
  tensorSummaries,
  tensorViews,
} from './weights.ts';

export interface ActiveRunOptions {
  readonly info: RunInfo;
  readonly identity: RunIdentity;
  readonly prepared: PreparedTraining;
  readonly backend: Backend;
  readonly compiled: CompiledTraining;
  readonly writer: RunWriter;
  readonly start: TrainingState;
  readonly lastEpoch: EpochRecord | null;
  readonly startPaused: boolean;
}

export class ActiveRun implements TrainingRun {
  readonly info: RunInfo;
  readonly prepared: PreparedTraining;
  readonly tensors: readonly TensorSummary[];
  readonly done: Promise<RunEnd>;
  readonly #options: ActiveRunOptions;
  readonly #controls: Controls;
  readonly #recorder: Recorder;
  readonly #trainer: Trainer;
  readonly #listeners = new Set<(event: TrainingEvent) => void>();
  readonly #optimizer: readonly TensorPlace[];
  readonly #snapshotLimit: number;
  /** The memory of the weights, where the backend shows it. */
  readonly #views: readonly NamedTensor[] | null;
  #state: RunState = 'preparing';
  #interrupted = false;
  readonly #callbacks: readonly Callback[];
  /** Step of the best weights on disk. */
  #bestSaved: number | null;
  #finalTensors: readonly NamedTensor[] | null = null;

  constructor(options: ActiveRunOptions) {
    const { info, prepared, compiled, writer, start } = options;
    const { config, model, task } = prepared;
    this.#options = options;
    this.info = info;
    this.prepared = prepared;
    this.tensors = tensorSummaries(model);
    this.#snapshotLimit = snapshotLimit(bytesOf(model.tensors));
    this.#views = tensorViews(compiled.executable, this.tensors);
    this.#optimizer = optimizerPlaces(compiled.program.program, model);
    this.#callbacks = config.callbacks.map(createCallback);
    this.#bestSaved = keptFor('best', this.#callbacks, start)?.step ?? null;
    this.#recorder = new Recorder(writer, (event) => this.#emit(event), {
      step: start.step,
      lastEpoch: options.lastEpoch,
      series: info.series.filter(({ per }) => per === 'step').map(({ name }) => name),
      pace: { logEvery: config.training.log_every, stepsPerEpoch: info.stepsPerEpoch },
    });
    this.#controls = new Controls(options.startPaused, (state, step) => this.#enter(state, step));
    this.#trainer = new Trainer(
      {
        ...compiled,
        task,
        callbacks: this.#callbacks,
        controls: this.#controls,
        recorder: this.#recorder,
        epochs: config.training.epochs,
        seed: config.seed.value,
        epochLoss: config.training.epoch_loss,
        checkpoint: (state) => this.#checkpoint(state, 'running'),
        snapshot: (moment) => this.#snapshot(moment),
      },
      start,
    );
    this.done = this.#run();
  }

  get step(): number {
    return this.#trainer.step;
  }

  get state(): RunState {
    return this.#state;
  }

  onEvent(listener: (event: TrainingEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): Promise<number> {
    this.#controls.pause();
    return this.#controls.whenPaused(() => this.step);
  }

  continue(): Promise<number> {
    this.#controls.continue();
    return this.#controls.atBoundary(() => this.step);
  }

  takeStep(): Promise<number> {
    this.#controls.takeStep();
    return this.#controls.whenPaused(() => this.step);
  }

  stop(): Promise<RunEnd> {
    this.#controls.stop();
    return this.done;
  }

  interrupt(): Promise<RunEnd> {
    this.#interrupted = true;
    return this.stop();
  }

  async readTensor(name: string): Promise<TensorSnapshot> {
    const tensor = this.tensors.find((t) => t.name === name);
    if (tensor === undefined) {
      const names = this.tensors.map((t) => t.name).join(', ');
      throw new AppError('input.invalid', say`the model has no tensor ${name}; it has ${names}`);
    }
    return this.#controls.atBoundary(async () => {
      const { step } = this;
      const final = this.#finalTensors?.find((t) => t.name === name);
      if (this.#finalTensors !== null && final === undefined) {
        throw new AppError(
          'run.notFound',
          say('the weights of this run were lost with its device'),
        );
      }
      const values = final?.values ?? (await this.#options.compiled.executable.read(name));
      return { step, shape: tensor.shape, values: new Float32Array(values) };
    });
  }

  moment(): Promise<StepMoment> {
    return this.#controls.atBoundary(async () => {
      if (this.#finalTensors !== null) throw new AppError('run.notFound', say('the run has ended'));
      const { executable } = this.#options.compiled;
      const places = [...this.tensors, ...this.#optimizer];
      const tensors = await readTensors(executable, places);
      return momentOf(this.#trainer.state, tensors, this.info.stepsPerEpoch);
    });
  }

  async #run(): Promise<RunEnd> {
    // Listeners are added in the turn in which the run was made.
    await new Promise((resolve) => setImmediate(resolve));
    this.#sayDevice();
    const end = await this.#trainAndFinish().catch((error: unknown) => this.#failed(error));
    this.#recorder.state(end.status, end.step, end.error?.message);
    await this.#options.writer.close();
    const { executable } = this.#options.compiled;
    // A device that was lost has no weights left to show.
    this.#finalTensors = await readTensors(executable, this.tensors).catch(() => []);
    executable.destroy();
    this.#options.backend.destroy();
    releaseRun(this.info.directory);
    await this.#controls.finish();
    return end;
  }

  #sayDevice(): void {
    const { choice, device } = this.info;
    if (choice !== undefined && this.step === 0)
      this.#recorder.log('info', say`device auto takes ${device}: ${choice.reason}`, 0);
  }

  async #trainAndFinish(): Promise<RunEnd> {
    const outcome = await this.#trainer.train();
    const status = this.#statusAfter(outcome);
    // After a divergence the present weights are worthless; the last checkpoint stays as it is.
    if (outcome.kind !== 'diverged') await this.#checkpoint(this.#trainer.state, status);
    else void this.#recorder.commit(this.#newBest(false), this.#record(status, outcome.message));
    if (outcome.kind === 'completed') this.#restoreWeights();
    await this.#options.writer.settled();
    if (outcome.kind === 'completed') await this.#exportFiles();
    return this.#end(outcome, status);
  }

  #statusAfter({ kind }: Outcome): RunEnd['status'] {
    if (kind === 'diverged') return 'failed';
    return kind === 'stopped' && this.#interrupted ? 'interrupted' : kind;
  }

  #end(outcome: Outcome, status: RunEnd['status']): RunEnd {
    const { step, seconds } = this.#trainer.state;
    const end = { status, step, seconds };
    if (outcome.kind !== 'diverged')
      return { ...end, verdict: this.#verdict(status === 'completed') };
    const error = toWireError(new AppError('run.diverged', outcome.message));
    return { ...end, verdict: outcome.message, error };
  }

  /** The training itself failed: what was recorded stays, and the run can be resumed. */
  #failed(error: unknown): RunEnd {
    const { step, seconds } = this.#trainer.state;
    const wire = toWireError(error);
    void this.#options.writer.writeRecord(this.#record('failed', wire.message));
    return { status: 'failed', step, seconds, verdict: wire.message, error: wire };
  }

  /** Reads all there is to keep and hands it to the disk. */
  async #checkpoint(state: TrainingState, status: RunRecord['state']): Promise<void> {
    const { executable } = this.#options.compiled;
    const { seed } = this.#options.prepared.config;
    const model = await readTensors(executable, this.tensors);
    const optimizer = await readTensors(executable, this.#optimizer);
    const last = lastCheckpoint(state, { model, optimizer }, { callbacks: this.#callbacks, seed });
    const ended = status === 'completed';
    // Not awaited: the disk works while the training goes on; its failures show in the recorder.
    void this.#recorder.commit([...this.#newBest(ended), last], this.#record(status));
  }

  #snapshot({ epoch, step }: SnapshotMoment): Promise<void> | null {
    const stride = strideFor(epoch, this.#snapshotLimit);
    if (epoch % stride !== 0) return null;
    const { writer, compiled } = this.#options;
    const keep = (tensors: readonly NamedTensor[]): void =>
      writer.snapshot({ epoch, step, tensors }, stride);
    if (this.#views === null) return readTensors(compiled.executable, this.tensors).then(keep);
    keep(this.#views);
    return null;
  }

  /** The chosen weights, unless they are on disk already. */
  #newBest(ended: boolean): Checkpoint[] {
    const { state } = this.#trainer;
    const chosen = chosenWeights(this.#callbacks, state, ended);
    if (chosen === null || this.#bestSaved === chosen.step) return [];
    this.#bestSaved = chosen.step;
    return [bestCheckpoint(chosen, state, this.#options.prepared.config.seed)];
  }

  #restoreWeights(): void {
    const { state } = this.#trainer;
    const restored = endWeights(this.#callbacks, state);
    if (restored === null) return;
    const { tensors, step, score } = restored;
    writeTensors(this.#options.compiled.executable, tensors);
    if (restored === state.averaged) {
      this.#recorder.log('info', say('the moving average takes the place of the weights'), step);
      return;
    }
    const message =
      score === null
        ? say`restored the weights of step ${step}`
        : say`restored the weights of epoch ${score.epoch}, step ${step}`;
    this.#recorder.log('info', message, this.step);
  }

  /** What cannot be exported spoils no training: it can be exported later. */
  async #exportFiles(): Promise<void> {
    for (const format of this.#options.prepared.config.output.export) {
      try {
        const file = await exportModel(this.info.directory, format);
        this.#recorder.log('info', say`wrote ${file}`, this.step);
      } catch (error) {
        this.#recorder.log('warning', say`no ${format} export: ${errorMessage(error)}`, this.step);
      }
    }
  }

  #score(ended: boolean): Score | null {
    const { state } = this.#trainer;
    return chosenWeights(this.#callbacks, state, ended)?.score ?? state.score;
  }

  #verdict(ended: boolean): string {
    return verdictText(this.#score(ended), this.info);
  }

  #record(state: RunRecord['state'], verdict = this.#verdict(state === 'completed')): RunRecord {
    const { identity } = this.#options;
    const training = this.#trainer.state;
    const { lastEpoch } = this.#recorder;
    const score = this.#score(state === 'completed');
    return runRecord(identity, { state, training, lastEpoch, score, verdict });
  }

  #enter(state: RunState, step: number): void {
    this.#recorder.state(state, step);
  }

  #emit(event: TrainingEvent): void {
    if (event.kind === 'state') this.#state = event.state;
    for (const listener of this.#listeners) listener(event);
  }
}

function bytesOf(tensors: readonly TensorPlace[]): number {
  return tensors.reduce((sum, { shape }) => sum + byteSize({ dtype: 'f32', shape }), 0);
}
