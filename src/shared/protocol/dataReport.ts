/** What a look at a table finds: plain data, for a view, a terminal, and for proposing a config. */
import type { Diagnostic } from '../diagnostics.ts';
import type { TextEncodingName } from '../model/data.ts';
import type { ModelSummary } from './modelSummary.ts';

/**
 * What a column seems to hold. `boolean`: two values such as yes and no, or 0 and 1; `id`: a name or number of its own
 * for every row; `mixed`: mostly numbers, with other texts among them; `nested`: JSON lists or objects.
 */
export type ColumnType =
  | 'boolean'
  | 'category'
  | 'date'
  | 'empty'
  | 'id'
  | 'integer'
  | 'mixed'
  | 'nested'
  | 'number'
  | 'text';

export interface ColumnReport {
  readonly name: string;
  readonly type: ColumnType;
  /** Cells that hold something, and cells that do not. */
  readonly values: number;
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** The commonest values, as a config would name them, with their counts; all of them if there are few. */
  readonly top: readonly ValueCount[];
  /** Of the cells that are numbers; null where there is none. */
  readonly numbers: NumberReport | null;
  /** The first cell that is no number, where other cells of the column are. */
  readonly wrongNumber: WrongNumber | null;
  /** What stands beside its numbers, such as `$`; null for nothing. */
  readonly unit: string | null;
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

export interface WrongNumber {
  readonly cell: string;
  /** Of the file, from 1. */
  readonly line: number;
  /** Cells like it. */
  readonly count: number;
}

/** How numbers are written as text, where not as programs do. */
export interface NumberWriting {
  readonly decimal: '.' | ',';
  readonly thousands: ',' | '.' | ' ' | "'" | null;
  /** The first number so written, and its line. */
  readonly example: { readonly cell: string; readonly line: number } | null;
}

/** Why a file is read in another encoding than UTF-8; `line` is the first that is not UTF-8, null for a byte order mark. */
export interface FoundEncoding {
  readonly name: TextEncodingName;
  readonly line: number | null;
}

/** Statistics in the unit of the column. */
export interface NumberReport {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population (divided by n). */
  readonly std: number;
  /** Quantiles 0.25, 0.5 and 0.75, interpolated linearly as NumPy does. */
  readonly quartiles: readonly [number, number, number];
  readonly histogram: Histogram;
}

/** Counts in bins of equal width between the smallest and the largest value; the last bin includes its end. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

export interface TableReport {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly ColumnReport[];
  /** The first few rows. */
  readonly firstRows: readonly TableRow[];
  /** Null for UTF-8. */
  readonly encoding: FoundEncoding | null;
  /** Null for numbers as programs write them. */
  readonly writing: NumberWriting | null;
  /** Rows that say the same as an earlier one, and the first few of them. */
  readonly duplicates: {
    readonly rows: number;
    readonly examples: readonly { readonly line: number; readonly firstLine: number }[];
  };
  /** Rows that cannot be read, a header that seems to hold values, and the like. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TableRow {
  /** Of the file, from 1. */
  readonly line: number;
  /** A text for each column, as the file has it; long ones are cut. */
  readonly cells: readonly string[];
}

/** A column that a proposed config could predict. */
export interface TargetOption {
  readonly name: string;
  readonly task: 'classification' | 'regression';
  /** Why it is the likeliest, half a sentence; null for the others. */
  readonly reason: string | null;
  /** Its classes with their rows, the commonest first; or its range. */
  readonly values: string;
}

/** What a config makes of its data. */
export interface PreparedReport {
  /** What becomes of each column, in the order of the model's inputs. */
  readonly features: readonly FeatureReport[];
  /** Model inputs after the preprocessing, over the training rows; the first few hundred where there are more. */
  readonly inputs: readonly InputReport[];
  readonly inputWidth: number;
  /** Whether the rows are images that can be shown. */
  readonly areImages: boolean;
  /** Of one sample as the model gets it: [5], or [height, width, channels]. */
  readonly inputShape: readonly number[];
  /** The column that is predicted. */
  readonly target: string;
  readonly parts: Readonly<Record<DataPart, number>>;
  /** How often each row occurs, in training only unless rows are repeated before the split. */
  readonly oversample: { readonly times: number; readonly beforeSplit: boolean };
  /** Rows of the file left out because a value is missing. */
  readonly droppedRows: number;
  /** Rows of each class in each part; null for a target of numbers. */
  readonly classes: readonly ClassCount[] | null;
  /** Null without validation rows. */
  readonly baseline: Baseline | null;
  /** Rows whose inputs occur in training too, as do their targets where `sameTarget`. */
  readonly leaks: readonly LeakReport[];
  /** What the model gets of `firstRows` of the table, row by row. */
  readonly firstRows: readonly PreparedRow[];
}

/** What always guessing the commonest class, or the mean, would score on the validation rows. */
export interface Baseline {
  readonly kind: 'majority' | 'mean';
  /** Metric names as in EpochRecord, with their baseline values; `loss` is the loss of that guess if defined. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The guessed class name or value. */
  readonly guess: string;
}

export type DataPart = 'train' | 'validation' | 'test';

export interface FeatureReport {
  readonly column: string;
  /** What becomes of it, in the user's language: `Biscoe = 0, Dream = 1, Torgersen = 2`. */
  readonly description: string;
  /** Its place among the model's inputs, from 0, and how many it takes. */
  readonly firstInput: number;
  readonly width: number;
}

export interface InputReport {
  /** `Island`, or `Island=Dream` of a one-hot encoding. */
  readonly name: string;
  readonly numbers: NumberReport;
}

export interface ClassCount extends Readonly<Record<DataPart, number>> {
  readonly name: string;
}

export interface LeakReport {
  readonly part: 'validation' | 'test';
  readonly rows: number;
  readonly sameInputs: number;
  readonly sameTarget: number;
}

export interface PreparedRow {
  /** Several where rows are repeated before the split; none for a row that is left out. */
  readonly parts: readonly DataPart[];
  /** As many as `inputs` of the report; null where a value is missing. */
  readonly inputs: readonly (number | null)[];
  /** The name of its class, or its number. */
  readonly target: string | number | null;
}

export interface DataReport {
  /** The file as it is; null where a config has errors or its data cannot be read. */
  readonly table: TableReport | null;
  /** The column that a proposed config would predict; null with a config, or where there is none. */
  readonly likelyTarget: string | null;
  /** Null without a config, or where its data cannot be prepared: `diagnostics` say why. */
  readonly prepared: PreparedReport | null;
  /** The model of a config, where the shape of its data is known. */
  readonly network: ModelSummary | null;
  /** Of the config and of what it makes of its data; those of the table are there. */
  readonly diagnostics: readonly Diagnostic[];
}
