/** How much work a loop is, from its shapes alone: so the same program is always run the same way. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { nodeOperations, operationsOf } from '../../ir/operations.ts';
import type { Loop, Node, Program } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';

/** At 1 to 50 thousand million a second this takes 2 to 100 ms. */
const longIteration = 1e8;

/** Some hundred microseconds, of which threads waiting for each other take a few. */
const teamIteration = 5e6;

/** Whether several threads do an iteration quicker than one. */
export function isWorthTeam(loop: Loop): boolean {
  return operationsOf(loop) > teamIteration;
}

/** Some hundred microseconds: threads that meet in each iteration take a few. */
const aheadWork = 1e6;

/** For each value that is handed over, which is copied: with less it is quicker, and stays in the caches, to do it there. */
const aheadWorkPerValue = 8;

/** Whether it pays to do what depends on nothing that the loop changes, such as changing images, an iteration ahead. */
export function isWorthAhead(loop: Loop): boolean {
  const { count, stores } = loop;
  const assigned = stores.filter(({ kind }) => kind === 'assign');
  const changed = new Set(assigned.map(({ buffer }) => buffer.name));
  if (count === 1 || changed.size === 0) return false;
  const late = new Set<Node>();
  const nodes = loopNodes(loop);
  for (const node of nodes) {
    const { op, args } = node;
    const reads = op.kind === 'load' && changed.has(op.buffer.name);
    if (reads || op.kind === 'scan' || args.some((arg) => late.has(arg))) late.add(node);
  }
  const handed = new Set(nodes.filter((node) => late.has(node)).flatMap(({ args }) => args));
  const early = nodes.filter((node) => !late.has(node));
  const work = early.reduce((sum, node) => sum + nodeOperations(node), 0);
  const values = early.reduce((sum, node) => sum + (handed.has(node) ? sizeOf(node) : 0), 0);
  return work > Math.max(aheadWork, aheadWorkPerValue * values);
}

/** Values that an iteration computes: a buffer or a constant is there. */
function sizeOf({ op, type }: Node): number {
  return op.kind === 'load' || op.kind === 'constant' ? 0 : elementCount(type.shape);
}

/** Work of some fifty microseconds: a thread with less would mostly wait for the others. */
const threadShare = 2e6;

/** How many of `threads` have enough to do in the program's largest iteration. */
export function teamSize({ loops }: Program, threads: number): number {
  const largest = Math.max(0, ...loops.map(operationsOf));
  return Math.max(1, Math.min(threads, Math.floor(largest / threadShare)));
}

/** Takes a tenth of a second or more. */
const muchWork = 2e9;

/** Whether it pays to find out how this machine runs the loop fastest. */
export function isMuchWork(loop: Loop): boolean {
  return operationsOf(loop) * loop.count > muchWork;
}

/** An iteration may keep its thread busy for longer than a request should wait. */
export function takesLong(loop: Loop): boolean {
  return operationsOf(loop) > longIteration;
}
