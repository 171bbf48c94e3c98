/**
 * Input: any program. Output: the same program without scans: the body of each is there once for each turn, on the
 * carries of the turn before. Guarantee: every stored value keeps its bits.
 */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { Builder } from '../ir/builder.ts';
import type { Loop, Node, Program, Scan } from '../ir/program.ts';
import { topological } from '../ir/traverse.ts';

/** Nodes of all turns together: beyond it compiling would take longer than most trainings. */
const maxNodes = 20_000;

/** @throws AppError `backend.unsupported` for a recurrence too long to unroll. */
export function unrollScans(program: Program): Program {
  const hasScans = program.loops.some(({ stores }) =>
    topological(stores.map(({ value }) => value)).some(({ op }) => op.kind === 'scan'),
  );
  if (!hasScans) return program;
  const b = new Builder();
  const scope = new Scope(b, null);
  const loops = program.loops.map((loop): Loop => {
    const values = scope.rebuild(loop.stores.map(({ value }) => value));
    return { ...loop, stores: loop.stores.map((store, i) => ({ ...store, value: values[i]! })) };
  });
  return { ...program, loops };
}

/** What nodes become: in the loop, or in one turn of a scan inside of it. */
class Scope {
  private readonly nodes = new Map<Node, Node>();
  /** Results of scans: carries, then stacked outputs. */
  private readonly results = new Map<Node, readonly Node[]>();
  private readonly b: Builder;
  private readonly outer: Scope | null;

  constructor(b: Builder, outer: Scope | null) {
    this.b = b;
    this.outer = outer;
  }

  /** Values that are the same in every turn become the same node each time, as the builder interns. */
  rebuild(roots: readonly Node[]): Node[] {
    for (const node of topological(roots)) {
      if (!this.nodes.has(node)) this.nodes.set(node, this.rebuilt(node));
    }
    return roots.map((root) => this.nodes.get(root)!);
  }

  private rebuilt(node: Node): Node {
    const { op, args, type } = node;
    const given = args.map((arg) => this.nodes.get(arg)!);
    if (op.kind === 'scanInput') return this.input(node);
    if (op.kind === 'scanResult') return this.results.get(args[0]!)![op.index]!;
    if (op.kind !== 'scan') return this.b.make(op, given, type);
    const results = this.unroll(op.scan, given);
    this.results.set(node, results);
    return results[0]!;
  }

  private input(node: Node): Node {
    return this.nodes.get(node) ?? this.outer!.input(node);
  }

  private unroll(scan: Scan, args: readonly Node[]): Node[] {
    refuseLong(scan);
    let carries = args.slice(0, scan.carries.length);
    const sequences = args.slice(scan.carries.length);
    const outputs: Node[][] = scan.outputs.map(() => []);
    for (let turn = 0; turn < scan.count; turn++) {
      const inputs = [...carries, ...sequences.map((rows) => this.row(rows, turn))];
      const scope = new Scope(this.b, this);
      scan.inputs.forEach((input, i) => scope.nodes.set(input, inputs[i]!));
      carries = scope.rebuild(scan.carries);
      scope.rebuild(scan.outputs).forEach((value, i) => outputs[i]!.push(value));
    }
    return [...carries, ...outputs.map((rows, i) => this.stack(rows, scan.outputs[i]!))];
  }

  private row(rows: Node, index: number): Node {
    const [, ...shape] = rows.type.shape;
    const starts = rows.type.shape.map((_, axis) => (axis === 0 ? index : 0));
    return this.b.reshape(this.b.slice(rows, starts, [1, ...shape]), shape);
  }

  private stack(rows: readonly Node[], { type }: Node): Node {
    if (rows.length === 0) return this.b.constant(0, [0, ...type.shape], type.dtype);
    const parts = rows.map((row) => this.b.reshape(row, [1, ...type.shape]));
    return this.b.concat(parts, 0);
  }
}

function refuseLong({ count, carries, outputs }: Scan): void {
  const nodes = topological([...carries, ...outputs]).length;
  if (count * nodes <= maxNodes) return;
  throw new AppError(
    'backend.unsupported',
    say`The GPU backend can compute ${Math.floor(maxNodes / nodes)} turns of this recurrence, not ${count}; use shorter sequences.`,
  );
}
