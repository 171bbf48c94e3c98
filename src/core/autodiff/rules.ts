/** One rule for each op: from the gradient of its result to those of its arguments. */
import { invariant } from '../../shared/errors.ts';
import type { Builder } from '../ir/builder.ts';
import type { BinaryFn, Node, OpOf, UnaryFn } from '../ir/program.ts';
import { originToward } from './origins.ts';

/** `null` for an argument that gets none (integers, bools, steps). */
export type ArgumentGradients = readonly (Node | null)[];

/** Gradients of the arguments of `node`, given that of its result. Scans have a file of their own. */
export function argumentGradients(b: Builder, node: Node, gradient: Node): ArgumentGradients {
  const site = { b, node, args: node.args, y: node, g: gradient };
  return elementwise(site) ?? movement(site) ?? contraction(site) ?? withoutGradient(site);
}

/** Where a rule is applied: `y` is the node's value, `g` the gradient that arrives at it. */
interface Site {
  readonly b: Builder;
  readonly node: Node;
  readonly args: readonly Node[];
  readonly y: Node;
  readonly g: Node;
}

function elementwise(site: Site): ArgumentGradients | null {
  const { b, node, args, g } = site;
  switch (node.op.kind) {
    case 'unary':
      return [unaryRules[node.op.fn]?.(b, g, { x: args[0]!, y: node }) ?? null];
    case 'binary':
      return binaryRules[node.op.fn]?.(b, g, { x: args[0]!, z: args[1]!, y: node }) ?? [null, null];
    case 'select':
      return [null, b.select(args[0]!, g, 0), b.select(args[0]!, 0, g)];
    case 'convert':
      return [null];
    default:
      return null;
  }
}

type UnaryRule = (b: Builder, g: Node, at: { readonly x: Node; readonly y: Node }) => Node;

const unaryRules: Readonly<Partial<Record<UnaryFn, UnaryRule>>> = {
  abs: (b, g, { x }) => b.mul(g, b.unary('sign', x)),
  cos: (b, g, { x }) => b.unary('neg', b.mul(g, b.unary('sin', x))),
  erf: (b, g, { x }) => {
    const slope = b.unary('exp', b.unary('neg', b.mul(x, x)));
    return b.mul(g, b.mul(slope, 2 / Math.sqrt(Math.PI)));
  },
  exp: (b, g, { y }) => b.mul(g, y),
  expm1: (b, g, { y }) => b.mul(g, b.add(y, 1)),
  // Straight through: rounding is a change of format, not a step function to learn from.
  float16: (_, g) => g,
  log: (b, g, { x }) => b.div(g, x),
  log1p: (b, g, { x }) => b.div(g, b.add(x, 1)),
  neg: (b, g) => b.unary('neg', g),
  rsqrt: (b, g, { y }) => b.mul(g, b.mul(b.mul(b.mul(y, y), y), -0.5)),
  sigmoid: (b, g, { y }) => b.mul(g, b.mul(y, b.sub(1, y))),
  sin: (b, g, { x }) => b.mul(g, b.unary('cos', x)),
  sqrt: (b, g, { y }) => b.div(b.mul(g, 0.5), y),
  tanh: (b, g, { y }) => b.mul(g, b.sub(1, b.mul(y, y))),
};

type BinaryRule = (
  b: Builder,
  g: Node,
  at: { readonly x: Node; readonly z: Node; readonly y: Node },
) => readonly [Node, Node];

const binaryRules: Readonly<Partial<Record<BinaryFn, BinaryRule>>> = {
  add: (_, g) => [g, g],
  sub: (b, g) => [g, b.unary('neg', g)],
  mul: (b, g, { x, z }) => [b.mul(g, z), b.mul(g, x)],
  div: (b, g, { z, y }) => {
    const dx = b.div(g, z);
    return [dx, b.unary('neg', b.mul(dx, y))];
  },
  // y > z exactly when x > z; asking y frees the backend from keeping x, such as the sum before a relu.
  max: (b, g, { y, z }) => routed(b, g, b.compare('gt', y, z)),
  min: (b, g, { y, z }) => routed(b, g, b.compare('lt', y, z)),
  pow: (b, g, { x, z, y }) => {
    const dx = b.mul(g, b.mul(z, b.binary('pow', x, b.sub(z, 1))));
    // x^z is flat in z at x = 0, where the logarithm is not finite.
    const log = b.select(b.compare('gt', x, 0), b.unary('log', x), 0);
    return [dx, b.mul(g, b.mul(y, log))];
  },
};

function routed(b: Builder, g: Node, first: Node): [Node, Node] {
  return [b.select(first, g, 0), b.select(first, 0, g)];
}

