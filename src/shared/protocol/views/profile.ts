/** The contract of the view that shows where a step goes; the extension host is its server. */
import type { Pass } from '../../kernelInfo.ts';
import type { NoArgs } from '../contract.ts';
import type { Profile, TrainingSource } from '../profile.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type ProfileText =
  | Pass
  | 'again'
  | 'allKernels'
  | 'allLayers'
  | 'asTrained'
  | 'batch'
  | 'busy'
  | 'bytes'
  | 'cancel'
  | 'computes'
  | 'device'
  | 'figures'
  | 'flame'
  | 'flameHint'
  | 'kernels'
  | 'layer'
  | 'layers'
  | 'measuring'
  | 'memory'
  | 'memoryParts'
  | 'pass'
  | 'share'
  | 'showKernels'
  | 'step'
  | 'table'
  | 'threads'
  | 'timed'
  | 'title';

export interface MeasuringProgress {
  readonly message: string;
  readonly fraction: number | null;
}

export interface ProfileState {
  readonly source: TrainingSource;
  /** Of the config file or the run. */
  readonly name: string;
  /** The latest that was measured. */
  readonly profile: Profile | null;
  /** While it is measured. */
  readonly progress: MeasuringProgress | null;
  /** Why there is none, or none newer. */
  readonly failure: string | null;
  readonly texts: Readonly<Record<ProfileText, string>>;
}

export interface ProfileContract {
  readonly requests: ViewRequests<ProfileState> & {
    'profile/again': { args: NoArgs; result: NoArgs };
    'profile/cancel': { args: NoArgs; result: NoArgs };
    'kernels/show': { args: NoArgs; result: NoArgs };
  };
  readonly events: ViewEvents<ProfileState, 'progress'>;
}
