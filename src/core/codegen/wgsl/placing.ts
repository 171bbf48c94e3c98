/**
 * Which nodes of a loop are computed once and kept, instead of in place wherever they are read: contractions, what
 * is stored, and elementwise values that would be computed several times over (several readers, or a reader that
 * reads an element often).
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Loop, Node, OpKind } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import { isContraction } from './roots.ts';

const elementwise = new Set<OpKind>(['unary', 'binary', 'compare', 'select', 'convert']);
const computing = new Set<OpKind>([...elementwise, 'concat', 'pad', 'randomBits']);

/** Element i needs element i of the arguments alone. */
export function isElementwise({ op }: Node): boolean {
  return elementwise.has(op.kind);
}

/** Nodes to be kept, each after those that it depends on. */
export function placedNodes(loop: Loop): Node[] {
  const nodes = loopNodes(loop);
  const stored = new Set(loop.stores.map(({ value }) => value));
  const readers = readersOf(nodes);
  return nodes.filter(
    (node) =>
      isContraction(node) || stored.has(node) || (isCostly(node) && isRepeated(node, readers)),
  );
}

function readersOf(nodes: readonly Node[]): Map<Node, Node[]> {
  const readers = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const arg of new Set(node.args)) readers.get(arg)!.push(node);
  return readers;
}

/** Arithmetic on integer scalars (which row, which step) is cheaper than memory. */
function isCostly({ op, type }: Node): boolean {
  return computing.has(op.kind) && !(type.dtype === 'i32' && elementCount(type.shape) === 1);
}

function isRepeated(node: Node, readers: ReadonlyMap<Node, readonly Node[]>): boolean {
  const direct = readers.get(node)!;
  return direct.length > 1 || direct.some((reader) => readsOften(node, reader, readers));
}

/** Whether `reader` or, through moves, a reader of it takes an element of `node` more than once. */
function readsOften(
  node: Node,
  reader: Node,
  readers: ReadonlyMap<Node, readonly Node[]>,
): boolean {
  if (reader.op.kind === 'reduce') return false;
  if (isContraction(reader)) return true;
  if (computing.has(reader.op.kind)) return false;
  if (elementCount(reader.type.shape) > elementCount(node.type.shape)) return true;
  return isRepeated(reader, readers);
}
