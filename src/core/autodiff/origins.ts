/** What the gradient of a node belongs to, for people. */
import type { Origin } from '../../shared/kernelInfo.ts';
import type { Node } from '../ir/program.ts';

/** The origin of the gradient that `node` passes on to its argument `to`. */
export function originToward(node: Node, to: Node | undefined): Origin | null {
  const { origin } = node;
  if (origin === null || origin.pass !== 'forward') return origin;
  const pass = to !== undefined && isWeight(to) ? 'weightGradient' : 'inputGradient';
  return { layer: origin.layer, pass };
}

/** Whether it is a buffer of the state, seen in any shape. */
function isWeight({ op, args }: Node): boolean {
  if (op.kind === 'load') return op.buffer.role === 'state';
  const moves = ['reshape', 'transpose', 'broadcast', 'slice'];
  return moves.includes(op.kind) && isWeight(args[0]!);
}
