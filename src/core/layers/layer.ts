/**
 * What a layer is once its input shape is known: an output shape, named tensors, and a lowering to IR.
 * A layer kind is a rule from its config and what comes in to such a layer, or to a problem to report.
 */
import { say } from '../../shared/language.ts';
import type { ActivationConfig } from '../../shared/model/activations.ts';
import type { Conventions } from '../../shared/model/schemaKit.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { ForwardContext, ModelTensor } from '../graph/model.ts';
import type { Node } from '../ir/program.ts';

/** Shapes here have no batch axis; the nodes that `lower` sees have it in front. */
export interface Layer {
  readonly outputShape: Shape;
  readonly tensors: readonly ModelTensor[];
  /** Applied to what `lower` gives; apart from it, so that a loss can use the logits. */
  readonly activation: ActivationConfig;
  readonly lower: (inputs: AtLeastOne<Node>, context: ForwardContext) => Node;
}

/** Only layers that join branches take more than one. */
export type AtLeastOne<T> = readonly [T, ...T[]];

export interface Incoming {
  /** Name of the layer itself, the first half of its tensors' names. */
  readonly name: string;
  readonly inputs: AtLeastOne<IncomingTensor>;
  readonly conventions: Conventions;
}

export interface IncomingTensor {
  readonly shape: Shape;
  /** Where it comes from, for messages: `"fc1"` or `the data`. */
  readonly from: string;
}

/** Why a layer does not fit; `path` leads from the layer's config to the key at fault. */
export interface LayerProblem {
  readonly problem: string;
  readonly path: readonly string[];
  readonly hint?: string;
  /** With it shape inference goes on, so that later problems are found too. */
  readonly outputShape?: Shape;
}

export type LayerRule<Config> = (config: Config, incoming: Incoming) => Layer | LayerProblem;

export const linear: ActivationConfig = { type: 'linear' };

/** A layer without tensors and activation. */
export function plainLayer(outputShape: Shape, lower: Layer['lower']): Layer {
  return { outputShape, tensors: [], activation: linear, lower };
}

/** `[batch, 32, 10]` for the shape of one sample. */
export function printBatch(shape: readonly (number | string)[]): string {
  return `[${[say('batch'), ...shape].join(', ')}]`;
}

/** What a node of `[batch, ...]` has in front of the sample shape. */
export function batchSize(x: Node): number {
  return x.type.shape[0] ?? 0;
}
