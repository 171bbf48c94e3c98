/**
 * Passes over [rows, few]: four rows in each vector, one in each lane, with all columns unrolled in registers.
 * So reductions along the short axis need no work across lanes, and a softmax with its loss and gradient
 * is one pass. Along the short axis elements are combined in index order. Over the rows, row r goes to
 * partial sum r mod 4, and at the end (p0 + p2) + (p1 + p3), columns in index order first.
 */
import { bytesPerElement } from '../../../shared/tensor/tensorType.ts';
import { type Cluster, rowForm } from './clusters.ts';
import { type Access, Cursors } from './cursors.ts';
import { type KernelContext, viewAccess } from './kernelContext.ts';
import { storeLanes } from './lanes.ts';
import { acrossLanes, combine, identity, onlyValid } from './reduceKernel.ts';
import { column, isBlock, row, RowPass } from './rowPass.ts';
import { storeColumns } from './transposedLanes.ts';
import { denseView, type Value, type View } from './values.ts';

/** Registers of one wide value in a block: enough independent work to hide the latency of each step. */
const maxRegisters = 16;

interface Total {
  readonly value: Value;
  /** One local for each column of the input, or one for a narrow input. */
  readonly sums: readonly number[];
}

export function emitRows(context: KernelContext, cluster: Cluster): void {
  const { f } = context;
  const inside = new Set(cluster.members);
  const formOf = (value: Value): string => rowForm(value, cluster.shape);
  const reads = new Map<View, Access>();
  for (const view of cluster.members.flatMap(({ inputs }) => inputs)) {
    if (!inside.has(view.value)) reads.set(view, onRows(viewAccess(context, view)));
  }
  const outputs = cluster.members
    .filter((value) => context.isStored(value) && formOf(value) !== 'total')
    .map((value) => ({ value, access: onRows(viewAccess(context, denseView(value))) }));
  const totals = cluster.members
    .filter((value) => formOf(value) === 'total')
    .map((value) => startTotal(context, value, cluster));
  const cursors = new Cursors(f, [...reads.values(), ...outputs.map(({ access }) => access)]);
  const size = context.compact ? 1 : Math.max(1, Math.floor(maxRegisters / cluster.shape[1]!));
  forEachBlock(cursors, { rows: cluster.shape[0]!, size }, (groups) => {
    const pass = new RowPass(context, cluster, { cursors, reads, groups });
    for (const { value } of outputs) pass.columns(value);
    for (const { value, access } of outputs) storeRows(context, pass, { value, access });
    for (const total of totals) addToTotal(context, pass, total);
  });
  for (const total of totals) finishTotal(context, total);
}

/** Runs `body` for blocks of several groups of four rows; it gets the valid rows of each group. */
function forEachBlock(
  cursors: Cursors,
  { rows, size }: { rows: number; size: number },
  body: (groups: readonly number[]) => void,
): void {
  const whole = Math.floor(rows / 4);
  const blocks = Math.floor(whole / size);
  const full = new Array<number>(size).fill(4);
  cursors.loop(row, { count: blocks, step: size * 4 }, () => body(full));
  const rest = [...full.slice(0, whole - blocks * size), ...(rows % 4 > 0 ? [rows % 4] : [])];
  if (rest.length > 0) cursors.at(row, blocks * size * 4, () => body(rest));
}

function storeRows(
  { f }: KernelContext,
  pass: RowPass,
  { value, access }: { value: Value; access: Access },
): void {
  const { cursors, groups } = pass.at;
  pass.columns(value).forEach((columns, group) => {
    const lanes = groups[group]!;
    cursors.at(row, group * 4, () => {
      if (lanes === 4 && isBlock(access, columns.length)) {
        storeColumns(f, { ...cursors.position(access), dtype: access.dtype }, columns);
        return;
      }
      columns.forEach((push, c) => {
        cursors.at(column, c, () => storeLanes(f, cursors.lanes(access, row, lanes), push));
      });
    });
  });
}

function startTotal(context: KernelContext, value: Value, cluster: Cluster): Total {
  const { f } = context;
  const { op } = value;
  const isWide =
    value.inputs[0]!.shape.length === 2 && value.inputs[0]!.shape[1] === cluster.shape[1];
  const sums = Array.from({ length: isWide ? cluster.shape[1]! : 1 }, () => f.local('v128'));
  if (op.kind !== 'reduce') throw new Error('internal: a total is a reduction');
  for (const sum of sums) f.set(sum, identity(context, op.fn, laneType(value)));
  return { value, sums };
}

function addToTotal(context: KernelContext, pass: RowPass, { value, sums }: Total): void {
  const { f } = context;
  if (value.op.kind !== 'reduce') return;
  const reduction = { fn: value.op.fn, dtype: laneType(value) };
  pass.at.groups.forEach((lanes, group) => {
    sums.forEach((sum, c) => {
      const x = pass.of(value.inputs[0]!, group, c);
      const safe = lanes === 4 ? x : onlyValid(context, reduction, { value: x, lanes });
      f.set(sum, combine(context, reduction, [f.get(sum), safe]));
    });
  });
}

function finishTotal(context: KernelContext, { value, sums }: Total): void {
  const { f } = context;
  const { op } = value;
  if (op.kind !== 'reduce') return;
  const reduction = { fn: op.fn, dtype: laneType(value) };
  const address = context.addressOf(value);
  const columns = sums.map((sum) => f.get(sum));
  const all = op.axes.includes(1)
    ? [columns.reduce((a, b) => combine(context, reduction, [a, b]))]
    : columns;
  all.forEach((column, index) => {
    const at = { address: f.int(0), dtype: value.dtype, stride: 0, count: 1 };
    const offset = address + index * bytesPerElement(value.dtype);
    storeLanes(f, { ...at, offset }, acrossLanes(context, reduction, column));
  });
}

function laneType({ dtype }: Value): 'f32' | 'i32' {
  return dtype === 'f32' ? 'f32' : 'i32';
}

function onRows(access: Access): Access {
  const [rowStride = 0, columnStride = 0] = access.strides;
  return { ...access, strides: [rowStride, columnStride] };
}
