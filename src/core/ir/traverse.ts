/** Orders of visiting: every pass and backend walks the graph through these. */
import type { BufferDecl, Loop, Node } from './program.ts';

/** All nodes that `roots` depend on, each after its arguments, once. Scan bodies are not entered. */
export function topological(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  // An explicit stack: deep graphs (long unrolled recurrences) must not overflow the call stack.
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (!seen.has(root)) stack.push({ node: root, next: 0 });
    seen.add(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const arg = top.node.args[top.next++];
      if (arg === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(arg)) {
        seen.add(arg);
        stack.push({ node: arg, next: 0 });
      }
    }
  }
  return order;
}

export function loopNodes(loop: Loop): Node[] {
  return topological(loop.stores.map((store) => store.value));
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