function movement(site: Site): ArgumentGradients | null {
  const { b, node, args, g } = site;
  const [x, second] = args as [Node, Node];
  switch (node.op.kind) {
    case 'broadcast':
      return [sumToShapeOf(b, g, x)];
    case 'reshape':
      return [b.reshape(g, x.type.shape)];
    case 'transpose':
      return [b.transpose(g, inverse(node.op.permutation))];
    case 'slice':
      return [padBack(b, g, x, node.op.starts)];
    case 'pad':
      return [b.slice(g, node.op.before, x.type.shape)];
    case 'concat':
      return concatParts(site, node.op.axis);
    case 'dynamicRows': {
      const [rows = 0] = node.type.shape;
      const places = b.add(b.iota([rows], 0), second);
      return [b.scatterAddRows(places, g, x.type.shape[0]!), null];
    }
    case 'gatherRows':
      return [b.scatterAddRows(second, g, x.type.shape[0]!), null];
    case 'scatterAddRows':
      return [null, b.gatherRows(g, x)];
    default:
      return null;
  }
}

function sumToShapeOf(b: Builder, g: Node, x: Node): Node {
  const missing = g.type.shape.length - x.type.shape.length;
  const repeated = g.type.shape
    .map((size, axis) => ({ axis, grown: axis < missing || x.type.shape[axis - missing] !== size }))
    .filter(({ grown }) => grown)
    .map(({ axis }) => axis);
  return b.reshape(b.reduce('sum', g, repeated), x.type.shape);
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, axis) => permutation.indexOf(axis));
}

function padBack(b: Builder, g: Node, x: Node, starts: readonly number[]): Node {
  const after = x.type.shape.map((size, axis) => size - starts[axis]! - g.type.shape[axis]!);
  return b.pad(g, starts, after);
}

function concatParts({ b, args, g }: Site, axis: number): Node[] {
  let from = 0;
  return args.map((part) => {
    const starts = g.type.shape.map((_, a) => (a === axis ? from : 0));
    from += part.type.shape[axis]!;
    return b.slice(g, starts, part.type.shape);
  });
}

function contraction(site: Site): ArgumentGradients | null {
  const { b, node, g } = site;
  const { op } = node;
  const [x, z] = site.args as [Node, Node];
  switch (op.kind) {
    case 'reduce':
      return [reduceRule(site, op)];
    case 'matmul':
      return matmulRule(site, op);
    case 'conv2d':
      return [
        b.conv2dInputGrad(g, z, x.type.shape, op.geometry),
        b.from(originToward(node, z), () => b.conv2dFilterGrad(x, g, z.type.shape, op.geometry)),
      ];
    // Both are linear in both arguments, so their gradients are the other two of the three.
    case 'conv2dInputGrad':
      return [b.conv2d(g, z, op.geometry), b.conv2dFilterGrad(g, x, z.type.shape, op.geometry)];
    case 'conv2dFilterGrad':
      return [b.conv2dInputGrad(z, g, x.type.shape, op.geometry), b.conv2d(x, g, op.geometry)];
    case 'maxPool2d':
      return [b.maxPool2dInputGrad(x, g, op.geometry)];
    default:
      return null;
  }
}

function reduceRule({ b, args, y, g }: Site, op: OpOf<'reduce'>): Node {
  const x = args[0]!;
  const kept = x.type.shape.map((size, axis) => (op.axes.includes(axis) ? 1 : size));
  const spread = (node: Node): Node => b.broadcast(b.reshape(node, kept), x.type.shape);
  if (op.fn === 'sum') return spread(g);
  const winners = b.convert(b.compare('eq', x, spread(y)), 'f32');
  const share = b.div(g, b.reduce('sum', winners, op.axes));
  return b.mul(winners, spread(share));
}

/** For y = a b: da = g b^T and db = a^T g, transposed once more where the argument was. */
function matmulRule({ b, args, y, g }: Site, op: OpOf<'matmul'>): [Node, Node] {
  const [left, right] = args as [Node, Node];
  const { transposeA, transposeB } = op;
  return [
    transposeA
      ? b.matmul(right, g, { transposeA: transposeB, transposeB: true })
      : b.matmul(g, right, { transposeB: !transposeB }),
    b.from(originToward(y, right), () =>
      transposeB
        ? b.matmul(g, left, { transposeA: true, transposeB: transposeA })
        : b.matmul(left, g, { transposeA: !transposeA }),
    ),
  ];
}

function withoutGradient({ node }: Site): ArgumentGradients {
  invariant(node.args.length === 0, `no gradient rule for ${node.op.kind}`);
  return [];
}
