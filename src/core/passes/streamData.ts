/**
 * Input: any program without scans. Output: a program with the same stores in which rows of large data are taken from a
 * window of two halves instead of from the whole, and what the host has to put there. Only data whose rows each iteration
 * takes by a formula of its own (in order, or by an order that the host writes) can stream. Guarantee: every stored value
 * keeps its bits.
 */
import { type TensorType, bytesPerElement, elementCount } from '../../shared/tensor/tensorType.ts';
import { Builder } from '../ir/builder.ts';
import type { BufferDecl, Loop, Node, Program } from '../ir/program.ts';
import { loopNodes, topological } from '../ir/traverse.ts';

/** The rows that the iterations of a loop take. */
export interface StreamUse {
  /** By iteration: the first row, of the order where there is one. */
  readonly first: Int32Array;
  /** Of an iteration. */
  readonly rows: number;
  /** Name of the i32 buffer that says which rows of the data those are; null for the data as they are. */
  readonly order: string | null;
  /** Iterations that one half of the window holds. */
  readonly perHalf: number;
  /** Name of the i32 buffer [count]: where in the window each iteration finds its rows. */
  readonly places: string;
}

export interface Stream {
  /** The whole, as the program had it; the window has its name. */
  readonly data: BufferDecl;
  /** Rows of each half. */
  readonly halfRows: number;
  /** By loop. */
  readonly uses: ReadonlyMap<string, StreamUse>;
}

export interface StreamedProgram {
  readonly program: Program;
  readonly streams: readonly Stream[];
}

interface Taken {
  readonly node: Node;
  readonly loop: Loop;
  readonly start: Node;
  readonly rows: number;
  readonly order: string | null;
}

/** `halfBytes`: about so much of each. Data that would not become smaller stay. */
export function streamData(program: Program, halfBytes: number): StreamedProgram {
  const streams = program.buffers
    .filter(({ role }) => role === 'data')
    .flatMap((data) => planStream(program, data, halfBytes) ?? []);
  const byName = new Map(streams.map((stream) => [stream.data.name, stream]));
  const b = new Builder();
  const loops = program.loops.map((loop) => rebuildLoop(b, loop, byName));
  return { program: b.program(program.name, loops), streams };
}

function planStream(program: Program, data: BufferDecl, halfBytes: number): Stream | null {
  const taken = program.loops.flatMap((loop) => takenRows(loop, data) ?? [null]);
  if (taken.length === 0 || taken.includes(null)) return null;
  const each = taken as Taken[];
  const rowBytes = bytesOfRow(data.type);
  const largest = Math.max(...each.map(({ rows }) => rows));
  // Halves begin at whole words, however many bytes a row has.
  const halfRows = 4 * Math.ceil(Math.max(halfBytes / rowBytes, largest) / 4);
  if (2 * halfRows >= data.type.shape[0]!) return null;
  const uses = each.map(({ loop, start, rows, order }): [string, StreamUse] => {
    const first = Int32Array.from({ length: loop.count }, (_, i) => startOf(start, i));
    const perHalf = Math.floor(halfRows / rows);
    return [loop.name, { first, rows, order, perHalf, places: `stream/${data.name}/${loop.name}` }];
  });
  return { data, halfRows, uses: new Map(uses) };
}

function bytesOfRow({ dtype, shape }: TensorType): number {
  return elementCount(shape.slice(1)) * bytesPerElement(dtype);
}

/** How the loop takes rows of the data; null where it does otherwise, or more than once. */
function takenRows(loop: Loop, data: BufferDecl): Taken[] | null {
  const nodes = loopNodes(loop);
  const readers = nodes.filter(({ args }) => args.some((arg) => isLoadOf(arg, data.name)));
  const stored = loop.stores.some(({ value }) => isLoadOf(value, data.name));
  if (readers.length === 0 && !stored) return [];
  const [node] = readers;
  if (node === undefined || readers.length > 1 || stored) return null;
  const [, at] = node.args as [Node, Node];
  const rows = node.type.shape[0]!;
  if (node.op.kind === 'dynamicRows') {
    return isFormula(at) ? [{ node, loop, start: at, rows, order: null }] : null;
  }
  if (node.op.kind !== 'gatherRows' || at.op.kind !== 'dynamicRows') return null;
  const [from, start] = at.args as [Node, Node];
  if (from.op.kind !== 'load' || !isFormula(start)) return null;
  const order = from.op.buffer.name;
  return isWritten(loop, order) ? null : [{ node, loop, start, rows, order }];
}

function isLoadOf({ op }: Node, name: string): boolean {
  return op.kind === 'load' && op.buffer.name === name;
}

function isWritten({ stores }: Loop, name: string): boolean {
  return stores.some(({ buffer }) => buffer.name === name);
}

/** Of the iteration alone. */
function isFormula(node: Node): boolean {
  return topological([node]).every(({ op }) => {
    if (op.kind === 'binary') return op.fn === 'add' || op.fn === 'mul' || op.fn === 'sub';
    if (op.kind === 'constant') return typeof op.values === 'number';
    return op.kind === 'iteration';
  });
}

function startOf({ op, args }: Node, iteration: number): number {
  if (op.kind === 'iteration') return iteration;
  if (op.kind === 'constant') return op.values as number;
  const [a = 0, b = 0] = args.map((arg) => startOf(arg, iteration));
  const fn = op.kind === 'binary' ? op.fn : 'add';
  if (fn === 'mul') return a * b;
  return fn === 'sub' ? a - b : a + b;
}

function rebuildLoop(b: Builder, loop: Loop, streams: ReadonlyMap<string, Stream>): Loop {
  const made = new Map<Node, Node>();
  for (const node of topological(loop.stores.map(({ value }) => value))) {
    const streamed = windowRows(b, node, { loop, streams });
    const args = () => node.args.map((arg) => made.get(arg)!);
    made.set(node, streamed ?? b.from(node.origin, () => b.make(node.op, args(), node.type)));
  }
  return { ...loop, stores: loop.stores.map((s) => ({ ...s, value: made.get(s.value)! })) };
}

/** The rows out of the window; null for nodes that take none. */
function windowRows(
  b: Builder,
  { args: [from], type, origin }: Node,
  { loop, streams }: { readonly loop: Loop; readonly streams: ReadonlyMap<string, Stream> },
): Node | null {
  const stream = from?.op.kind === 'load' ? streams.get(from.op.buffer.name) : undefined;
  const use = stream?.uses.get(loop.name);
  if (stream === undefined || use === undefined) return null;
  const { name, type: whole } = stream.data;
  const shape = [2 * stream.halfRows, ...whole.shape.slice(1)];
  return b.from(origin, () => {
    const window = b.load(b.buffer(name, 'data', whole.dtype, shape));
    const places = b.load(b.buffer(use.places, 'state', 'i32', [loop.count]));
    const place = b.reshape(b.dynamicRows(places, b.iteration(), 1), []);
    return b.dynamicRows(window, place, type.shape[0]!);
  });
}
