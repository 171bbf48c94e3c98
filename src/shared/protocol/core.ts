/** The contract of the core process: it trains, and answers everything that needs data, models or runs. */
import type { MemoryUse } from '../kernelInfo.ts';
import type { NoArgs } from './contract.ts';
import type { Baseline, DataReport, TargetOption } from './dataReport.ts';
import type { ImagePreview, PreviewWish } from './imagePreview.ts';
import type { Evaluation, EvaluationWish } from './evaluation.ts';
import type { ExplainedStep, ExplainWish } from './explainStep.ts';
import type { DeviceChoice } from './deviceChoice.ts';
import type { DeviceName } from './deviceName.ts';
import type { MachineAnswers, MachineConnection, MachineFile, SshMachine } from './machine.ts';
import type { GeneratedKernels, Profile, ProfileWish } from './profile.ts';
import type { ModelSummary } from './modelSummary.ts';
import type { InputImage, InputRow, RunInputs } from './runInputs.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { TrainConfig } from '../model/trainConfig.ts';
import type { TileWish, WeightsSnapshot, WeightsTile } from './weights.ts';
import type { WireError } from '../errors.ts';

export type { Baseline } from './dataReport.ts';
export type { DeviceName } from './deviceName.ts';
export type { LayerSummary, ModelSummary } from './modelSummary.ts';
export type { InputRow } from './runInputs.ts';

/** Python with NumPy, or Node.js without packages. */
export type ScriptLanguage = 'python' | 'javascript';

export type RunId = string & { readonly brand: 'RunId' };
/** `interrupted`: its process ended, and with it the training, which nobody had stopped. */
export type RunState =
  'preparing' | 'running' | 'paused' | 'completed' | 'stopped' | 'interrupted' | 'failed';

export interface DeviceInfo {
  readonly device: DeviceName;
  readonly backend: string;
  readonly name: string;
  readonly usable: boolean;
  /** Why it can or cannot be used, one sentence. */
  readonly reason: string;
}

export interface TrainOverrides {
  readonly device?: DeviceName;
  readonly seed?: number;
  readonly epochs?: number;
  /** Threads that compute; never a matter of numbers. By default the physical cores less one. */
  readonly threads?: number;
  /** Parent folder of the run directory. */
  readonly outputDirectory?: string;
}

/** A series of numbers that a run keeps in a column file (shared/columns) from its first moment on. */
export interface RunSeries {
  /** `loss`, `accuracy`, `val_loss`, `val_accuracy`, ..., `learning_rate`. */
  readonly name: string;
  /** What one value stands for: value 0 for the first step, or the first epoch. */
  readonly per: 'step' | 'epoch';
  readonly file: string;
}

/** What is known of a run as soon as its model and data are prepared. */
export interface RunInfo {
  readonly runId: RunId;
  readonly directory: string;
  readonly name: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly backend: string;
  readonly device: string;
  /** Why that one, where the config leaves it open. */
  readonly choice?: DeviceChoice;
  readonly trainingRows: number;
  readonly validationRows: number;
  readonly metrics: readonly string[];
  readonly series: readonly RunSeries[];
  readonly baseline: Baseline | null;
  /** As in RunListEntry. */
  readonly seenRows: number | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly val_loss?: number;
  /** `accuracy`, `val_accuracy`, ... */
  readonly metrics: Readonly<Record<string, number>>;
  readonly learning_rate: number;
  /** Wall seconds of this epoch, validation included. */
  readonly seconds: number;
  /** Steps done in the run when the epoch ended. */
  readonly step: number;
}

export interface RunEnd {
  readonly status: 'completed' | 'stopped' | 'interrupted' | 'failed';
  readonly step: number;
  readonly seconds: number;
  /** Plain sentence: "101 of 103 right; always guessing the commonest class: 45". */
  readonly verdict: string;
  readonly error?: WireError;
}

/** The loss of some steps of an epoch together. */
export interface StepMean {
  /** Counted from 1. */
  readonly epoch: number;
  /** The last of them, counted from 1 within the epoch. */
  readonly step: number;
  /** Mean since the one before. */
  readonly loss: number;
}

export interface TensorSummary {
  readonly name: string;
  /** Type of the layer that has it. */
  readonly layer: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
}

/** A run in training, as of its last step; or a run on disk at a snapshot's step, null for the weights it predicts with. */
export type WeightsSource =
  { readonly runId: RunId } | { readonly directory: string; readonly step: number | null };

export interface Prediction {
  readonly input: InputRow;
  /** By class name or index; absent for regression. */
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly class?: string | number;
  /** Regression. */
  readonly value?: number | readonly number[];
  /** Why this row of a file is not predicted; then there is no answer. */
  readonly problem?: string;
}

