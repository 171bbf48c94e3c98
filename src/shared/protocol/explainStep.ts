/**
 * One training step laid open: its rows, what every layer makes of them, the loss, the gradients, and how the
 * optimizer moves the weights. Bounded: of anything long there are the first values and a count of the others.
 */
import type { ActivationConfig } from '../model/activations.ts';
import type { LayerConfig } from '../model/layers.ts';
import type { LossConfig } from '../model/losses.ts';
import type { OptimizerConfig } from '../model/optimizers.ts';
import type { Conventions } from '../model/schemaKit.ts';
import type { InputImage } from './runInputs.ts';
import type { TensorStatistics } from './weights.ts';

export interface ExplainWish {
  /** Of the run, in training or on disk. */
  readonly directory: string;
  /** Steps done before the one to explain. Null: the next one of a run in training, else after its last checkpoint. */
  readonly step: number | null;
  /** Of the epoch, from 0. Null: the one whose turn it is. */
  readonly batch: number | null;
  /** Of the batch, from 0. Beyond its end: the last. */
  readonly row: number;
  /** The unit to work out by name of the layer, from 0; elsewhere one is chosen that has something to show. */
  readonly units: Readonly<Record<string, number>>;
  /** Null: one is chosen. */
  readonly weight: WeightPlace | null;
}

/** One value of a parameter; `index` into its row-major values. */
export interface WeightPlace {
  readonly tensor: string;
  readonly index: number;
}

export interface ExplainedStep {
  /** Of the run. */
  readonly name: string;
  /** Steps done before this one. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly batch: number;
  /** Of an epoch. */
  readonly batches: number;
  /** Rows of this batch, and which of them is looked at. */
  readonly rows: number;
  readonly row: number;
  /** Whether it is the turn of this batch; else the step is one that the training does not take now. */
  readonly isNext: boolean;
  /**
   * False where the weights are known but not what the optimizer remembers of earlier steps (a snapshot in the
   * middle of a run): then its memory is taken as empty, as in a first step.
   */
  readonly remembers: boolean;
  readonly data: ExplainedRows;
  /** In the order of the forward pass. */
  readonly layers: readonly ExplainedLayer[];
  readonly answer: ExplainedAnswer;
  readonly loss: ExplainedLoss;
  readonly update: ExplainedUpdate;
}

/** The first values of a list that has `count`. */
export interface Strip {
  readonly values: Float32Array;
  readonly count: number;
}

export interface ExplainedRows {
  /** The first features, and how many more there are. */
  readonly features: readonly ExplainedFeature[];
  readonly moreFeatures: number;
  /** Rows of the batch around the chosen one. */
  readonly rows: readonly ExplainedRow[];
  /** The column that is predicted. */
  readonly target: string;
}

export interface ExplainedFeature {
  readonly name: string;
  /** What each of its inputs is called: one, or one for each category. */
  readonly inputs: readonly string[];
  /** `(value * scale + offset - center) / divisor`; null where each category has an input. */
  readonly affine: {
    readonly scale: number;
    readonly offset: number;
    readonly center: number;
    readonly divisor: number;
  } | null;
}

export interface ExplainedRow {
  /** In the batch, from 0. */
  readonly row: number;
  /** Among the training rows, from 0. */
  readonly number: number;
  readonly values: readonly {
    /** As in the table: the category, or the number to six digits. */
    readonly raw: string | number;
    /** What the model gets. */
    readonly inputs: readonly number[];
  }[];
  readonly target: string;
  /** Of the row alone, before any class weight. */
  readonly loss: number;
  /** With class weights: how much the row counts in the mean over the batch. Else null. */
  readonly weight: number | null;
  /** What the model gets, where that is an image: changed at random as in training; darkest is black, lightest white. */
  readonly picture: InputImage | null;
}

/** What a layer made of the chosen row, and what the loss says of it. */
export interface ExplainedLayer {
  readonly name: string;
  readonly config: LayerConfig;
  /** Of one row. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** One for each input of the layer. */
  readonly inputs: readonly (Strip & {
    /** The layer that it comes from; null for the data. */
    readonly from: string | null;
  })[];
  /** Before the activation; null where there is none. */
  readonly sums: Strip | null;
  readonly output: Strip;
  /** Where the output is an image of many channels; null elsewhere. */
  readonly maps: FeatureMaps | null;
  /** How the loss of the batch grows with each of `sums` (else of `output`); null where it does not depend on it. */
  readonly signal: Strip | null;
  readonly signalMaps: FeatureMaps | null;
  /** Root mean square of `signal` over the whole batch. */
  readonly signalSize: number | null;
  readonly parameters: readonly ExplainedParameter[];
  readonly unit: WorkedUnit | null;
}

