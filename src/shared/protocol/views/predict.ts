/** The contract of the form that asks a run about one row; the extension host is its server. */
import type { NoArgs } from '../contract.ts';
import type { InputRow, Prediction } from '../core.ts';
import type { InputImage, RunInputs } from '../runInputs.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type PredictText =
  | 'browse'
  | 'copyJson'
  | 'copied'
  | 'imageGrey'
  | 'imageRgb'
  | 'inputs'
  | 'missing'
  | 'notNumber'
  | 'optional'
  | 'outside'
  | 'prediction'
  | 'probabilities'
  | 'range'
  | 'reset'
  | 'title';

export interface PredictState {
  readonly inputs: RunInputs;
  /** The page keeps what is typed about this run while its tab is hidden or the window reloads. */
  readonly directory: string;
  readonly texts: Readonly<Record<PredictText, string>>;
}

export interface PredictContract {
  readonly requests: ViewRequests<PredictState> & {
    /** `message` says why there is no prediction: no weights yet, say. */
    'run/predict': {
      args: { row: InputRow };
      result: { prediction: Prediction | null; message: string };
    };
    /** Lets the user choose a PNG or JPEG file; null if they do not. */
    'image/browse': { args: NoArgs; result: { file: string | null } };
    /** The image of a row as the network gets it; null where there is none to see. */
    'image/preview': { args: { row: InputRow }; result: { image: InputImage | null } };
    'text/copy': { args: { text: string }; result: NoArgs };
  };
  readonly events: ViewEvents<PredictState> & {
    /** The run has new weights. */
    'predict/weights': NoArgs;
  };
}
