/** Orders of visiting: every pass and backend walks the graph through these. */
import type { BufferDecl, Loop, Node, Scan } from './program.ts';

/**
 * All nodes that `roots` depend on, each after what it depends on, once. By default a node depends on
 * its arguments; scan bodies are not entered.
 */
export function topological(
  roots: readonly Node[],
  dependencies: (node: Node) => readonly Node[] = ({ args }) => args,
): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  // An explicit stack: deep graphs (long unrolled recurrences) must not overflow the call stack.
  const stack: { node: Node; next: number; before: readonly Node[] }[] = [];
  const push = (node: Node): void => {
    if (!seen.has(node)) stack.push({ node, next: 0, before: dependencies(node) });
    seen.add(node);
  };
  for (const root of roots) {
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const earlier = top.before[top.next++];
      if (earlier === undefined) {
        order.push(top.node);
        stack.pop();
      } else {
        push(earlier);
      }
    }
  }
  return order;
}

export function loopNodes(loop: Loop): Node[] {
  return topological(loop.stores.map((store) => store.value));
}

/**
 * The f32 values that a scan body takes from outside of it: those that its own nodes use directly and
 * that depend on none of its inputs. A body may use any outer value; it is the same in every turn.
 */
export function capturedNodes(scan: Scan): Node[] {
  const dependencies = ({ op, args }: Node): readonly Node[] =>
    op.kind === 'scan' ? [...args, ...capturedNodes(op.scan)] : args;
  const roots = [...scan.carries, ...scan.outputs];
  const inside = new Set<Node>(scan.inputs);
  const captured = new Set<Node>();
  const take = (node: Node): void => {
    if (!inside.has(node) && node.type.dtype === 'f32') captured.add(node);
  };
  for (const node of topological(roots, dependencies)) {
    const before = dependencies(node);
    if (!before.some((earlier) => inside.has(earlier))) continue;
    inside.add(node);
    before.forEach(take);
  }
  roots.forEach(take);
  return [...captured];
}

/** Buffers in the order in which the loops first load or store them. */
export function collectBuffers(loops: readonly Loop[]): BufferDecl[] {
  const buffers = new Map<string, BufferDecl>();
  const visit = (nodes: readonly Node[]): void => {
    for (const { op } of nodes) {
      if (op.kind === 'load') buffers.set(op.buffer.name, op.buffer);
      if (op.kind === 'scan') visit(topological([...op.scan.carries, ...op.scan.outputs]));
    }
  };
  for (const loop of loops) {
    visit(loopNodes(loop));
    for (const { buffer } of loop.stores) buffers.set(buffer.name, buffer);
  }
  return [...buffers.values()];
}
