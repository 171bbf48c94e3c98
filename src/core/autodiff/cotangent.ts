import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';

/** A value and the gradient that arrives at it; null for none. */
export type Cotangent = readonly [value: Node, gradient: Node | null];

/** Vector-Jacobian product: what arrives at each node of `wrt`, null where nothing does. */
export type PullBack = (
  b: Builder,
  arriving: readonly Cotangent[],
  wrt: readonly Node[],
) => (Node | null)[];
