/** What a look at a table finds: plain data, for a view, a terminal, and for proposing a config. */
import type { Diagnostic } from '../diagnostics.ts';

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
  /** All of them are numbers with a decimal comma. */
  readonly decimalComma: boolean;
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
  /** Rows that say the same as an earlier one, and the first few of them. */
  readonly duplicates: {
    readonly rows: number;
    readonly examples: readonly { readonly line: number; readonly firstLine: number }[];
  };
  /** Rows that cannot be read, a header that seems to hold values, and the like. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a config makes of its data. */
export interface PreparedReport {
  /** Model inputs after the preprocessing, over the training rows; the first few hundred where there are more. */
  readonly inputs: readonly InputReport[];
  readonly inputWidth: number;
  /** What becomes of each column, a sentence each; the target comes last. */
  readonly preprocessing: readonly string[];
  readonly parts: Readonly<Record<DataPart, number>>;
  /** Rows of the file left out because a value is missing. */
  readonly droppedRows: number;
  /** Rows of each class in each part; null for a target of numbers. */
  readonly classes: readonly ClassCount[] | null;
  /** Rows whose inputs occur in training too, as do their targets where `sameTarget`. */
  readonly leaks: readonly LeakReport[];
}

export type DataPart = 'train' | 'validation' | 'test';

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

export interface DataReport {
  /** The file as it is; null where a config has errors or its data cannot be read. */
  readonly table: TableReport | null;
  /** Null without a config, or where its data cannot be prepared: `diagnostics` say why. */
  readonly prepared: PreparedReport | null;
  /** Of the config and of what it makes of its data; those of the table are there. */
  readonly diagnostics: readonly Diagnostic[];
}
