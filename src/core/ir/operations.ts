/** How much arithmetic a loop is, counted from its shapes alone. */
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Loop, Node } from './program.ts';
import { loopNodes, topological } from './traverse.ts';

/** Operations on single numbers in one iteration. */
export function operationsOf(loop: Loop): number {
  return sumOf(loopNodes(loop));
}

function sumOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + nodeOperations(node), 0);
}

/** Of one node in one iteration. */
export function nodeOperations({ op, args, type }: Node): number {
  const elements = elementCount(type.shape);
  const sizeOf = (index: number): number => elementCount(args[index]!.type.shape);
  switch (op.kind) {
    // A data set is as large as it is; an iteration takes its rows.
    case 'load':
      return 0;
    case 'matmul':
      return 2 * elements * args[0]!.type.shape[op.transposeA ? 0 : 1]!;
    // A product for each element of the output and each tap of one of its channels.
    case 'conv2d':
      return (2 * elements * sizeOf(1)) / type.shape[3]!;
    case 'conv2dInputGrad':
      return (2 * sizeOf(0) * sizeOf(1)) / args[1]!.type.shape[3]!;
    case 'conv2dFilterGrad':
      return (2 * elements * sizeOf(1)) / type.shape[3]!;
    case 'maxPool2d':
      return elements * op.geometry.window[0] * op.geometry.window[1];
    case 'reduce':
      return sizeOf(0);
    case 'scan':
      return op.scan.count * sumOf(topological([...op.scan.carries, ...op.scan.outputs]));
    default:
      return elements;
  }
}
