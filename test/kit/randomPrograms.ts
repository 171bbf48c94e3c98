/** Random programs from a seed: chains of every op that moves, combines or reduces, small enough to read when one fails. */
import { Builder } from '../../src/core/ir/builder.ts';
import type { BufferDecl, Node, Program } from '../../src/core/ir/program.ts';
import { randomSource } from '../../src/core/random/threefry.ts';
import { elementCount, type Shape } from '../../src/shared/tensor/tensorType.ts';

const sizes = [1, 2, 3, 4, 5, 7, 10, 17, 20];
const steps = 14;
/** Of the only loop, `loop`. */
export const iterations = 3;

/** Draws from a list or a range by the words of one seed. */
export class Choice {
  private readonly source: ReturnType<typeof randomSource>;

  constructor(seed: number) {
    this.source = randomSource({ seed, stream: 40 });
  }

  below(count: number): number {
    return this.source.word() % count;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** Keeps numbers small, so that no sum or product of a few of them leaves the exact integers. */
function small(b: Builder, x: Node): Node {
  return b.binary('max', b.binary('min', x, 8), -8);
}

type Move = (b: Builder, choice: Choice, x: Node, others: readonly Node[]) => Node;

const moves: readonly Move[] = [
  (b, choice, x) => b.unary(choice.of(['abs', 'neg', 'sign', 'floor'] as const), x),
  (b, choice, x) =>
    small(b, b.binary(choice.of(['add', 'sub', 'mul'] as const), x, choice.below(7) - 3)),
  (b, choice, x, others) => {
    const y = choice.of(others.filter((other) => sameShapeAs(other, x)).concat(x));
    return small(b, b.binary(choice.of(['add', 'sub', 'mul', 'max', 'min'] as const), x, y));
  },
  (b, choice, x, others) => {
    const y = choice.of(others.filter((other) => sameShapeAs(other, x)).concat(x));
    return b.select(b.compare(choice.of(['lt', 'ge', 'eq'] as const), x, 1), y, b.unary('neg', x));
  },
  (b, _, x) => b.convert(b.compare('gt', x, 0), 'f32'),
  (b, choice, x) => {
    const axes = x.type.shape.map((_, axis) => axis).filter(() => choice.below(2) === 0);
    const sum = b.reduce(choice.of(['sum', 'max', 'min'] as const), x, axes, choice.below(2) === 0);
    return small(b, sum);
  },
  (b, choice, x) => {
    const axis = choice.below(Math.max(1, x.type.shape.length));
    if (x.type.shape.length === 0) return x;
    const largest = b.reduce('max', x, [axis], true);
    return small(b, b.sub(x, largest));
  },
  (b, choice, x) =>
    x.type.shape.length === 0
      ? x
      : b.convert(b.argMax(x, choice.below(x.type.shape.length)), 'f32'),
  (b, _, x) =>
    b.transpose(
      x,
      x.type.shape.map((_, axis) => x.type.shape.length - 1 - axis),
    ),
  (b, _, x) => b.reshape(x, [elementCount(x.type.shape)]),
  (b, choice, x) => b.reshape(x, [...x.type.shape, 1].toSpliced(choice.below(2), 0, 1)),
  (b, choice, x) => b.broadcast(x, [choice.of([2, 3, 5]), ...x.type.shape]),
  (b, choice, x) => {
    const starts = x.type.shape.map((size) => choice.below(size));
    return b.slice(
      x,
      starts,
      x.type.shape.map((size, axis) => size - starts[axis]!),
    );
  },
  (b, choice, x) => {
    const ends = x.type.shape.map(() => choice.below(2));
    return b.pad(x, ends, ends.toReversed(), 2);
  },
  (b, choice, x) =>
    x.type.shape.length === 0 ? x : b.concat([x, x], choice.below(x.type.shape.length)),
  (b, choice, x) => {
    const [rows = 0] = x.type.shape;
    if (rows === 0) return x;
    const picked = Array.from({ length: choice.of(sizes) }, () => choice.below(rows));
    return b.gatherRows(x, b.constant(picked, [picked.length], 'i32'));
  },
  (b, choice, x) => {
    const [rows = 0] = x.type.shape;
    if (rows === 0) return x;
    const taken = 1 + choice.below(rows);
    const start = b.binary('min', b.iteration(), rows - taken);
    return b.dynamicRows(x, start, taken);
  },
  (b, choice, x) => {
    const [rows = 0] = x.type.shape;
    if (rows === 0) return x;
    const places = Array.from({ length: rows }, () => choice.below(6));
    return small(b, b.scatterAddRows(b.constant(places, [rows], 'i32'), x, 6));
  },
  (b, choice, x, others) => {
    if (x.type.shape.length !== 2) return x;
    const fitting = others.filter(
      ({ type }) => type.shape.length === 2 && type.shape[0] === x.type.shape[1],
    );
    const y = choice.of(fitting.concat(b.transpose(x, [1, 0])));
    return small(b, b.matmul(x, y));
  },
  (b, _, x) => (x.type.shape.length === 2 ? small(b, b.matmul(x, x, { transposeA: true })) : x),
];

function sameShapeAs(a: Node, b: Node): boolean {
  return a.type.shape.join() === b.type.shape.join();
}

/** State buffers `state<i>`, which the loop replaces, and columns of three more values. */
export function randomProgram(seed: number): Program {
  const b = new Builder();
  const choice = new Choice(seed);
  const shapes: Shape[] = [
    [choice.of(sizes), choice.of(sizes)],
    [choice.of(sizes)],
    [choice.of(sizes), choice.of([2, 3, 5]), choice.of([2, 3])],
  ];
  const buffers = shapes.map((shape, i) => b.buffer(`state${i}`, 'state', 'f32', shape));
  const nodes: Node[] = buffers.map((buffer) => b.load(buffer));
  for (let i = 0; i < steps; i++) {
    const made = choice.of(moves)(b, choice, choice.of(nodes), nodes);
    if (elementCount(made.type.shape) <= 2000 && made.type.shape.length <= 4) nodes.push(made);
  }
  const stores = buffers.map((buffer) =>
    b.assign(buffer, small(b, matching(b, choice, { buffer, nodes }))),
  );
  const emitted = nodes.slice(-3).map((node, i) => {
    const column = b.buffer(`column${i}`, 'column', 'f32', [iterations, ...node.type.shape]);
    return b.emit(column, node);
  });
  return b.program(`seed ${seed}`, [
    { name: 'loop', count: iterations, stores: [...stores, ...emitted] },
  ]);
}

/** A node of the buffer's type: one that there is, or the buffer's value plus a sum of another. */
function matching(
  b: Builder,
  choice: Choice,
  { buffer, nodes }: { buffer: BufferDecl; nodes: readonly Node[] },
): Node {
  const old = b.load(buffer);
  const same = nodes.filter((node) => node !== old && sameShapeAs(node, old));
  if (same.length > 0) return choice.of(same);
  return b.add(old, small(b, b.reduce('sum', choice.of(nodes))));
}
