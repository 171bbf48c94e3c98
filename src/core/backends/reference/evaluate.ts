/** Values of nodes, one after the other; no fusion, no reuse of memory, no shortcuts. */
import { invariant } from '../../../shared/errors.ts';
import type { Node, Op, OpOf } from '../../ir/program.ts';
import { topological } from '../../ir/traverse.ts';
import { randomBits, stepKey } from '../../random/threefry.ts';
import { argMax, matmul, reduce } from './contraction.ts';
import { conv2d, conv2dFilterGrad, conv2dInputGrad } from './convolution.ts';
import { maxPool2d, maxPool2dInputGrad } from './pooling.ts';
import { binary, compare, convert, select, unary } from './elementwise.ts';
import * as movement from './movement.ts';
import { type Round, type Tensor, fill, zeros } from './tensor.ts';

/** What a node may depend on besides its arguments. */
export interface Environment {
  readonly buffers: ReadonlyMap<string, Tensor>;
  readonly iteration: number;
  readonly round: Round;
  /** Values so far; inside a scan also the turn's inputs and everything known outside. */
  readonly values: Map<Node, Tensor>;
  /** All results of each scan evaluated so far. */
  readonly scans: Map<Node, readonly Tensor[]>;
}

/** Computes `roots` and all they need; afterwards `env.values` has them. */
export function evaluate(roots: readonly Node[], env: Environment): Tensor[] {
  for (const node of topological(roots)) {
    if (env.values.has(node)) continue;
    if (node.op.kind === 'scan') env.scans.set(node, runScan(node, node.op, env));
    env.values.set(node, evaluateNode(node, env));
  }
  return roots.map((root) => env.values.get(root)!);
}

function evaluateNode(node: Node, env: Environment): Tensor {
  const args = node.args.map((arg) => env.values.get(arg)!);
  return (
    evaluateSource(node, env) ??
    evaluateElementwise(node, args, env.round) ??
    evaluateMovement(node, args, env.round) ??
    evaluateContraction(node, args, env.round) ??
    evaluateOther(node, args, env)
  );
}

/** Nodes without arguments. */
function evaluateSource({ op, type }: Node, env: Environment): Tensor | null {
  switch (op.kind) {
    case 'load':
      return env.buffers.get(op.buffer.name)!;
    case 'iteration':
      return fill(type, () => env.iteration);
    case 'constant':
      return movement.constant(type, op.values, env.round);
    case 'iota':
      return movement.iota(type, op.axis);
    default:
      return null;
  }
}

function evaluateElementwise(
  { op, type }: Node,
  args: readonly Tensor[],
  round: Round,
): Tensor | null {
  const [a, b, c] = args as [Tensor, Tensor, Tensor];
  switch (op.kind) {
    case 'unary':
      return unary(type, op.fn, a, round);
    case 'binary':
      return binary(op.fn, [a, b], round);
    case 'compare':
      return compare(type, op.fn, a, b);
    case 'select':
      return select(a, b, c);
    case 'convert':
      return convert(type, a, round);
    default:
      return null;
  }
}

function evaluateMovement(
  { op, type }: Node,
  args: readonly Tensor[],
  round: Round,
): Tensor | null {
  const [a, b] = args as [Tensor, Tensor];
  switch (op.kind) {
    case 'broadcast':
      return movement.broadcast(type, a);
    case 'reshape':
      return { type, data: a.data };
    case 'transpose':
      return movement.transpose(type, a, op.permutation);
    case 'slice':
      return movement.slice(type, a, op.starts);
    case 'pad':
      return movement.pad(type, a, op, round);
    case 'concat':
      return movement.concat(type, args, op.axis);
    case 'dynamicRows':
      return movement.dynamicRows(type, a, b);
    case 'gatherRows':
      return movement.gatherRows(type, a, b);
    case 'scatterAddRows':
      return movement.scatterAddRows(type, a, b, round);
    default:
      return null;
  }
}

function evaluateContraction(
  { op, type }: Node,
  args: readonly Tensor[],
  round: Round,
): Tensor | null {
  const [a, b] = args as [Tensor, Tensor];
  switch (op.kind) {
    case 'reduce':
      return reduce(type, a, op, round);
    case 'argMax':
      return argMax(type, a, op.axis);
    case 'matmul':
      return matmul(type, op, [a, b], round);
    case 'conv2d':
      return conv2d(type, op.geometry, [a, b], round);
    case 'conv2dInputGrad':
      return conv2dInputGrad(type, op.geometry, [a, b], round);
    case 'conv2dFilterGrad':
      return conv2dFilterGrad(type, op.geometry, [a, b], round);
    case 'maxPool2d':
      return maxPool2d(type, op.geometry, a);
    case 'maxPool2dInputGrad':
      return maxPool2dInputGrad(op.geometry, a, b, round);
    default:
      return null;
  }
}

function evaluateOther(node: Node, values: readonly Tensor[], env: Environment): Tensor {
  const { op, type, args } = node;
  switch (op.kind) {
    case 'scan':
      return env.scans.get(node)![0]!;
    case 'randomBits': {
      const [seed = 0, epoch = 0, step = 0] = values.map((value) => value.data[0]!);
      const bits = stepKey({ seed, stream: op.stream, epoch, step });
      const drawn = zeros(type);
      drawn.data.set(randomBits(bits, drawn.data.length, op.first));
      return drawn;
    }
    case 'scanResult':
      return env.scans.get(args[0]!)![op.index]!;
    default:
      return missing(op);
  }
}

function missing(op: Op): never {
  invariant(op.kind !== 'scanInput', 'a scan input is used outside of its scan');
  invariant(false, `reference has no ${op.kind}`);
}

/** Final carries, then outputs stacked along a new axis 0. */
function runScan(node: Node, { scan }: OpOf<'scan'>, env: Environment): Tensor[] {
  const args = node.args.map((arg) => env.values.get(arg)!);
  const sequences = args.slice(scan.carries.length);
  const stacked = scan.outputs.map(({ type }) =>
    zeros({ dtype: type.dtype, shape: [scan.count, ...type.shape] }),
  );
  let carries = args.slice(0, scan.carries.length);
  for (let turn = 0; turn < scan.count; turn++) {
    const elements = sequences.map((sequence, i) =>
      rowOf(sequence, turn, scan.inputs[carries.length + i]!),
    );
    const values = new Map(env.values);
    [...carries, ...elements].forEach((value, i) => values.set(scan.inputs[i]!, value));
    const inner = { ...env, values, scans: new Map(env.scans) };
    const results = evaluate([...scan.carries, ...scan.outputs], inner);
    carries = results.slice(0, carries.length);
    results.slice(carries.length).forEach((output, i) => {
      stacked[i]!.data.set(output.data, turn * output.data.length);
    });
  }
  return [...carries, ...stacked];
}

function rowOf(sequence: Tensor, row: number, { type }: Node): Tensor {
  const element = zeros(type);
  const width = element.data.length;
  element.data.set(sequence.data.subarray(row * width, (row + 1) * width));
  return element;
}
