/**
 * Passes over [rows, few]: four rows at a time, one in each lane, with all columns unrolled in registers.
 * So reductions along the short axis need no work across lanes, and a softmax with its loss and gradient
 * is one pass. Along the short axis elements are combined in index order. Over the rows, row r goes to
 * partial sum r mod 4, and at the end (p0 + p2) + (p1 + p3), columns in index order first.
 */
import { bytesPerElement } from '../../../shared/tensor/tensorType.ts';
import type { Push } from './asm.ts';
import { type Cluster, rowForm } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { emitElementwise, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { acrossLanes, combine, identity, onlyValid } from './reduceKernel.ts';
import { denseView, isElementwise, type Value, type View } from './values.ts';

// Axes of the pass.
const row = 0;
const column = 1;

interface Total {
  readonly value: Value;
  /** One local for each column of the input, or one for a narrow input. */
  readonly sums: readonly number[];
}

export function emitRows(context: KernelContext, cluster: Cluster): void {
  const { f } = context;
  const [rows = 0, width = 0] = cluster.shape;
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
  vectorsAlong(cursors, { axis: row, size: rows }, (lanes) => {
    const pass = new RowPass(context, cluster, { cursors, reads, lanes });
    for (const { value } of outputs) pass.columns(value);
    for (const { value, access } of outputs) {
      pass.columns(value).forEach((push, c) => {
        cursors.at(column, c, () => storeLanes(f, cursors.lanes(access, row, lanes), push));
      });
    }
    for (const total of totals) addToTotal(context, pass, { total, lanes, width });
  });
  for (const total of totals) finishTotal(context, total);
}

/** The values of one group of four rows. */
class RowPass {
  private readonly known = new Map<Value, readonly Push[]>();
  private readonly loaded = new Map<string, Push>();
  private readonly members: ReadonlySet<Value>;
  private readonly context: KernelContext;
  private readonly cluster: Cluster;
  private readonly at: { cursors: Cursors; reads: ReadonlyMap<View, Access>; lanes: number };

  constructor(context: KernelContext, cluster: Cluster, at: RowPass['at']) {
    this.context = context;
    this.cluster = cluster;
    this.at = at;
    this.members = new Set(cluster.members);
  }

  /** One register for each column, or one in all for a narrow value. */
  columns(value: Value): readonly Push[] {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const made = this.compute(value);
    this.known.set(value, made);
    return made;
  }

  /** A view at column `c`. */
  of(view: View, c: number): Push {
    if (!this.members.has(view.value)) return this.load(view, c);
    const columns = this.columns(view.value);
    return columns[columns.length === 1 ? 0 : c]!;
  }

  private compute(value: Value): Push[] {
    const { f } = this.context;
    if (isElementwise(value)) {
      const width = rowForm(value, this.cluster.shape) === 'wide' ? this.cluster.shape[1]! : 1;
      return Array.from({ length: width }, (_, c) => {
        return f.keep(emitElementwise(this.context, value, (view) => this.of(view, c)));
      });
    }
    const input = value.inputs[0]!;
    const elements = Array.from({ length: input.shape[1]! }, (_, c) => this.of(input, c));
    if (value.op.kind === 'argMax') return [this.largest(elements, input.value.dtype === 'f32')];
    if (value.op.kind !== 'reduce') throw new Error(`internal: ${value.op.kind} in rows`);
    const reduction = { fn: value.op.fn, dtype: value.dtype === 'f32' ? 'f32' : 'i32' } as const;
    const sum = elements.reduce((total, x) => combine(this.context, reduction, [total, x]));
    return [f.keep(sum)];
  }

  /** Index of the first largest. */
  private largest(elements: readonly Push[], isFloat: boolean): Push {
    const { f } = this.context;
    let best = isFloat ? f.floats(-Infinity) : f.ints(-0x80000000);
    let index: Push = f.ints(0);
    elements.forEach((x, i) => {
      const greater = f.keep(f.simd(isFloat ? 'f32x4Gt' : 'i32x4Gt', x, best));
      index = f.keep(f.simd('bitselect', f.ints(i), index, greater));
      best = f.keep(f.simd('bitselect', x, best, greater));
    });
    return index;
  }

  private load(view: View, c: number): Push {
    const { cursors, reads, lanes } = this.at;
    const { f } = this.context;
    const access = reads.get(view)!;
    const index = access.strides[column] === 0 ? 0 : c;
    const key = `${access.dtype} ${access.address} ${access.strides.join()} ${access.dynamic?.key ?? ''} ${index}`;
    const known = this.loaded.get(key);
    if (known !== undefined) return known;
    let value: Push = f.floats(0);
    cursors.at(column, index, () => {
      value = loadLanes(f, cursors.lanes(access, row, lanes));
    });
    const still = access.dynamic === undefined && access.strides[row] === 0;
    const kept = still ? f.hoist(`load ${key}`, value) : f.keep(value);
    this.loaded.set(key, kept);
    return kept;
  }
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

function addToTotal(
  context: KernelContext,
  pass: RowPass,
  { total, lanes }: { total: Total; lanes: number; width: number },
): void {
  const { f } = context;
  const { value, sums } = total;
  if (value.op.kind !== 'reduce') return;
  const reduction = { fn: value.op.fn, dtype: laneType(value) };
  sums.forEach((sum, c) => {
    const x = pass.of(value.inputs[0]!, c);
    const safe = lanes === 4 ? x : onlyValid(context, reduction, { value: x, lanes });
    f.set(sum, combine(context, reduction, [f.get(sum), safe]));
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