export interface RunListEntry {
  readonly directory: string;
  readonly name: string;
  readonly state: RunState;
  readonly created: string;
  readonly epochs: number;
  readonly epochsDone: number;
  readonly loss: number | null;
  readonly val_loss: number | null;
  /** Of the last epoch, as in EpochRecord. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly baseline: Baseline | null;
  /** Validation rows that training has too, inputs and target; null where they were not counted. */
  readonly seenRows: number | null;
  /** Null before the first epoch has ended, or without validation rows. */
  readonly score: RunScore | null;
  /** As in RunEnd; empty while nothing is known. */
  readonly verdict: string;
  /** Training time, all sittings. */
  readonly seconds: number;
  /** The config it was trained from. */
  readonly configFile: string;
  /** The machine that it trained on last, over SSH. */
  readonly machine?: string;
}

/** What the validation rows say of the weights that a run keeps: classes have `correct`, numbers `rmse`. */
export interface RunScore {
  readonly epoch: number;
  readonly rows: number;
  readonly correct: number | null;
  readonly rmse: number | null;
}

/** A run on disk as a plot of many runs needs it. */
export interface PlottedRun extends RunListEntry {
  readonly stepsPerEpoch: number;
  readonly series: readonly RunSeries[];
}

/** Everything of a run on disk that a plot shows. */
export interface SavedRun extends PlottedRun {
  readonly step: number;
  /** Training loss of that step; null before the first. */
  readonly lastLoss: number | null;
  /** Where it goes on when it is resumed; 0 before the first checkpoint. */
  readonly checkpointStep: number;
  readonly backend: string;
  readonly device: string;
  readonly choice?: DeviceChoice;
  readonly epochRecords: readonly EpochRecord[];
}

