/** The model as the rest of the core sees it: named tensors, and a forward pass it can build into IR. */
import type { LayerConfig } from '../../shared/model/layers.ts';
import type { ModelSummary } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { Augmentation } from '../augment/augmentation.ts';
import type { Builder, RandomCounter } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';

/** What the model must turn into what: known once the data are. */
export interface ModelContext {
  /** One sample, without the batch axis: `[5]`, `[32, 32, 3]`. */
  readonly inputShape: Shape;
  /** Without one, inputs are float32 numbers as they are. */
  readonly inputScale?: InputScale | null;
  /** Of images that are augmented; the data hold what the model gets where it is left out. */
  readonly augmented?: AugmentedImages | null;
  readonly target: TargetSpec;
}

export interface AugmentedImages {
  /** Of one image as the data hold it. */
  readonly shape: Shape;
  readonly augmentation: Augmentation;
}

/**
 * Inputs are `(value / divisor - mean) / std` of what the data hold; one mean and std, or one for each channel. In
 * between each sample may be standardised by itself, and at last all of its values may be whitened together.
 */
export interface InputScale {
  readonly dtype: 'u8' | 'f32';
  readonly divisor: number;
  /** After the division: less the sample's own mean, divided by its own deviation (plus `smallDeviation`). */
  readonly samplewise?: { readonly center: boolean; readonly std: boolean };
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** A symmetric matrix [values, values] of one sample's values that each sample is multiplied by, row-major. */
  readonly whitening?: Whitening;
}

/** Float32 values, little-endian, as base64: plain data that JSON can hold. */
export interface Whitening {
  readonly values: number;
  readonly matrix: string;
}

/** So that a sample, or a channel, of one value everywhere is not divided by 0; as Keras has it. */
export const smallDeviation = 1e-6;

export type TargetSpec =
  /** Targets are class indices 0 .. classes - 1. */
  | { readonly kind: 'classes'; readonly classes: number; readonly names: readonly string[] }
  /** Targets are `width` real numbers a row. */
  | { readonly kind: 'numbers'; readonly width: number };

/** A tensor of the model, named `layer/role`: `fc1/kernel` [in, out], `fc1/bias`, `bn/moving_mean`. */
export interface ModelTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  /** Fills a new tensor. `draw` gives the seeded stream of this tensor. Computed on the host in float64. */
  readonly initialize: (seed: InitialSeed) => Float32Array;
}

/** Where initial values come from: our counter-based numbers, or PyTorch's generator in file order. */
export interface InitialSeed {
  readonly seed: number;
  /** Index of the tensor among all of the model: its random stream. */
  readonly index: number;
  /** With `compat: pytorch`: the one MT19937 generator all tensors share, drawn from in order. */
  readonly torch?: { uniform(count: number, low: number, high: number): Float32Array };
  /** What the training rows are like; absent where there are none to measure. */
  readonly inputs?: () => InputMoments;
}

/** Of the model's inputs over all training rows, for each feature (the last axis). */
export interface InputMoments {
  readonly mean: Float64Array;
  /** Biased. */
  readonly variance: Float64Array;
}

export interface ForwardContext {
  readonly builder: Builder;
  readonly training: boolean;
  /** The current value of a tensor of the model. */
  tensor(name: string): Node;
  /** Random numbers of this step; each caller takes a stream of its own. */
  readonly random: RandomCounter;
  nextStream(): number;
  /** New value of a non-trainable tensor after a training step (moving averages). */
  update(name: string, value: Node): void;
  /** Told of every layer, in order: for those who want to see inside. */
  onLayer?(trace: LayerTrace): void;
}

/** What a layer makes of a batch; all nodes have the batch axis in front. */
export interface LayerTrace {
  readonly name: string;
  readonly inputs: readonly Node[];
  /** Before the activation; `value` itself where there is none. */
  readonly sums: Node;
  readonly value: Node;
}

/** A layer as those see it who write the model down elsewhere. */
export interface ModelLayer {
  readonly name: string;
  readonly config: LayerConfig;
  /** Indices into `Model.layers`, or the rows of the data. */
  readonly sources: readonly (number | 'data')[];
  /** Without the batch axis, as all shapes here. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

export interface Model {
  readonly context: ModelContext;
  /** Those that the output depends on, each after its sources. */
  readonly layers: readonly ModelLayer[];
  readonly tensors: readonly ModelTensor[];
  readonly summary: ModelSummary;
  /** Shape of one output, without the batch axis. */
  readonly outputShape: Shape;
  /** Activation of the last layer, kept apart so that a loss can use the logits: see Output. */
  forward(x: Node, context: ForwardContext): Output;
}

export interface Output {
  /** After the last activation: [batch, ...outputShape]. */
  readonly value: Node;
  /** Before it, when the last activation is softmax, log_softmax or sigmoid; else undefined. */
  readonly logits?: Node;
  readonly activation: 'softmax' | 'log_softmax' | 'sigmoid' | 'other';
}
