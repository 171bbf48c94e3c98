/**
 * Input: any program. Output: a program with the same buffers, loops and stores whose graphs are
 * smaller: constants folded, identities removed, moves of moves merged, equal nodes joined.
 *
 * Guarantee: every stored value keeps its bits in float32, the sign of zero included, and a NaN stays a
 * NaN (its sign and payload are nobody's). So a rewrite such as x * 0 = 0 or x + 0 = x is not here. Folded constants are rounded to float32, which is
 * why the float64 reference should be given programs as they were built.
 */
import { Builder } from '../ir/builder.ts';
import type { Loop, Node, Op, Program, Scan } from '../ir/program.ts';
import { topological } from '../ir/traverse.ts';
import { foldConstants } from './foldConstants.ts';
import { removeIdentity } from './identities.ts';
import { mergeMoves } from './mergeMoves.ts';

export function simplify(program: Program): Program {
  const b = new Builder();
  const rebuilt = new Map<Node, Node>();
  const loops = program.loops.map((loop): Loop => {
    rebuild(
      b,
      loop.stores.map((store) => store.value),
      rebuilt,
    );
    const stores = loop.stores.map((store) => ({ ...store, value: rebuilt.get(store.value)! }));
    return { ...loop, stores };
  });
  return { ...program, loops };
}

function rebuild(b: Builder, roots: readonly Node[], rebuilt: Map<Node, Node>): void {
  for (const node of topological(roots)) {
    if (rebuilt.has(node)) continue;
    const op = rebuildScan(b, node.op, rebuilt);
    const args = node.args.map((arg) => rebuilt.get(arg)!);
    const made = b.inBlock(node.block, () =>
      b.from(node.origin, () => smaller(b, b.make(op, args, node.type))),
    );
    rebuilt.set(node, made);
  }
}

/** Scan inputs keep their names, which are unique in the program. */
function rebuildScan(b: Builder, op: Op, rebuilt: Map<Node, Node>): Op {
  if (op.kind !== 'scan') return op;
  const { count, inputs, carries, outputs } = op.scan;
  const parts = [inputs, carries, outputs];
  rebuild(b, parts.flat(), rebuilt);
  const [newInputs, newCarries, newOutputs] = parts.map((nodes) =>
    nodes.map((node) => rebuilt.get(node)!),
  ) as [Node[], Node[], Node[]];
  const scan: Scan = { count, inputs: newInputs, carries: newCarries, outputs: newOutputs };
  return { kind: 'scan', scan };
}

/** Applies rules until none fits. Arguments are simple already, so this ends after a few turns. */
function smaller(b: Builder, node: Node): Node {
  const next = foldConstants(b, node) ?? removeIdentity(b, node) ?? mergeMoves(b, node);
  return next === null ? node : smaller(b, next);
}
