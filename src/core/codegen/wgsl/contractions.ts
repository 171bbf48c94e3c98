/** Ops whose element needs a loop: sums, extremes, products of matrices, sums of rows by index. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node, OpOf } from '../../ir/program.ts';
import { type KernelWriter, elementOf, unsupported } from './expressions.ts';
import { type Coordinates, unflatten } from './indexing.ts';

/** A kernel's writer that can also add plain statements. */
export interface LoopWriter extends KernelWriter {
  readonly lines: string[];
}

export function isContraction({ op }: Node): boolean {
  return ['argMax', 'reduce', 'matmul', 'scatterAddRows'].includes(op.kind);
}

/** Writes the loop for the element at `at` and gives the name of its value. */
export function computeRoot(writer: LoopWriter, node: Node, at: Coordinates): string {
  const { op } = node;
  if (op.kind === 'reduce') return reduceElement(writer, node, op, at);
  if (op.kind === 'matmul') return matmulElement(writer, node, op, at);
  if (op.kind === 'argMax') return argMaxElement(writer, node.args[0]!, op.axis, at);
  return scatterElement(writer, node, at);
}

function reduceElement(
  writer: LoopWriter,
  { args, type }: Node,
  { axes, fn }: OpOf<'reduce'>,
  at: Coordinates,
): string {
  const x = args[0]!;
  const sizes = axes.map((axis) => x.type.shape[axis]!);
  const inputAt = (inner: Coordinates): Coordinates => {
    const outer = [...at];
    return x.type.shape.map((_, axis) =>
      axes.includes(axis) ? inner[axes.indexOf(axis)]! : outer.shift()!,
    );
  };
  if (fn !== 'sum' && elementCount(sizes) === 0) throw unsupported(`${fn} of nothing`);
  const first =
    fn === 'sum' ? `${type.dtype}(0)` : elementOf(writer, x, inputAt(axes.map(() => '0u')));
  return accumulate(writer, { first, count: elementCount(sizes) }, (turn) => {
    const value = elementOf(writer, x, inputAt(unflatten(turn, sizes)));
    return (total) => (fn === 'sum' ? `${total} + ${value}` : `${fn}(${total}, ${value})`);
  });
}

function matmulElement(
  writer: LoopWriter,
  { args }: Node,
  { transposeA, transposeB }: OpOf<'matmul'>,
  [m = '0u', n = '0u']: Coordinates,
): string {
  const [a, b] = args as [Node, Node];
  const count = a.type.shape[transposeA ? 0 : 1]!;
  return accumulate(writer, { first: 'f32(0)', count }, (k) => {
    const left = elementOf(writer, a, transposeA ? [k, m] : [m, k]);
    const right = elementOf(writer, b, transposeB ? [n, k] : [k, n]);
    return (total) => `${total} + ${left} * ${right}`;
  });
}

function argMaxElement(writer: LoopWriter, x: Node, axis: number, at: Coordinates): string {
  const inputAt = (i: string): Coordinates => [...at.slice(0, axis), i, ...at.slice(axis)];
  writer.lines.push(`var best = ${elementOf(writer, x, inputAt('0u'))};`, 'var winner = 0i;');
  writer.lines.push(`for (var turn = 1u; turn < ${x.type.shape[axis]!}u; turn++) {`);
  const value = elementOf(writer, x, inputAt('turn'));
  writer.lines.push(`if (${value} > best) { best = ${value}; winner = i32(turn); }`, '}');
  return 'winner';
}

/** Every row looks through all updates: slow, but its sum has a fixed order. */
function scatterElement(writer: LoopWriter, { args, type }: Node, at: Coordinates): string {
  const [indices, updates] = args as [Node, Node];
  const [row = '0u', ...rest] = at;
  const first = `${type.dtype}(0)`;
  return accumulate(writer, { first, count: indices.type.shape[0]! }, (turn) => {
    const index = elementOf(writer, indices, [turn]);
    const value = elementOf(writer, updates, [turn, ...rest]);
    return (total) => `select(${total}, ${total} + ${value}, u32(${index}) == ${row})`;
  });
}

/** `total = step(total)` for `turn` from 0 to `count`; gives the name of the total. */
function accumulate(
  writer: LoopWriter,
  start: { readonly first: string; readonly count: number },
  step: (turn: string) => (total: string) => string,
): string {
  writer.lines.push(`var total = ${start.first};`);
  writer.lines.push(`for (var turn = 0u; turn < ${start.count}u; turn++) {`);
  writer.lines.push(`total = ${step('turn')('total')};`, '}');
  return 'total';
}
