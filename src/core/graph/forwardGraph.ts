/** The forward pass of one row as a graph, for those who write it down in another language. */
import type { Node } from '../ir/program.ts';

/** A layer's value in the graph. */
export interface LayerValue {
  readonly name: string;
  /** As in the config: `Conv2D`. */
  readonly type: string;
  readonly value: Node;
}

export interface ForwardGraph {
  /** One row as the data have it: [1, ...shape], bytes where they are pixels. */
  readonly input: Node;
  /** [1, ...outputShape] */
  readonly output: Node;
  /** In the order of the model. */
  readonly layers: readonly LayerValue[];
}
