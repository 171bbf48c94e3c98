/**
 * The forward pass as lines of code, a value for each line: from the same IR that the core runs, so that a script
 * knows every layer that the core knows. What a language writes for each kind of node is its Syntax.
 */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { ForwardGraph, LayerValue } from '../graph/forwardGraph.ts';
import type { ConvGeometry, Node, OpOf, PoolGeometry, ReduceFn } from '../ir/program.ts';
import { topological } from '../ir/traverse.ts';
import type { DType, Shape } from '../../shared/tensor/tensorType.ts';

/** How a language writes values; arguments are expressions of it. */
export interface Syntax {
  tensor(name: string): string;
  number(value: number): string;
  constant(values: number | readonly number[], shape: Shape): string;
  unary(fn: OpOf<'unary'>['fn'], x: string): string;
  binary(fn: OpOf<'binary'>['fn'], a: string, b: string): string;
  compare(fn: OpOf<'compare'>['fn'], a: string, b: string): string;
  select(condition: string, whenTrue: string, whenFalse: string): string;
  convert(dtype: DType, x: string): string;
  broadcast(x: string, shape: Shape): string;
  reshape(x: string, shape: Shape): string;
  transpose(x: string, permutation: readonly number[]): string;
  slice(x: string, starts: readonly number[], shape: Shape): string;
  pad(x: string, sides: Pick<OpOf<'pad'>, 'before' | 'after' | 'value'>): string;
  concat(parts: readonly string[], axis: number): string;
  reduce(fn: ReduceFn, x: string, axes: readonly number[]): string;
  matmul(a: string, b: string, turned: Pick<OpOf<'matmul'>, 'transposeA' | 'transposeB'>): string;
  conv2d(x: string, kernel: string, geometry: ConvGeometry): string;
  conv2dTranspose(x: string, kernel: string, geometry: ConvGeometry, shape: Shape): string;
  maxPool(x: string, geometry: PoolGeometry): string;
  /** A line that names a value. */
  assign(name: string, value: string): string;
  comment(text: string): string;
}

/** Longer expressions get a line, and a name, of their own. */
const longestInline = 72;

/** @throws AppError `export.unsupported` that names the layer. */
export function forwardLines(graph: ForwardGraph, syntax: Syntax): string[] {
  const order = topological([graph.output]);
  const uses = countUses(order);
  const written = new Map<Node, string>([[graph.input, 'x']]);
  const owner = owners(graph.layers);
  const ends = new Set(graph.layers.map(({ value }) => value));
  const lines: string[] = [];
  let count = 0;
  let said: LayerValue | undefined;
  for (const node of order) {
    if (written.has(node)) continue;
    const layer = owner.get(node);
    const value = expression(node, { written, syntax, layer });
    const short = isCheap(node) && value.length <= longestInline;
    const inline =
      isLeaf(node) || /^\w+$/.test(value) || (short && uses.get(node) === 1 && !ends.has(node));
    if (inline && node !== graph.output) {
      written.set(node, value);
      continue;
    }
    if (layer !== undefined && layer !== said) {
      said = layer;
      lines.push(syntax.comment(`${layer.name} (${layer.type})`));
    }
    const name = node === graph.output ? 'y' : `x${++count}`;
    lines.push(syntax.assign(name, value));
    written.set(node, name);
  }
  if (written.get(graph.output) === 'x') lines.push(syntax.assign('y', 'x'));
  return lines;
}

function countUses(order: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  for (const arg of order.flatMap(({ args }) => args)) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  // Stretching is not written, so all who use the stretched value use the value itself.
  for (const node of order.toReversed()) {
    const [inner] = node.args;
    if (node.op.kind !== 'broadcast' || inner === undefined) continue;
    uses.set(inner, (uses.get(inner) ?? 0) + (uses.get(node) ?? 1) - 1);
  }
  return uses;
}

