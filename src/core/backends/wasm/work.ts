/** How much work a loop is, from its shapes alone: so the same program is always run the same way. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Loop, Node } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';

/** At 1 to 50 thousand million a second this takes 2 to 100 ms. */
const longIteration = 1e8;

/** An iteration may keep its thread busy for longer than a request should wait. */
export function takesLong(loop: Loop): boolean {
  return operationsOf(loop) > longIteration;
}

/** Operations on single numbers in one iteration. */
export function operationsOf(loop: Loop): number {
  return loopNodes(loop).reduce((sum, node) => sum + nodeOperations(node), 0);
}

function nodeOperations({ op, args, type }: Node): number {
  const elements = elementCount(type.shape);
  if (op.kind !== 'matmul') return elements;
  return 2 * elements * args[0]!.type.shape[op.transposeA ? 0 : 1]!;
}
