/**
 * A run as the rest of the core sees it: what `startRun` and `resumeRun` (run.ts) give to the session.
 * Requests take effect at the end of the step in progress; none of them blocks the event loop.
 */
import type { DeviceName, EpochRecord, RunEnd } from '../../shared/protocol/core.ts';
import type { RunInfo, RunState, StepMean, TensorSummary } from '../../shared/protocol/core.ts';
import type { DeviceChoice } from '../../shared/protocol/deviceChoice.ts';
import type { Backend, NumericChoices } from '../backends/backend.ts';
import type { Measurements } from '../backends/measurements.ts';
import type { StepMoment } from './explain/stepMoment.ts';
import type { PreparedTraining } from './prepareTraining.ts';

/** What a run asks of whoever picks backends. */
export interface BackendRequest {
  readonly device: DeviceName;
  /** No relaxed operations: identical bits across processors and Node versions. */
  readonly portable: boolean;
  /** Of the run that goes on, as recorded: the same backend must be taken; null for a new run. */
  readonly backend: string | null;
  /** Recorded likewise; the backend must honour them or throw. */
  readonly choices: NumericChoices | null;
  /** Threads to compute with; the backend's own choice by default. */
  readonly threads?: number;
}

/** Injected by the process's main. @throws AppError `device.unavailable` with the reason. */
export type BackendFactory = (request: BackendRequest) => Promise<Backend>;

export interface ProgressEvent {
  readonly file: string;
  readonly message: string;
  /** null while unknown. */
  readonly fraction: number | null;
}

/** What `device: auto` chooses among; without it, it is the CPU. */
export interface DeviceCandidates {
  /** Besides the CPU, or why there are none. */
  readonly find: () => Promise<{
    readonly candidates: readonly DeviceCandidate[];
    readonly reason: string;
  }>;
  /** Of earlier choices. */
  readonly measurements: Pick<Measurements, 'get' | 'add'>;
}

export interface DeviceCandidate {
  readonly device: DeviceChoice['device'];
  readonly name: string;
}

export interface RunEnvironment {
  readonly createBackend: BackendFactory;
  readonly autoDevices?: DeviceCandidates | undefined;
  /** Downloads and reading of rows, before training. */
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

export interface StartOptions extends RunEnvironment {
  /** The config file. */
  readonly file: string;
  readonly overrides?: {
    readonly device?: DeviceName;
    readonly seed?: number;
    readonly epochs?: number;
    readonly threads?: number;
    /** Parent folder of the run directory; by default `output.dir` of the config, beside the file. */
    readonly outputDirectory?: string;
  };
  /** Prepares everything and waits for `continue` or `step`. */
  readonly startPaused?: boolean;
}

export interface ResumeOptions extends RunEnvironment {
  readonly directory: string;
  /** New total; more than before extends a finished run. */
  readonly epochs?: number;
  /** Another device than the run had: numbers go on from the checkpoint, their last bits may differ. */
  readonly device?: DeviceName;
  readonly startPaused?: boolean;
}

export type TrainingEvent =
  | { readonly kind: 'state'; readonly state: RunState; readonly step: number }
  /** There are more steps, and the run's files have them; at most about ten events a second. */
  | {
      readonly kind: 'steps';
      /** Steps done. */
      readonly step: number;
      /** Of the last of them. */
      readonly loss: number;
      /** Training time of the run by then, pauses left out. */
      readonly seconds: number;
      /** Of `log_every`, where the config has it. */
      readonly means?: readonly StepMean[];
    }
  /** Likewise; the first of a sitting comes at once. */
  | { readonly kind: 'epochs'; readonly records: readonly EpochRecord[] }
  | { readonly kind: 'log'; readonly level: 'info' | 'warning'; readonly message: string };

/** Row-major values after `step` completed steps. */
export interface TensorSnapshot {
  readonly step: number;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface TrainingRun {
  readonly info: RunInfo;
  readonly tensors: readonly TensorSummary[];
  /** Steps completed in the run, earlier sittings included. */
  readonly step: number;
  readonly state: RunState;
  /**
   * Listeners added in the turn in which `startRun` resolves miss nothing: training begins in a later
   * turn of the event loop. Returns the function that removes the listener.
   */
  onEvent(listener: (event: TrainingEvent) => void): () => void;
  /** Each answers with the steps done when it took effect; after the end with the last step. */
  pause(): Promise<number>;
  continue(): Promise<number>;
  /** One more step, then paused. */
  takeStep(): Promise<number>;
  /** Stops and keeps everything; resolves like `done`. */
  stop(): Promise<RunEnd>;
  /** The same because the process ends: nobody wanted the run to stop. */
  interrupt(): Promise<RunEnd>;
  /** With `moment` all that the next step is computed from. */
  readonly prepared: PreparedTraining;
  /** As of the last completed step. @throws AppError `run.notFound` after the end: then the run is on disk. */
  moment(): Promise<StepMoment>;
  /** @throws AppError `input.invalid` for a name the model has not. Also works after the end. */
  readTensor(name: string): Promise<TensorSnapshot>;
  /** Resolves when the run directory is complete and the backend is released. Never rejects. */
  readonly done: Promise<RunEnd>;
}
