/** A trained model as the generators of code see it: plain data, with every number that a prediction needs. */
import type { LayerConfig, LayerOf } from '../../shared/model/layers.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { TablePreprocessing } from '../data/preprocessing.ts';

/** Layers that the generators of code know. */
const writable = [
  'Activation',
  'BatchNormalization',
  'Dense',
  'Dropout',
  'Flatten',
  'Input',
  'Normalization',
  'Rescaling',
  'Reshape',
  'SpatialDropout2D',
] as const;

export type WritableLayer = LayerOf<(typeof writable)[number]>;

export function isWritable(config: LayerConfig): config is WritableLayer {
  return (writable as readonly string[]).includes(config.type);
}

export interface CodeLayer {
  /** As in the names of its tensors. */
  readonly name: string;
  readonly config: WritableLayer;
  /** Without the batch axis. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/**
 * What the outputs mean: numbers; probabilities of the classes or scores that softmax makes such; of two classes
 * with one output the probability of the second, or its logit.
 */
export type OutputKind = 'numbers' | 'probabilities' | 'scores' | 'probability' | 'logit';

export interface ModelCode {
  /** Of the run. */
  readonly name: string;
  readonly layers: readonly CodeLayer[];
  readonly preprocessing: TablePreprocessing;
  readonly output: OutputKind;
  readonly example: InputRow;
  /** Name of the file with the weights, which lies beside the script. */
  readonly weightsFile: string;
}

/** What both languages hold as a table: how each feature becomes numbers. */
export function featureTable({ preprocessing }: ModelCode): readonly object[] {
  return preprocessing.features.map((feature) => {
    const { name, fill } = feature;
    const categories = feature.kind === 'number' ? {} : { categories: feature.categories };
    const affine = feature.kind === 'one_hot' ? {} : feature.affine;
    return { name, kind: feature.kind, ...categories, ...affine, fill };
  });
}

/** Null for numbers. */
export function classNames({ preprocessing }: ModelCode): readonly string[] | null {
  const { target } = preprocessing;
  return target.kind === 'classes' ? target.names : null;
}

/** Lines of a list, one item a line. */
export function literalLines(items: readonly unknown[], print: (item: unknown) => string): string {
  return items.map((item) => `  ${print(item)},`).join('\n');
}
