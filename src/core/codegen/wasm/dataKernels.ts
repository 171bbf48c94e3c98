/** Kernels that move rows and boxes: gather, scatter-add, pad, concat; and the general argMax. */
import type { Push } from './asm.ts';
import { collapse } from './collapse.ts';
import { type Access, Cursors } from './cursors.ts';
import { type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { emitAxes } from './mapKernel.ts';
import { denseView, type Value, type View } from './values.ts';

/** [m, ...] rows of x at the given indices. A team shares the rows. */
export function emitGather(context: KernelContext, value: Value): void {
  const [x, indices] = value.inputs as [View, View];
  eachIndexedRow(context, indices, (byIndex, byRow) => {
    const to = viewAccess(context, denseView(value));
    const from = byIndex(viewAccess(context, x));
    copyBox(context, value.shape.slice(1), { from, to: byRow(to) });
  });
}

/** Zero, then every update added to the row its index names, in order. */
export function emitScatterAdd(context: KernelContext, value: Value): void {
  const [indices, updates] = value.inputs as [View, View];
  const to = viewAccess(context, denseView(value));
  emitFill(context, value, { access: to, fill: 0 });
  eachIndexedRow(context, indices, (byIndex, byRow) => {
    const sum = byIndex(to);
    const add = byRow(viewAccess(context, updates));
    const pass = collapse(value.shape.slice(1), [sum, add]);
    const cursors = new Cursors(context.f, pass.accesses);
    const [target, source] = pass.accesses as [Access, Access];
    const axis = pass.sizes.length - 1;
    emitAxes(cursors, pass, (lanes) => {
      const old = loadLanes(context.f, cursors.lanes(target, axis, lanes));
      const more = loadLanes(context.f, cursors.lanes(source, axis, lanes));
      const op = value.dtype === 'f32' ? 'f32x4Add' : 'i32x4Add';
      storeLanes(context.f, cursors.lanes(target, axis, lanes), context.f.simd(op, old, more));
    });
  });
}

type RowOf = (access: Access) => Access;

/** Runs `body` for each index, with the row an index names and the row of the index itself. */
function eachIndexedRow(
  context: KernelContext,
  indices: View,
  body: (byIndex: RowOf, byRow: RowOf) => void,
): void {
  const { f } = context;
  const index = viewAccess(context, indices);
  const counter = f.local('i32');
  const cursors = new Cursors(f, [index]);
  const before = (first: Push): void => f.set(counter, first);
  cursors.loop(0, { count: indices.shape[0]!, team: context.team, before }, () => {
    const { address, offset } = cursors.position(index);
    const named = f.keep(f.loadInt(address, offset), 'i32');
    body(rowAt('index', named, context), rowAt('row', f.get(counter), context));
    f.set(counter, f.plain('i32Add', f.get(counter), f.int(1)));
  });
}

/** Drops axis 0 of an access and adds `row` times its stride. */
function rowAt(name: string, row: Push, { f }: KernelContext): RowOf {
  return (access) => {
    const [first = 0, ...strides] = access.strides;
    const { dynamic } = access;
    const offset = f.plain('i32Mul', row, f.int(first));
    const push = dynamic === undefined ? offset : f.plain('i32Add', offset, dynamic.push);
    return { ...access, strides, dynamic: { key: `${name} ${first} ${dynamic?.key ?? ''}`, push } };
  };
}

function copyBox(
  context: KernelContext,
  shape: readonly number[],
  { from, to }: { from: Access; to: Access },
): void {
  const pass = collapse(shape, [from, to]);
  const [source, target] = pass.accesses as [Access, Access];
  const cursors = new Cursors(context.f, pass.accesses);
  const axis = pass.sizes.length - 1;
  emitAxes(cursors, pass, (lanes) => {
    const value = loadLanes(context.f, cursors.lanes(source, axis, lanes));
    storeLanes(context.f, cursors.lanes(target, axis, lanes), value);
  });
}

/** The elements that `access` walks through set to one number. */
export function emitFill(
  { f }: KernelContext,
  { shape, dtype }: Pick<Value, 'shape' | 'dtype'>,
  { access, fill }: { access: Access; fill: number },
): void {
  const pass = collapse(shape, [access]);
  const cursors = new Cursors(f, pass.accesses);
  const axis = pass.sizes.length - 1;
  const lane = dtype === 'f32' ? f.floats(fill) : f.ints(dtype === 'bool' ? -fill : fill);
  emitAxes(cursors, pass, (lanes) => {
    storeLanes(f, cursors.lanes(pass.accesses[0]!, axis, lanes), lane);
  });
}

/** A team shares the first axis, as far as nothing is added there. */
export function emitPad(context: KernelContext, value: Value): void {
  const { op } = value;
  if (op.kind !== 'pad') return;
  const input = value.inputs[0]!;
  const whole = viewAccess(context, denseView(value));
  const box = boxAccess(context, value, op.before);
  const to = { ...box, strides: box.strides.map((stride, i) => stride * (op.steps?.[i] ?? 1)) };
  const from = viewAccess(context, input);
  const cursors = new Cursors(context.f, [whole, from, to]);
  const isSame = input.shape[0] === value.shape[0];
  const count = isSame && value.shape.length > 1 ? value.shape[0]! : 1;
  const rest = count === 1 ? value.shape : value.shape.slice(1);
  cursors.loop(0, { count, team: context.team }, () => {
    const here = (access: Access): Access =>
      count === 1 ? access : rowOf(context, cursors, access);
    emitFill(context, { shape: rest, dtype: value.dtype }, { access: here(whole), fill: op.fill });
    const inside = count === 1 ? input.shape : input.shape.slice(1);
    copyBox(context, inside, { from: here(from), to: here(to) });
  });
}

/** An access without its first axis, at the position of `cursors`. */
export function rowOf({ f }: KernelContext, cursors: Cursors, access: Access): Access {
  const { address, offset } = cursors.position(access);
  const [, ...strides] = access.strides;
  const push = f.keep(address, 'i32');
  const key = `row ${access.strides.join()} ${access.dynamic?.key ?? ''}`;
  return { ...access, address: offset, strides, dynamic: { key, push } };
}

export function emitConcat(context: KernelContext, value: Value): void {
  const { op } = value;
  if (op.kind !== 'concat') return;
  let start = 0;
  for (const input of value.inputs) {
    const starts = value.shape.map((_, axis) => (axis === op.axis ? start : 0));
    const to = boxAccess(context, value, starts);
    copyBox(context, input.shape, { from: viewAccess(context, input), to });
    start += input.shape[op.axis]!;
  }
}

/** The storage of `value` from the element at `starts` on. */
function boxAccess(context: KernelContext, value: Value, starts: readonly number[]): Access {
  const whole = viewAccess(context, denseView(value));
  const moved = starts.reduce((sum, start, axis) => sum + start * whole.strides[axis]!, 0);
  return { ...whole, address: whole.address + moved };
}

/** Index of the first largest element; one result at a time. */
export function emitArgMax(context: KernelContext, value: Value): void {
  const { f } = context;
  const { op } = value;
  if (op.kind !== 'argMax') return;
  const input = value.inputs[0]!;
  const from = viewAccess(context, input);
  const own = [...viewAccess(context, denseView(value)).strides];
  const strides = input.shape.map((_, axis) => (axis === op.axis ? 0 : own.shift()!));
  const to: Access = { address: context.addressOf(value), dtype: 'i32', strides };
  const cursors = new Cursors(f, [from, to]);
  const greater = input.value.dtype === 'f32' ? 'f32x4Gt' : 'i32x4Gt';
  const one = (access: Access) => ({ ...cursors.lanes(access, 0, 1), stride: 0 });
  const nest = (axis: number): void => {
    if (axis === op.axis) nest(axis + 1);
    else if (axis < input.shape.length) {
      cursors.loop(axis, { count: input.shape[axis]! }, () => nest(axis + 1));
    } else {
      const [best, index, current] = [f.local('v128'), f.local('v128'), f.local('v128')];
      f.set(best, input.value.dtype === 'f32' ? f.floats(-Infinity) : f.ints(-0x80000000));
      f.set(index, f.ints(0));
      f.set(current, f.ints(0));
      cursors.loop(op.axis, { count: input.shape[op.axis]! }, () => {
        const x = f.keep(loadLanes(f, one(from)));
        const isGreater = f.keep(f.simd(greater, x, f.get(best)));
        f.set(best, f.simd('bitselect', x, f.get(best), isGreater));
        f.set(index, f.simd('bitselect', f.get(current), f.get(index), isGreater));
        f.set(current, f.simd('i32x4Add', f.get(current), f.ints(1)));
      });
      storeLanes(f, one(to), f.get(index));
    }
  };
  nest(0);
}
