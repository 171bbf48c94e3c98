/** The contract of the loss plot webview; the extension host is its server. */
import type { NoArgs } from '../contract.ts';
import type { Baseline, EpochRecord, RunState } from '../core.ts';

/** Everything the view shows; after a reload the same answer rebuilds it. */
export interface LossPlotState {
  readonly title: string;
  readonly state: RunState;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly device: string;
  readonly baseline: Baseline | null;
  /** Training loss per step, all of them. */
  readonly loss: Float32Array;
  readonly epochRecords: readonly EpochRecord[];
  readonly verdict: string | null;
  /** Texts in the user's language, by key. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface LossPlotContract {
  readonly requests: {
    'view/ready': { args: NoArgs; result: LossPlotState };
    'run/pause': { args: NoArgs; result: { step: number } };
    'run/continue': { args: NoArgs; result: { step: number } };
    'run/stop': { args: NoArgs; result: { step: number } };
  };
  readonly events: {
    'plot/columns': { firstStep: number; loss: Float32Array };
    'plot/epoch': EpochRecord;
    'plot/state': { state: RunState; verdict: string | null };
  };
}