/** Every node belongs to the first layer that needs it. */
function owners(layers: readonly LayerValue[]): Map<Node, LayerValue> {
  const owner = new Map<Node, LayerValue>();
  for (const layer of layers) {
    for (const node of topological([layer.value])) if (!owner.has(node)) owner.set(node, layer);
  }
  return owner;
}

function isLeaf({ op }: Node): boolean {
  return ['broadcast', 'iteration', 'load'].includes(op.kind) || isNumber(op);
}

function isNumber(op: Node['op']): op is OpOf<'constant'> & { readonly values: number } {
  return op.kind === 'constant' && typeof op.values === 'number';
}

const cheap: readonly string[] = [
  'binary',
  'compare',
  'constant',
  'convert',
  'reshape',
  'select',
  'transpose',
  'unary',
];

function isCheap({ op }: Node): boolean {
  return cheap.includes(op.kind);
}

interface Context {
  readonly written: ReadonlyMap<Node, string>;
  readonly syntax: Syntax;
  readonly layer: LayerValue | undefined;
}

function expression(node: Node, context: Context): string {
  const { written, syntax, layer } = context;
  const { op, args, type } = node;
  const [a = '', b = ''] = args.map((arg) => written.get(arg) ?? '');
  const [p = '', q = '', r = ''] = operands(node, context);
  switch (op.kind) {
    case 'load':
      return syntax.tensor(op.buffer.name);
    case 'iteration':
      return syntax.number(0);
    case 'constant':
      return isNumber(op) && type.shape.length === 0
        ? syntax.number(op.values)
        : syntax.constant(op.values, type.shape);
    case 'unary':
      return syntax.unary(op.fn, a);
    case 'binary':
      return syntax.binary(op.fn, p, q);
    case 'compare':
      return syntax.compare(op.fn, p, q);
    case 'select':
      return syntax.select(p, q, r);
    case 'convert':
      return args[0]!.type.dtype === type.dtype ? a : syntax.convert(type.dtype, a);
    case 'broadcast':
      return sameShape(node) ? a : syntax.broadcast(a, type.shape);
    case 'reshape':
      return sameShape(node) ? a : syntax.reshape(a, type.shape);
    case 'transpose':
      return syntax.transpose(a, op.permutation);
    case 'slice':
      return syntax.slice(a, op.starts, type.shape);
    case 'pad':
      return syntax.pad(a, op);
    case 'concat':
      return syntax.concat(
        args.map((arg) => written.get(arg) ?? ''),
        op.axis,
      );
    case 'reduce':
      return syntax.reduce(op.fn, a, op.axes);
    case 'matmul':
      return syntax.matmul(a, b, op);
    case 'conv2d':
      return syntax.conv2d(a, b, op.geometry);
    case 'conv2dInputGrad':
      return syntax.conv2dTranspose(a, b, op.geometry, type.shape);
    case 'maxPool2d':
      return syntax.maxPool(a, op.geometry);
    case 'dynamicRows':
      if (sameShape(node)) return a; // the one row of all
      break;
    default:
  }
  const message = say`scripts cannot have layers of type ${layer?.type ?? op.kind} yet; take the weights with Export`;
  throw new AppError('export.unsupported', message);
}

function sameShape({ args, type }: Node): boolean {
  return args[0]!.type.shape.join() === type.shape.join();
}

/**
 * Of an elementwise node: languages stretch values as the IR's `broadcast` does, so that is written only where no
 * operand has the whole shape.
 */
function operands({ args }: Node, { written, syntax }: Context): readonly string[] {
  const isWhole = ({ op }: Node) => op.kind !== 'broadcast' && op.kind !== 'constant';
  const whole = args.some(isWhole);
  return args.map((arg) => {
    if (isNumber(arg.op)) return syntax.number(arg.op.values);
    const [inner] = arg.args;
    const stretched = whole && arg.op.kind === 'broadcast' && inner !== undefined;
    return written.get(stretched ? inner : arg) ?? '';
  });
}