/** Values of a row that are images, one for each channel: the feature maps of a convolution. */
export interface FeatureMaps {
  /** [shown, ceil(height / block), ceil(width / block)]: the first channels, the mean of each block of places. */
  readonly values: Float32Array;
  readonly shown: number;
  /** Places along each side that became one: 1 but for large images. */
  readonly block: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of all values of the row. */
  readonly statistics: TensorStatistics;
}

/** Root mean squares over the whole tensor. */
export interface ExplainedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly gradient: number;
  readonly change: number;
}

/** One output of a layer worked out; `index` into the outputs of the row. */
export type WorkedUnit = { readonly index: number; readonly output: number } & (
  WeightedUnit | ActivatedUnit | DroppedUnit | NormalizedUnit
);

export interface Activated {
  readonly activation: ActivationConfig;
  /** What goes into the activation. */
  readonly sum: number;
  /** Of a softmax: the sum of e^x over the units; else null. */
  readonly total: number | null;
}

/** input · weights + bias, then the activation. */
export interface WeightedUnit extends Activated {
  readonly kind: 'weighted';
  readonly terms: readonly WeightedTerm[];
  /** Terms left out, and what they add up to. */
  readonly more: { readonly count: number; readonly sum: number } | null;
  readonly bias: number | null;
}

export interface WeightedTerm {
  readonly input: number;
  readonly weight: number;
  /** Where they stand: in the inputs of the row, and in the kernel. */
  readonly inputAt: number;
  readonly weightAt: number;
}

export interface ActivatedUnit extends Activated {
  readonly kind: 'activated';
}

export interface DroppedUnit {
  readonly kind: 'dropped';
  readonly input: number;
  readonly rate: number;
}

/** gamma (input - mean) / sqrt(variance + epsilon) + beta; mean and variance are those of the batch. */
export interface NormalizedUnit {
  readonly kind: 'normalized';
  readonly input: number;
  readonly mean: number;
  readonly variance: number;
  readonly epsilon: number;
  readonly gamma: number | null;
  readonly beta: number | null;
}

export interface ExplainedAnswer {
  readonly kind: 'classes' | 'numbers';
  /** The target's and the largest, in order; `value` is a probability for classes. */
  readonly entries: readonly AnswerEntry[];
  readonly more: number;
}

export interface AnswerEntry {
  readonly label: string;
  readonly value: number;
  readonly target: number;
}

export interface ExplainedLoss {
  readonly config: LossConfig;
  /** Of the chosen row alone. */
  readonly row: number;
  /** With class weights: how much the row counts in the mean over the batch. Else null. */
  readonly weight: number | null;
  /** Mean over the batch, each row with its weight. */
  readonly batch: number;
  /** The same after the update: same rows, same random numbers. */
  readonly after: number;
}

export interface ExplainedUpdate {
  readonly optimizer: OptimizerConfig;
  readonly conventions: Conventions;
  readonly learningRate: number;
  /** Of this update, from 1: Adam's t. */
  readonly number: number;
  /** Where several steps make an update: how many, which of them this is (from 1). Else null. */
  readonly gathering: { readonly steps: number; readonly taken: number } | null;
  /** Null for a model without parameters. */
  readonly weight: ExplainedWeight | null;
}

export interface ExplainedWeight extends WeightPlace {
  readonly shape: readonly number[];
  readonly before: number;
  /** Of the loss of this batch. */
  readonly slope: number;
  /** What the optimizer's rule gets: gathered over steps, clipped, with weight decay. */
  readonly gradient: number;
  readonly after: number;
  /** What the optimizer remembers of this weight: `velocity`, `m`, `v`, `a`, `accumulator`, `average`. */
  readonly memory: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  /** Of a kernel of two axes: `slope` is the sum over rows of input times signal. Else null. */
  readonly parts: GradientParts | null;
}

export interface GradientParts {
  readonly rows: readonly {
    readonly row: number;
    readonly input: number;
    readonly signal: number;
  }[];
  readonly more: { readonly count: number; readonly sum: number } | null;
}