/** What a config trains, in short. */
export interface ConfigAbout {
  readonly task: TrainConfig['task'];
  /** Rows, or images, of each part. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly parameters: number;
}

export interface CoreContract {
  readonly requests: {
    'device/list': { args: NoArgs; result: { devices: readonly DeviceInfo[] } };
    /** What the config says, without a look at its data: cheap, so that an editor may ask at every save. */
    'config/check': { args: { file: string }; result: { diagnostics: readonly Diagnostic[] } };
    /** The same and whether its data fit it, as a training would find. */
    'config/validate': {
      args: { file: string };
      /** `about`: null where there are errors. */
      result: { diagnostics: readonly Diagnostic[]; about: ConfigAbout | null };
    };
    /**
     * Installs TensorFlow for device `cuda` (`gpu`), or its build for processors. Progress comes as events of file `cuda`.
     */
    'device/install': { args: { kind: 'gpu' | 'cpu' }; result: { device: DeviceInfo } };
    'device/uninstall': { args: NoArgs; result: { removed: boolean } };
    'config/summarize': {
      args: { file: string };
      result: {
        summary: ModelSummary | null;
        /** That training takes here; null where there are errors, or where the backend does not plan it. */
        memory: MemoryUse | null;
        diagnostics: readonly Diagnostic[];
      };
    };
    /** Which columns of a table can be predicted, the likeliest first; none of images or arrays, which have labels. */
    'config/targets': {
      args: { dataFile: string };
      result: { targets: readonly TargetOption[] };
    };
    /**
     * A config that trains on a table of CSV, JSON or JSON Lines, on a folder of images, or on the files of NumPy,
     * MNIST or CIFAR, with its reasons as comments; null where the diagnostics have errors. Its `path` is relative to
     * `configFile`, by default a file beside the data. `target`: of a table.
     */
    'config/propose': {
      args: { dataFile: string; target?: string; configFile?: string };
      result: { text: string | null; diagnostics: readonly Diagnostic[] };
    };
    /** `file` holds rows, or is a config (`*.yaml`, `*.yml`, `*.train.json`): then also what it makes of its rows. */
    'data/inspect': { args: { file: string }; result: DataReport };
    /** A training image of a config as training sees it in some epochs. */
    'data/preview': { args: PreviewWish; result: ImagePreview };
    /**
     * Connects to a machine over SSH, copies the core there where it is not yet, and starts it. Progress comes as events of
     * file `machine`. Where the user has to be asked, the answer says what, and nothing stays connected.
     */
    'machine/connect': {
      args: { machine: SshMachine; answers: MachineAnswers };
      result: MachineConnection;
    };
    /** Of a machine that is connected. Looking at GPUs takes seconds. */
    'machine/devices': {
      args: { machine: SshMachine };
      result: { devices: readonly DeviceInfo[] };
    };
    /** Resolves when the connection is closed; without one at once. */
    'machine/disconnect': { args: { machine: SshMachine }; result: NoArgs };
    /** What a core does for the core of another machine: it keeps files by their SHA-256, and tells of folders. */
    'files/missing': {
      args: { sha256: readonly string[] };
      result: { missing: readonly string[] };
    };
    /** A part of a file, in order; with `isLast` it is checked and kept. */
    'files/put': {
      args: { sha256: string; offset: number; bytes: Uint8Array; isLast: boolean };
      result: NoArgs;
    };
    /** Gives kept files their places. */
    'files/place': {
      args: { files: readonly { readonly path: string; readonly sha256: string }[] };
      result: NoArgs;
    };
    'files/list': { args: { folder: string }; result: { files: readonly MachineFile[] } };
    /** `modified` as it was when the bytes were read: another one means another file. */
    'files/read': {
      args: { file: string; offset: number; length: number };
      result: { bytes: Uint8Array; size: number; modified: number };
    };
    'files/remove': { args: { folder: string }; result: NoArgs };
    /** Resolves when the run is prepared and training begins; progress comes as events. */
    'run/start': {
      args: {
        file: string;
        overrides: TrainOverrides;
        startPaused: boolean;
        /** Trains there; `machine/connect` has come first. The run's folder is here all the same. */
        machine?: SshMachine;
      };
      result: RunInfo;
    };
    /** On the device that the run had where none is named. */
    'run/resume': {
      args: {
        directory: string;
        epochs?: number;
        device?: DeviceName;
        startPaused: boolean;
        machine?: SshMachine;
      };
      result: RunInfo;
    };
    /** Each takes effect at the end of the current step and answers with the steps done by then. */
    'run/pause': { args: { runId: RunId }; result: { step: number } };
    'run/continue': { args: { runId: RunId }; result: { step: number } };
    'run/step': { args: { runId: RunId }; result: { step: number } };
    /** Stops and keeps everything; resolves when the run directory is complete. */
    'run/stop': { args: { runId: RunId }; result: RunEnd };
    'run/list': { args: { directory: string }; result: { runs: readonly RunListEntry[] } };
    /** In the order asked for; a folder that cannot be read says why. */
    'run/series': {
      args: { directories: readonly string[] };
      result: {
        runs: readonly (PlottedRun | { readonly directory: string; readonly problem: string })[];
      };
    };
    'run/read': { args: { directory: string }; result: SavedRun };
    /** Progress comes as events of the run's directory. */
    'run/evaluate': { args: EvaluationWish; result: Evaluation };
    /**
     * `csvFile`: of a run over images also a folder of them. With neither rows nor a file: the rows under `predict:` of
     * the run's config. Relative paths of images in `rows`
     * are those of `folder`, or where it has no such file, of the config.
     */
    'run/predict': {
      args: { directory: string; rows?: readonly InputRow[]; csvFile?: string; folder?: string };
      result: { predictions: readonly Prediction[] };
    };
    /** The image of a row as the model gets it: resized, with its channels. */
    'run/image': { args: { directory: string; row: InputRow }; result: InputImage };
    /** What a row for `run/predict` has to say. */
    'run/inputs': { args: { directory: string }; result: RunInputs };
    /** The next step of a run, or of a moment on disk, laid open. A later look at the same step is quick. */
    'run/explain': { args: ExplainWish; result: ExplainedStep };
    /** Times some steps of a training on memory of its own; a run stays as it is. Progress comes as events. */
    'run/profile': { args: ProfileWish; result: Profile };
    /** What is generated to train a config or a run. */
    'run/kernels': { args: Omit<ProfileWish, 'seconds'>; result: GeneratedKernels };
    'run/export': {
      args: { directory: string; format: 'pt' | 'safetensors'; file?: string };
      result: { file: string };
    };
    /** Writes a script that predicts, and the weights that it reads beside it, to the run's `export` folder. */
    'run/script': {
      args: { directory: string; language: ScriptLanguage };
      result: { script: string; weights: string };
    };
    'weights/list': { args: { runId: RunId }; result: { tensors: readonly TensorSummary[] } };
    /** Row-major values as of the last completed step. */
    'weights/read': {
      args: { runId: RunId; name: string };
      result: { step: number; shape: readonly number[]; values: Float32Array };
    };
    /** The snapshots that a run in training or on disk keeps. */
    'weights/history': {
      args: { directory: string };
      result: {
        name: string;
        tensors: readonly TensorSummary[];
        /** By rising step. */
        snapshots: readonly WeightsSnapshot[];
      };
    };
    /** A tensor no finer than a view can draw it, with its statistics. */
    'weights/tile': {
      args: TileWish & { source: WeightsSource; name: string };
      result: WeightsTile;
    };
  };
  readonly events: {
    'run/state': { runId: RunId; state: RunState; step: number };
    /** The files of the run's series have all these steps, as they have the epochs that are announced. */
    'run/steps': {
      runId: RunId;
      /** Steps done. */
      step: number;
      /** Of the last of them. */
      loss: number;
      /** Training time of the run by then, pauses left out: what a pace is made of. */
      seconds: number;
      /** Of `log_every`, where the config has it. */
      means?: readonly StepMean[];
    };
    /** All epochs since the last such event. It and `run/steps` come at most about ten times a second. */
    'run/epochs': { runId: RunId; records: readonly EpochRecord[] };
    'run/end': { runId: RunId; end: RunEnd };
    /** Before a run that was started or resumed trains: download, reading rows. `fraction` is null while unknown. */
    'run/preparing': { file: string; message: string; fraction: number | null };
    /** The same of any other long request. */
    'run/progress': { file: string; message: string; fraction: number | null };
    'log/line': { level: 'debug' | 'info' | 'warning' | 'error'; message: string };
  };
}
