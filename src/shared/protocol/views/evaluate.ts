/** The contract of the evaluation view; the extension host is its server. */
import type { NoArgs } from '../contract.ts';
import type { Evaluation, EvaluationWish } from '../evaluation.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type EvaluateText =
  | `part.${Evaluation['part']}`
  | 'averaged'
  | 'baseline'
  | 'binText'
  | 'cancel'
  | 'chooseFile'
  | 'class'
  | 'confusion'
  | 'confusionText'
  | 'epoch'
  | 'here'
  | 'kept'
  | 'last'
  | 'leftOut'
  | 'loss'
  | 'metric'
  | 'noWorst'
  | 'perClass'
  | 'predicted'
  | 'problems'
  | 'recordedTrain'
  | 'recordedValidation'
  | 'residuals'
  | 'residualsText'
  | 'row'
  | 'rows'
  | 'rowsOf'
  | 'saveCsv'
  | 'saveJson'
  | 'scatter'
  | 'scatterText'
  | 'title'
  | 'true'
  | 'weights'
  | 'weightsAt'
  | 'worst'
  | 'worstText';

/** What is evaluated. */
export type EvaluateWish = Pick<EvaluationWish, 'directory' | 'dataFile' | 'part' | 'weights'>;

export interface EvaluateState {
  /** The page keeps it for a reload. */
  readonly wish: EvaluateWish;
  /** Null until there is one. */
  readonly evaluation: Evaluation | null;
  /** Null while nothing is worked on. */
  readonly progress: { readonly message: string; readonly fraction: number | null } | null;
  /** Why there is none; empty where there is. */
  readonly failure: string;
  readonly texts: Readonly<Record<EvaluateText, string>>;
}

export interface EvaluateContract {
  readonly requests: ViewRequests<EvaluateState> & {
    /** Of the same run. */
    'evaluate/choose': { args: Omit<EvaluateWish, 'directory'>; result: NoArgs };
    /** Asks for a file and evaluates it. */
    'evaluate/chooseFile': { args: NoArgs; result: NoArgs };
    'evaluate/cancel': { args: NoArgs; result: NoArgs };
    'evaluate/save': { args: { ending: 'csv' | 'json' }; result: NoArgs };
  };
  readonly events: ViewEvents<EvaluateState, 'progress'>;
}
