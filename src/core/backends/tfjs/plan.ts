/**
 * What an iteration of a loop computes on the device, in which order, and when each value is no longer needed. Operands
 * that are only spread out for an elementwise op are taken as they were: TensorFlow.js spreads them itself.
 */
import type { Loop, Node } from '../../ir/program.ts';
import { topological } from '../../ir/traverse.ts';
import type { HostNumbers } from './hostNumbers.ts';

export interface Step {
  readonly node: Node;
  readonly operands: readonly Node[];
  /** Values that no later step needs. */
  readonly frees: readonly Node[];
}

export interface LoopPlan {
  readonly loop: Loop;
  readonly steps: readonly Step[];
}

const spreading = new Set(['binary', 'compare', 'select']);

/** Values that outlive an iteration: buffers, and what never changes. */
export function isResident({ op }: Node): boolean {
  return op.kind === 'load' || op.kind === 'constant' || op.kind === 'iota';
}

export function planLoop(loop: Loop, numbers: HostNumbers): LoopPlan {
  const stored = loop.stores.map(({ value }) => value).filter((value) => !numbers.has(value));
  const nodes = topological(stored, (node) => operandsOf(node, numbers)).filter(
    (node) => !isResident(node) || numbers.has(node),
  );
  const lastUses = new Map<Node, Node>();
  for (const node of nodes) {
    for (const operand of operandsOf(node, numbers)) lastUses.set(operand, node);
  }
  for (const value of stored) lastUses.delete(value);
  const frees = new Map<Node, Node[]>(nodes.map((node) => [node, []]));
  for (const [operand, by] of lastUses) if (frees.has(operand)) frees.get(by)!.push(operand);
  const steps = nodes.map((node) => ({
    node,
    operands: operandsOf(node, numbers),
    frees: frees.get(node)!,
  }));
  return { loop, steps };
}

function operandsOf(node: Node, numbers: HostNumbers): readonly Node[] {
  const { op, args } = node;
  if (numbers.has(node)) return [];
  if (spreading.has(op.kind)) return args.map(unspread);
  if (op.kind === 'randomBits') return args.filter((arg) => !numbers.has(arg));
  if (op.kind === 'dynamicRows') return args.filter((arg, i) => i === 0 || !numbers.has(arg));
  return args;
}

function unspread(node: Node): Node {
  return node.op.kind === 'broadcast' ? unspread(node.args[0]!) : node;
}
