/** What is known before running about an i32 scalar: the smallest and largest value it can have. */
import type { Node } from './program.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** null when it depends on data. `count` is how often the loop runs. */
export function rangeOf(node: Node, count: number): Range | null {
  const { op, args } = node;
  if (op.kind === 'iteration') return { low: 0, high: Math.max(0, count - 1) };
  if (op.kind === 'constant' && typeof op.values === 'number') {
    return { low: op.values, high: op.values };
  }
  if (op.kind === 'broadcast' || op.kind === 'reshape') return rangeOf(args[0]!, count);
  if (op.kind !== 'binary') return null;
  const a = rangeOf(args[0]!, count);
  const b = rangeOf(args[1]!, count);
  if (a === null || b === null) return null;
  const corners = cornersOf(op.fn, a, b);
  return corners && { low: Math.min(...corners), high: Math.max(...corners) };
}

/** Values at the ends of both ranges: the extremes of functions monotonic in each argument. */
function cornersOf(fn: string, a: Range, b: Range): number[] | null {
  switch (fn) {
    case 'add':
      return [a.low + b.low, a.high + b.high];
    case 'sub':
      return [a.low - b.high, a.high - b.low];
    case 'mul':
      return [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
    case 'max':
      return [Math.max(a.low, b.low), Math.max(a.high, b.high)];
    case 'min':
      return [Math.min(a.low, b.low), Math.min(a.high, b.high)];
    default:
      return null;
  }
}
