/**
 * i32 scalars that the host can work out itself, such as the number of a step: reading them back from the device would
 * make it wait for everything before.
 */
import type { Node, Program } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';

export interface HostNumbers {
  /** Buffers whose value the host knows at any time. */
  readonly buffers: ReadonlySet<string>;
  /** Whether `valueOf` can work the node out. */
  readonly has: (node: Node) => boolean;
}

/** What is true while an iteration runs. */
export interface Moment {
  readonly iteration: number;
  readonly load: (buffer: string) => number;
}

export function findHostNumbers(program: Program): HostNumbers {
  const buffers = new Set(
    program.buffers
      .filter(
        ({ type, role }) => type.dtype === 'i32' && type.shape.length === 0 && role !== 'column',
      )
      .map(({ name }) => name),
  );
  const stores = program.loops.flatMap((loop) => loop.stores);
  // A buffer that takes a value from elsewhere leaves, which may make others leave.
  for (let size = -1; size !== buffers.size;) {
    size = buffers.size;
    const known = knownNodes(program, buffers);
    for (const { buffer, value } of stores) if (!known.has(value)) buffers.delete(buffer.name);
  }
  const known = knownNodes(program, buffers);
  return { buffers, has: (node) => known.has(node) };
}

function knownNodes({ loops }: Program, buffers: ReadonlySet<string>): Set<Node> {
  const known = new Set<Node>();
  for (const node of loops.flatMap(loopNodes)) if (isKnown(node, buffers, known)) known.add(node);
  return known;
}

const computed = new Set(['add', 'sub', 'mul', 'div', 'max', 'min']);

function isKnown(
  { op, type, args }: Node,
  buffers: ReadonlySet<string>,
  known: Set<Node>,
): boolean {
  if (type.dtype !== 'i32' || type.shape.length > 0) return false;
  switch (op.kind) {
    case 'iteration':
      return true;
    case 'constant':
      return true;
    case 'load':
      return buffers.has(op.buffer.name);
    case 'binary':
      return computed.has(op.fn) && args.every((arg) => known.has(arg));
    default:
      return false;
  }
}

/** As on a device: wraps, and division truncates and by zero gives 0. */
export function valueOf(node: Node, moment: Moment): number {
  const { op, args } = node;
  if (op.kind === 'iteration') return moment.iteration;
  if (op.kind === 'load') return moment.load(op.buffer.name);
  if (op.kind === 'constant') return [op.values].flat()[0]! | 0;
  const [x = 0, y = 0] = args.map((arg) => valueOf(arg, moment));
  if (op.kind !== 'binary') throw new Error(`internal: ${op.kind} is no host number`);
  switch (op.fn) {
    case 'add':
      return (x + y) | 0;
    case 'sub':
      return (x - y) | 0;
    case 'mul':
      return Math.imul(x, y);
    case 'div':
      return y === 0 ? 0 : (x / y) | 0;
    case 'max':
      return Math.max(x, y);
    default:
      return Math.min(x, y);
  }
}
