/** How much an iteration computes, from shapes. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Loop } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import { foldOf, isContraction } from './roots.ts';

/**
 * One workgroup is done with so many terms of sums sooner than a device with starting some ten dispatches: 256
 * invocations do 64 terms each in a few microseconds.
 */
const littleWork = 2 ** 15;

export function isLittleWork(loop: Loop): boolean {
  const terms = loopNodes(loop).reduce((sum, node) => {
    const count = elementCount(node.type.shape);
    return sum + (isContraction(node) ? count * (foldOf(node)?.count ?? 1) : count / 16);
  }, 0);
  return terms <= littleWork;
}
