/** How good the weights of a run are on some rows: plain data, bounded whatever the rows. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Baseline, Histogram } from './dataReport.ts';
import type { InputImage } from './runInputs.ts';

/** Of the run's own rows; `file` for those of another file. */
export type EvaluatedPart = 'train' | 'validation' | 'test' | 'file';

/** `kept`: those that predict uses, the best where the run keeps them; or those of an epoch, from 0. */
export type WeightsChoice = 'kept' | 'last' | { readonly epoch: number };

export interface EvaluationWish {
  /** Of the run. */
  readonly directory: string;
  /** Rows of another file of the format that the run was trained on. */
  readonly dataFile?: string;
  /** Without a file: by default the test rows, else those of validation. */
  readonly part?: Exclude<EvaluatedPart, 'file'>;
  /** By default `kept`. */
  readonly weights?: WeightsChoice;
  /** How many of the worst rows to give; 24 by default, at most 200. */
  readonly worst?: number;
  /** Writes it: a `.csv` has a line for each row, a `.json` all that is here. */
  readonly saveTo?: string;
}

export interface Evaluation {
  /** Of the run. */
  readonly name: string;
  readonly part: EvaluatedPart;
  readonly rows: number;
  /** Rows of the file that could not be used, and what is wrong with the first of them. */
  readonly leftOut: number;
  readonly problems: readonly Diagnostic[];
  readonly weights: EvaluatedWeights;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdict: string;
  /** What a guess without a model scores on the same rows. */
  readonly baseline: Baseline | null;
  /** What the training recorded of the epoch whose weights these are; null where it recorded none of them. */
  readonly recorded: RecordedEpoch | null;
  readonly outcome: ClassOutcome | NumberOutcome;
  /** The rows with the highest loss, the worst first. */
  readonly worst: readonly WorstRow[];
}

export interface EvaluatedWeights {
  readonly choice: WeightsChoice;
  /** Steps done when they were these. */
  readonly step: number;
  /** In epochs: 2.5 is in the middle of the third. */
  readonly epoch: number;
  /** Moving averages, as `use_ema` leaves them at the end. */
  readonly averaged: boolean;
  /** Epochs whose weights the run keeps, rising. */
  readonly epochs: readonly number[];
}

/** As in EpochRecord. */
export interface RecordedEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly val_loss?: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface ClassOutcome {
  readonly kind: 'classes';
  readonly names: readonly string[];
  /** [classes, classes], row-major: rows are true classes, columns predicted ones. */
  readonly counts: Int32Array;
  /** One for each class. */
  readonly scores: readonly ClassScores[];
}

/** Null where there is nothing to divide by: a class that is never predicted has no precision. */
export interface ClassScores {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Rows of this class. */
  readonly rows: number;
}

export interface NumberOutcome {
  readonly kind: 'numbers';
  /** One for each number that is predicted. */
  readonly targets: readonly PredictedNumber[];
}

export interface PredictedNumber {
  readonly name: string;
  /** Of at most a few thousand rows, evenly taken. */
  readonly actual: Float32Array;
  readonly predicted: Float32Array;
  /** Predicted less actual, of all rows; null where none is finite. */
  readonly residuals: (Histogram & { readonly mean: number; readonly std: number }) | null;
}

export interface WorstRow {
  /** From 0: in the data file where that is known, else among the rows evaluated. */
  readonly row: number;
  readonly inFile: boolean;
  readonly loss: number;
  readonly target: string;
  readonly predicted: string;
  /** Of the predicted class, and of the right one. */
  readonly probability: number | null;
  readonly targetProbability: number | null;
  /** What the table says, of the first features. */
  readonly values: readonly { readonly name: string; readonly value: string | number }[];
  readonly image: InputImage | null;
}
