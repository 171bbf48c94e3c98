/** The contract of the loss plot webview; the extension host is its server. */
import type { NoArgs } from '../contract.ts';
import type { Baseline, EpochRecord, RunState } from '../core.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type LossPlotText =
  | 'baseline'
  | 'continue'
  | 'epoch'
  | 'epochOf'
  | 'epochSummary'
  | 'loss'
  | 'metrics'
  | 'pause'
  | 'predict'
  | 'resume'
  | 'state.completed'
  | 'state.failed'
  | 'state.interrupted'
  | 'state.paused'
  | 'state.preparing'
  | 'state.running'
  | 'state.stopped'
  | 'stepOf'
  | 'stop'
  | 'training'
  | 'trainingLoss'
  | 'trainingLossPerStep'
  | 'validation'
  | 'validationLoss';

/** What a run says while it prepares (download, reading rows). `fraction` is null while unknown. */
export interface PreparingProgress {
  readonly message: string;
  readonly fraction: number | null;
}

/** Everything the view shows; after a reload the same answer rebuilds it. */
export interface LossPlotState {
  readonly title: string;
  /** The run's folder, which finds it again after a reload of the window; null while it prepares. */
  readonly directory: string | null;
  readonly state: RunState;
  readonly progress: PreparingProgress | null;
  /** 0 while the run prepares, as `stepsPerEpoch`. */
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly device: string;
  readonly baseline: Baseline | null;
  /** Training loss per step, all of them. */
  readonly loss: Float32Array;
  readonly epochRecords: readonly EpochRecord[];
  readonly verdict: string | null;
  readonly texts: Readonly<Record<LossPlotText, string>>;
}

export interface LossPlotNews {
  readonly state: RunState;
  readonly verdict: string | null;
  readonly progress: PreparingProgress | null;
  /** `loss` begins at this step; steps that were there already are replaced. */
  readonly firstStep: number;
  readonly loss: Float32Array;
  readonly epochRecords: readonly EpochRecord[];
}

export interface LossPlotContract {
  readonly requests: {
    'view/ready': { args: NoArgs; result: LossPlotState };
    'run/pause': { args: NoArgs; result: NoArgs };
    'run/continue': { args: NoArgs; result: NoArgs };
    'run/stop': { args: NoArgs; result: NoArgs };
    /** Goes on with a run that stands still. */
    'run/resume': { args: NoArgs; result: NoArgs };
    /** Opens the form that asks the run. */
    'run/predict': { args: NoArgs; result: NoArgs };
  };
  readonly events: {
    /** Another run, or the same with its sizes known now: replaces everything. */
    'plot/reset': LossPlotState;
    /** All that is new since the last event. */
    'plot/news': LossPlotNews;
  };
}
