/** Random graphs from small numbers, so that fast-check can shrink a failing one to a few ops. */
import type { Builder } from '../../src/core/ir/builder.ts';
import type { BinaryFn, Node, UnaryFn } from '../../src/core/ir/program.ts';
import { elementCount } from '../../src/shared/tensor/tensorType.ts';
import type { CaseInput } from './opCase.ts';
import { normal } from './opCase.ts';

/** Which op, and which of the values so far it takes; all modulo what there is. */
export type Instruction = readonly [op: number, a: number, b: number];

export const graphInputs: readonly CaseInput[] = [
  normal([3, 5], 1),
  normal([5, 3], 2),
  normal([7], 3),
  normal([1, 5], 4),
  normal([2, 3, 5], 5),
];

type Step = (b: Builder, x: Node, y: Node) => Node;

/** Values stay around 1, so that errors can be told from noise. */
const steps: readonly Step[] = [
  ...(['tanh', 'sigmoid', 'neg', 'abs', 'sin'] as const).map(
    (fn: UnaryFn): Step =>
      (b, x) =>
        b.unary(fn, x),
  ),
  ...(['add', 'sub', 'mul', 'max', 'min'] as const).map(
    (fn: BinaryFn): Step =>
      (b, x, y) =>
        b.binary(fn, x, fitted(b, y, x)),
  ),
  (b, x) => b.unary('sqrt', b.add(b.mul(x, x), 0.5)),
  (b, x, y) => b.div(x, b.add(b.unary('abs', fitted(b, y, x)), 1)),
  (b, x, y) => b.select(b.compare('gt', x, 0.1), x, fitted(b, y, x)),
  (b, x) => b.mul(x, b.convert(b.compare('lt', x, 1), 'f32')),
  (b, x) => mean(b, x, [x.type.shape.length - 1]),
  (b, x) => mean(b, x, [0]),
  (b, x) => b.reduce('max', x, [x.type.shape.length - 1]),
  (b, x) => b.reshape(x, [elementCount(x.type.shape)]),
  (b, x) =>
    b.transpose(
      x,
      x.type.shape.map((_, axis) => x.type.shape.length - 1 - axis),
    ),
  (b, x) =>
    b.slice(
      x,
      x.type.shape.map((size) => Math.min(1, size - 1)),
      halves(x),
    ),
  (b, x) =>
    b.pad(
      x,
      x.type.shape.map(() => 1),
      x.type.shape.map(() => 0),
      0.5,
    ),
  (b, x) => b.concat([x, b.unary('neg', x)], 0),
  (b, x) => b.broadcast(b.reshape(x, [1, ...x.type.shape]), [2, ...x.type.shape]),
  (b, x, y) => product(b, matrix(b, x), matrix(b, y)),
  (b, x) => b.gatherRows(x, b.constant([x.type.shape[0]! - 1, 0, 0], [3], 'i32')),
  (b, x) => {
    const rows = x.type.shape[0]!;
    const at = Array.from({ length: rows }, (_, i) => (i * i) % 4);
    return b.scatterAddRows(b.constant(at, [rows], 'i32'), x, 4);
  },
];

const largest = 400;

/** The last three values of the graph; steps that do not fit a value are left out. */
export function buildGraph(
  b: Builder,
  inputs: readonly Node[],
  instructions: readonly Instruction[],
): Node[] {
  const values = [...inputs];
  for (const [op, i, j] of instructions) {
    const x = values[i % values.length]!;
    const y = values[j % values.length]!;
    const hasAxes = x.type.shape.length > 0 && x.type.shape.length < 4;
    if (!hasAxes || elementCount(x.type.shape) > largest) continue;
    values.push(steps[op % steps.length]!(b, x, y));
  }
  return values.slice(-3);
}

/** `y` as it is where its shape is that of `x`, else its mean for every element. */
function fitted(b: Builder, y: Node, x: Node): Node {
  const sameRow = y.type.shape.length === 1 && y.type.shape[0] === x.type.shape.at(-1);
  const same = y.type.shape.join() === x.type.shape.join();
  return b.broadcast(same || sameRow ? y : mean(b, y), x.type.shape);
}

function mean(b: Builder, x: Node, axes?: readonly number[]): Node {
  const sum = b.reduce('sum', x, axes);
  return b.div(sum, elementCount(x.type.shape) / elementCount(sum.type.shape));
}

function halves(x: Node): number[] {
  return x.type.shape.map((size) => Math.ceil(size / 2) - (size > 1 && size % 2 === 1 ? 1 : 0));
}

function matrix(b: Builder, x: Node): Node {
  const { shape } = x.type;
  const rows = shape[0] ?? 1;
  return b.reshape(x, [rows, elementCount(shape) / rows]);
}

/** x y, x^T y, x y^T or x x^T, whichever fits first; divided by the length of the sums. */
function product(b: Builder, x: Node, y: Node): Node {
  const [m, k] = x.type.shape as [number, number];
  const [rows, columns] = y.type.shape as [number, number];
  if (k === rows) return b.div(b.matmul(x, y), k);
  if (m === rows) return b.div(b.matmul(x, y, { transposeA: true }), m);
  if (k === columns) return b.div(b.matmul(x, y, { transposeB: true }), k);
  return b.div(b.matmul(x, x, { transposeB: true }), k);
}
