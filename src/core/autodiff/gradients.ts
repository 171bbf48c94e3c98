/**
 * Reverse-mode differentiation, IR to IR: the gradient of a graph is more nodes in the same builder.
 *
 * Conventions where a derivative is not unique: `max(a, b)` gives all to `b` at a tie, so relu written
 * `max(x, 0)` has slope 0 at 0; `abs` has slope 0 at 0; a reduced maximum shares equally among ties;
 * `floor`, `ceil`, `sign` and everything integer or bool has no gradient; `float16` passes its own through.
 */
import { invariant } from '../../shared/errors.ts';
import { printType } from '../../shared/tensor/tensorType.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { capturedNodes, topological } from '../ir/traverse.ts';
import type { Cotangent } from './cotangent.ts';
import { originToward } from './origins.ts';
import { argumentGradients } from './rules.ts';
import { scanGradients } from './scanGradients.ts';

/**
 * Gradient of `loss` (f32, usually a scalar; of its sum otherwise) for each node of `wrt`, of that
 * node's type; zeros where the loss does not depend on it.
 */
export function gradients(b: Builder, loss: Node, wrt: readonly Node[]): Node[] {
  invariant(loss.type.dtype === 'f32', `a loss of type ${printType(loss.type)}`);
  const found = pullBack(b, [[loss, b.constant(1, loss.type.shape)]], wrt);
  return wrt.map((node, i) => found[i] ?? b.constant(0, node.type.shape));
}

/** See PullBack. */
export function pullBack(
  b: Builder,
  arriving: readonly Cotangent[],
  wrt: readonly Node[],
): (Node | null)[] {
  const order = topological(
    arriving.map(([value]) => value),
    dependencies,
  );
  const active = dependents(order, wrt);
  const flow = new Flow(b, active);
  for (const [value, gradient] of arriving) flow.add(value, gradient);
  for (const node of order.reverse()) {
    if (!active.has(node)) continue;
    propagate(b, node, flow);
  }
  return wrt.map((node) => flow.at(node));
}

function propagate(b: Builder, node: Node, flow: Flow): void {
  if (node.op.kind === 'scanResult') {
    flow.addResult(node.args[0]!, node.op.index, flow.at(node));
  } else if (node.op.kind === 'scan') {
    const arriving = flow.resultsOf(node);
    const captured = capturedNodes(node.op.scan).filter((outer) => flow.wants(outer));
    if (arriving.every((gradient) => gradient === undefined)) return;
    for (const [to, gradient] of scanGradients(b, node, { arriving, captured, pullBack })) {
      flow.add(to, gradient);
    }
  } else {
    const gradient = flow.at(node);
    if (gradient === null) return;
    b.from(originToward(node, node.args[0]), () => {
      const parts = argumentGradients(b, node, gradient);
      node.args.forEach((arg, i) => flow.add(arg, parts[i] ?? null));
    });
  }
}

/** The gradients that have arrived so far. */
class Flow {
  private readonly b: Builder;
  private readonly active: ReadonlySet<Node>;
  private readonly sums = new Map<Node, Node>();
  private readonly scanResults = new Map<Node, (Node | undefined)[]>();

  constructor(b: Builder, active: ReadonlySet<Node>) {
    this.b = b;
    this.active = active;
  }

  wants(node: Node): boolean {
    return this.active.has(node);
  }

  add(node: Node, gradient: Node | null): void {
    if (gradient === null || !this.wants(node)) return;
    invariant(
      printType(gradient.type) === printType(node.type),
      `gradient ${printType(gradient.type)} of ${node.op.kind}: ${printType(node.type)}`,
    );
    const known = this.sums.get(node);
    this.sums.set(node, known === undefined ? gradient : this.b.add(known, gradient));
  }

  at(node: Node): Node | null {
    return this.sums.get(node) ?? null;
  }

  addResult(scan: Node, index: number, gradient: Node | null): void {
    if (gradient !== null) this.resultsOf(scan)[index] = gradient;
  }

  resultsOf(scan: Node): (Node | undefined)[] {
    const known = this.scanResults.get(scan) ?? [];
    this.scanResults.set(scan, known);
    return known;
  }
}

function dependencies(node: Node): readonly Node[] {
  return node.op.kind === 'scan' ? [...node.args, ...capturedNodes(node.op.scan)] : node.args;
}

/** The f32 nodes of `order` (arguments first) that depend on `wrt`; scans have the type of one result. */
function dependents(order: readonly Node[], wrt: readonly Node[]): Set<Node> {
  const active = new Set<Node>(wrt);
  for (const node of order) {
    const carriesGradient = node.type.dtype === 'f32' || node.op.kind === 'scan';
    if (carriesGradient && dependencies(node).some((arg) => active.has(arg))) active.add(node);
  }
  return active;
}
