/**
 * A recurrence turn by turn: its body is lowered once for each turn, on the carries of the turn before. So code grows
 * with the turns, and a long recurrence is refused; but carries and sequences are only views.
 */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { Node, Scan } from '../../ir/program.ts';
import { topological } from '../../ir/traverse.ts';
import type { View } from './values.ts';
import { sliceView, withAxis } from './viewMoves.ts';
import type { ValueMaker } from './windows.ts';

/** Nodes in all turns together: beyond it compiling would take longer than most trainings. */
const maxNodes = 20_000;

export interface ScanLowering extends ValueMaker {
  /** Known nodes; those of a body are replaced at each turn. */
  readonly views: Map<Node, View>;
  lower(node: Node): void;
}

/** Views of the results: the last carries, then the outputs of all turns. */
export function lowerScan(to: ScanLowering, scan: Scan, args: readonly View[]): View[] {
  const { before, turn } = bodyOf(scan);
  refuseLong(scan, turn.length);
  for (const node of before) if (!to.views.has(node)) to.lower(node);
  let carries = args.slice(0, scan.carries.length);
  const sequences = args.slice(scan.carries.length);
  const outputs: View[][] = scan.outputs.map(() => []);
  for (let index = 0; index < scan.count; index++) {
    const inputs = [...carries, ...sequences.map((rows) => rowOf(rows, index))];
    scan.inputs.forEach((input, i) => to.views.set(input, inputs[i]!));
    for (const node of turn) to.lower(node);
    carries = scan.carries.map((node) => to.views.get(node)!);
    scan.outputs.forEach((node, i) => outputs[i]!.push(to.views.get(node)!));
  }
  const stacked = outputs.map((rows, i) => stack(to, rows, scan.outputs[i]!));
  return [...carries, ...stacked];
}

/** Nodes of a body, each after what it needs: those that are the same in every turn, and the others. */
function bodyOf({ inputs, carries, outputs }: Scan): { before: Node[]; turn: Node[] } {
  const changing = new Set<Node>(inputs);
  const needs = ({ op, args }: Node): readonly Node[] =>
    op.kind === 'scan' ? [...args, ...bodyOf(op.scan).before] : args;
  const nodes = topological([...carries, ...outputs], needs).filter((node) => !changing.has(node));
  for (const node of nodes) if (needs(node).some((arg) => changing.has(arg))) changing.add(node);
  return {
    before: nodes.filter((node) => !changing.has(node)),
    turn: nodes.filter((node) => changing.has(node)),
  };
}

function refuseLong({ count }: Scan, nodes: number): void {
  if (count * nodes <= maxNodes) return;
  throw new AppError(
    'backend.unsupported',
    say`The wasm backend can compute ${Math.floor(maxNodes / nodes)} turns of this recurrence, not ${count}; use shorter sequences.`,
  );
}

function rowOf(rows: View, index: number): View {
  const [, ...shape] = rows.shape;
  const starts = rows.shape.map((_, axis) => (axis === 0 ? index : 0));
  const row = sliceView(rows, starts, [1, ...shape]);
  return { ...row, shape, strides: row.strides.slice(1) };
}

function stack(to: ValueMaker, rows: readonly View[], { type }: Node): View {
  const parts = rows.map((row) => withAxis(row, 0));
  const shape = [rows.length, ...type.shape];
  return to.make({ kind: 'concat', axis: 0 }, parts, { shape, dtype: type.dtype });
}
