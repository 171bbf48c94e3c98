/**
 * Long iterations come to a gate before they change any buffer. Whoever holds it shut meanwhile reads buffers as they
 * were before the iteration, for as long as it likes; the iteration waits there and nothing of its work is lost.
 */
import type { FunctionBuilder } from './asm.ts';
import { blockOf, type Cluster } from './clusters.ts';
import { operationsOf } from './operations.ts';
import { gateAddress } from './staticMemory.ts';

/** States of the gate. A run begins with it open; its first iteration that comes through leaves it passed. */
export const gate = { open: 0, passed: 1, held: 2 } as const;

/** A kernel with a larger share of the operations of its block comes before the gate; mostly an iteration is one block. */
const muchWork = 0.01;

/**
 * Index of the first cluster behind the gate: what comes after the last large kernel, which is the update of the
 * parameters, so that it is soon done.
 */
export function clustersBeforeGate(clusters: readonly Cluster[]): number {
  const work = clusters.map(({ members }) => members.reduce((sum, m) => sum + operationsOf(m), 0));
  const blocks = clusters.map(({ members }) => blockOf(members[0]!));
  const ofBlock = new Map<number, number>();
  blocks.forEach((block, i) => ofBlock.set(block, (ofBlock.get(block) ?? 0) + work[i]!));
  const isLarge = (i: number) => work[i]! > muchWork * ofBlock.get(blocks[i]!)!;
  return clusters.findLastIndex(({ kind }, i) => kind !== 'map' && isLarge(i)) + 1;
}

/** Goes through, or waits while the gate is held. For one thread of a team. */
export function passGate(f: FunctionBuilder): void {
  const [open, passed, held] = [f.int(gate.open), f.int(gate.passed), f.int(gate.held)];
  const before = f.atomic('compareExchange', gateAddress, open, passed);
  f.loopWhile(f.plain('i32Eq', before, held), () => f.drop(f.atomicWait(gateAddress, held)));
}
