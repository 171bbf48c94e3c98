/** The contract of the view *Look at Data*; the extension host is its server. */
import type { NoArgs } from '../contract.ts';
import type { ColumnType, DataReport } from '../dataReport.ts';
import type { ImagePreview, PreviewWish } from '../imagePreview.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** The texts of the view, in the user's language; `{0}` and so on stand for values. */
export type LookText =
  | 'again'
  | 'allTypes'
  | 'andMore'
  | 'anotherDraw'
  | 'anotherImage'
  | 'arrow'
  | 'asFile'
  | 'asIs'
  | 'asModel'
  | 'baselineMajority'
  | 'baselineMean'
  | 'bin'
  | 'cancel'
  | 'class'
  | 'classCount'
  | 'classes'
  | 'columns'
  | 'columnsAfter'
  | 'columnsBefore'
  | 'columnsOf'
  | 'columnsShown'
  | 'changedBy'
  | 'dataFile'
  | 'decimal'
  | 'different'
  | 'droppedRows'
  | 'empty'
  | 'encoding'
  | 'epoch'
  | 'emptyColumn'
  | 'examples'
  | 'filter'
  | 'firstRows'
  | 'histogram'
  | 'imageOf'
  | 'images'
  | 'inFile'
  | 'input'
  | 'inputs'
  | 'inputsMore'
  | 'inputsOfImages'
  | 'leak'
  | 'leakImages'
  | 'leftOut'
  | 'likelyTarget'
  | 'line'
  | 'lineColumn'
  | 'looking'
  | 'majority'
  | 'markAsIn'
  | 'max'
  | 'mean'
  | 'median'
  | 'min'
  | 'missing'
  | 'missingCells'
  | 'model'
  | 'noAugmentation'
  | 'network'
  | 'networkLayer'
  | 'networkParameters'
  | 'networkShape'
  | 'networkTotal'
  | 'noLeak'
  | 'noLeakImages'
  | 'noMatch'
  | 'noRepeats'
  | 'noRows'
  | 'openFile'
  | 'otherValues'
  | 'oversampled'
  | 'oversampledBefore'
  | 'part'
  | 'part.test'
  | 'part.train'
  | 'part.validation'
  | 'problems'
  | 'quartiles'
  | 'repeatOf'
  | 'repeated'
  | 'rows'
  | 'rowsOfThem'
  | 'size'
  | 'sort'
  | 'sort.distinct'
  | 'sort.file'
  | 'sort.missing'
  | 'sort.name'
  | 'sort.type'
  | 'space'
  | 'split'
  | 'std'
  | 'target'
  | 'targetValues'
  | 'thousands'
  | 'train'
  | 'trainData'
  | 'type'
  | 'unit'
  | 'unused'
  | 'values'
  | 'wrongNumbers'
  | `type.${ColumnType}`;

export type LookTexts = Readonly<Record<LookText, string>>;

/** Whose first row says what the view is about. Kinds other than tables will have a report of their own. */
export type LookKind = 'table' | 'config';

export interface LookProgress {
  readonly message: string;
  /** Null while unknown. */
  readonly fraction: number | null;
}

/** Everything the view shows; after a reload the same answer rebuilds it. */
export interface LookState {
  /** A table, or a config; absolute. */
  readonly file: string;
  readonly kind: LookKind;
  /** Of the last look that came to an end, with values cut to what the view shows; null before that. */
  readonly report: DataReport | null;
  /** A look is going on; null where none is. */
  readonly progress: LookProgress | null;
  /** Why there is no newer report: it could not be read, or the user cancelled. */
  readonly failure: string | null;
  readonly texts: LookTexts;
}

export interface LookContract {
  readonly requests: ViewRequests<LookState> & {
    'look/again': { args: NoArgs; result: NoArgs };
    'look/cancel': { args: NoArgs; result: NoArgs };
    /** Opens a file in an editor, at a line (from 1). */
    'file/open': { args: { file: string; line: number | null }; result: NoArgs };
    /** A training image of the config, and what augmentation makes of it. */
    'look/image': { args: Omit<PreviewWish, 'file'>; result: ImagePreview };
    /** Trains the config, or proposes one for the table. */
    'data/train': { args: NoArgs; result: NoArgs };
  };
  readonly events: ViewEvents<LookState, 'progress'>;
}
