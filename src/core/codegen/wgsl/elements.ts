/**
 * The value of one element of a node. Elementwise ops and moves are written in place, so chains of them fuse into
 * whatever kernel needs them; what has memory of its own is read from it. A contraction never is computed in place:
 * it is the root of a kernel (roots.ts).
 */
import { unreachable } from '../../../shared/errors.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node, OpOf } from '../../ir/program.ts';
import { type Coordinates, flatten, index, plus, reshaped } from './indexing.ts';
import type { KernelWriter } from './kernelWriter.ts';
import { binaryText, compareText, convertText, unaryText } from './operators.ts';
import { literal, valueType } from './scalars.ts';

export interface ElementWriter extends KernelWriter {
  /** An expression for the element with a flat index, or null where a node has no memory for this kernel. */
  reader(node: Node): ((flat: string) => string) | null;
}

/** The name (or literal) of the element of `node` at `at`. */
export function elementOf(w: ElementWriter, node: Node, at: Coordinates): string {
  const key = elementKey(node, at);
  const known = w.recall(key);
  if (known !== null) return known;
  const value = w.let(readElement(w, node, at) ?? computed(w, node, at));
  w.remember(key, value);
  return value;
}

/** Makes `elementOf` give `name` for this element from now on. */
export function bindElement(w: KernelWriter, node: Node, at: Coordinates, name: string): void {
  w.remember(elementKey(node, at), name);
}

function elementKey(node: Node, at: Coordinates): string {
  return `#${node.id}[${at.join()}]`;
}

function readElement(w: ElementWriter, node: Node, at: Coordinates): string | null {
  const read = w.reader(node);
  return read === null ? null : read(flatten(w, at, node.type.shape));
}

/** The element as its op says, from the elements of its arguments. */
function computed(w: ElementWriter, node: Node, at: Coordinates): string {
  const { op, args, type } = node;
  const from = args[0]!;
  switch (op.kind) {
    case 'iteration':
      return 'step';
    case 'iota':
      return `i32(${at[op.axis]!})`;
    case 'constant':
      return constantElement(w, node, op, at);
    case 'unary':
      return unaryText(op.fn, elementOf(w, from, at), from.type.dtype);
    case 'binary':
      return binaryText(op.fn, elementOf(w, from, at), elementOf(w, args[1]!, at), type.dtype);
    case 'compare':
      return compareText(op.fn, elementOf(w, from, at), elementOf(w, args[1]!, at));
    case 'select': {
      const [condition, yes, no] = args.map((arg) => elementOf(w, arg, at));
      return `select(${no!}, ${yes!}, ${condition!})`;
    }
    case 'convert':
      return convertText(elementOf(w, from, at), from.type.dtype, type.dtype);
    case 'randomBits': {
      const [seed, epoch, step] = args.map((arg) => elementOf(w, arg, []));
      const element = plus(w, flatten(w, at, type.shape), index(op.first));
      return `randomWord(${seed!}, ${index(op.stream)}, ${epoch!}, ${step!}, ${element})`;
    }
    case 'pad':
      return paddedElement(w, node, op, at);
    case 'concat':
      return concatElement(w, node, op.axis, at);
    case 'broadcast':
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'dynamicRows':
    case 'gatherRows':
      return elementOf(w, from, movedFrom(w, node, at));
    case 'load':
    case 'reduce':
    case 'argMax':
    case 'matmul':
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dFilterGrad':
    case 'maxPool2d':
    case 'maxPool2dInputGrad':
    case 'scatterAddRows':
    case 'scan':
    case 'scanResult':
    case 'scanInput':
      throw new Error(`internal: ${op.kind} computed in place`);
    default:
      return unreachable(op);
  }
}

/** Where a move takes its element from. */
function movedFrom(w: ElementWriter, { op, args, type }: Node, at: Coordinates): Coordinates {
  const from = args[0]!.type.shape;
  const [row = '0u', ...rest] = at;
  switch (op.kind) {
    case 'broadcast':
      return at.slice(at.length - from.length).map((c, i) => (from[i] === 1 ? '0u' : c));
    case 'reshape':
      return reshaped(w, at, type.shape, from);
    case 'transpose':
      return from.map((_, axis) => at[op.permutation.indexOf(axis)]!);
    case 'slice':
      return at.map((c, axis) => plus(w, c, index(op.starts[axis]!)));
    case 'dynamicRows':
      return [plus(w, row, w.let(`u32(${elementOf(w, args[1]!, [])})`)), ...rest];
    case 'gatherRows':
      return [w.let(`u32(${elementOf(w, args[1]!, [row])})`), ...rest];
    default:
      throw new Error(`internal: ${op.kind} is no move`);
  }
}

function constantElement(
  w: KernelWriter,
  { type }: Node,
  { values }: OpOf<'constant'>,
  at: Coordinates,
): string {
  if (typeof values === 'number') return literal(values, type.dtype);
  const items = values.map((value) => literal(value, type.dtype)).join(', ');
  if (values.length === 1) return items;
  const list = w.variable(`array<${valueType(type.dtype)}, ${values.length}>(${items})`);
  return `${list}[${flatten(w, at, type.shape)}]`;
}

/** `value` where the condition holds, computed only there; else `other`. */
export function guarded(
  w: KernelWriter,
  condition: string,
  other: string,
  value: () => string,
): string {
  const result = w.variable(other);
  w.block(`if (${condition})`, () => w.line(`${result} = ${value()};`));
  return result;
}

/** Indices left of the padding wrap around to huge ones, so one comparison sees both sides. */
function paddedElement(
  w: ElementWriter,
  { args, type }: Node,
  { before, value }: OpOf<'pad'>,
  at: Coordinates,
): string {
  const from = args[0]!;
  const other = literal(value, type.dtype);
  if (elementCount(from.type.shape) === 0) return other;
  const inner = at.map((c, axis) =>
    before[axis] === 0 ? c : w.let(`${c} - ${index(before[axis]!)}`),
  );
  const inside = inner.map((c, axis) => `${c} < ${index(from.type.shape[axis]!)}`).join(' && ');
  if (at.length === 0) return elementOf(w, from, at);
  return guarded(w, inside, other, () => elementOf(w, from, inner));
}

function concatElement(
  w: ElementWriter,
  { args, type }: Node,
  axis: number,
  at: Coordinates,
): string {
  const result = w.variable(literal(0, type.dtype));
  let start = 0;
  for (const part of args) {
    const size = part.type.shape[axis]!;
    const begins = start;
    start += size;
    if (elementCount(part.type.shape) === 0) continue;
    const own = at[axis]!;
    w.block(`if (${own} >= ${index(begins)} && ${own} < ${index(start)})`, () => {
      const shifted = begins === 0 ? own : w.let(`${own} - ${index(begins)}`);
      w.line(`${result} = ${elementOf(w, part, at.with(axis, shifted))};`);
    });
  }
  return result;
}
