/** The contract of the weights webview; the extension host is its server. */
import type { TensorSummary } from '../core.ts';
import type { TileWish, WeightsSnapshot, WeightsTile } from '../weights.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type WeightsText =
  | 'aboutChannel'
  | 'aboutGrey'
  | 'aboutRgb'
  | 'bin'
  | 'block'
  | 'channelAfter'
  | 'channelAt'
  | 'channelBefore'
  | 'columnsAfter'
  | 'columnsBefore'
  | 'count'
  | 'epoch'
  | 'filterRgb'
  | 'filters'
  | 'filtersAfter'
  | 'filtersAt'
  | 'filtersBefore'
  | 'filtersOf'
  | 'filterValue'
  | 'final'
  | 'heatmap'
  | 'histogram'
  | 'infinite'
  | 'kernelImage'
  | 'kernelKeras'
  | 'kernelPytorch'
  | 'later'
  | 'latest'
  | 'layout'
  | 'layoutKeras'
  | 'layoutPytorch'
  | 'max'
  | 'mean'
  | 'min'
  | 'moments'
  | 'nan'
  | 'noWeights'
  | 'numbers'
  | 'numbersOf'
  | 'rowsAfter'
  | 'rowsBefore'
  | 'std'
  | 'step'
  | 'vector'
  | 'zeros';

export interface WeightsState {
  readonly title: string;
  /** The run's; the page keeps the moment and layout on show while its tab is hidden or the window reloads. */
  readonly directory: string;
  readonly tensors: readonly TensorSummary[];
  /** By rising step. */
  readonly snapshots: readonly WeightsSnapshot[];
  /** Whether the latest weights still move. */
  readonly live: boolean;
  readonly texts: Readonly<Record<WeightsText, string>>;
}

export interface WeightsContract {
  readonly requests: ViewRequests<WeightsState> & {
    /** At a snapshot's step, or the latest with null. Null where that snapshot is no longer kept. */
    'weights/tile': {
      args: TileWish & { name: string; step: number | null };
      result: WeightsTile | null;
    };
  };
  readonly events: ViewEvents<WeightsState, 'snapshots' | 'live'>;
}
