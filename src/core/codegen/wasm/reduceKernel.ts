/**
 * One reduction of an elementwise chain.
 *
 * When the last axis is kept, each result is one sum in index order, four results at a time. When it is
 * reduced, element i of it goes to partial sum i mod 4; the partial sums of all outer reduced indices
 * follow in order, and at the end (p0 + p2) + (p1 + p3).
 */
import type { ReduceFn } from '../../ir/program.ts';
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { Evaluation, externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { storeLanes } from './lanes.ts';
import { loader } from './mapKernel.ts';
import { onOneThread, type Team } from './team.ts';
import { denseView, type Value, type View } from './values.ts';

interface Pass {
  readonly context: KernelContext;
  readonly cursors: Cursors;
  readonly reads: ReadonlyMap<View, Access>;
  readonly members: ReadonlySet<Value>;
  readonly input: View;
  readonly output: Access;
  readonly fn: ReduceFn;
  readonly dtype: 'f32' | 'i32';
  readonly sizes: readonly number[];
}

export function emitReduce(context: KernelContext, cluster: Cluster): void {
  const result = cluster.members.at(-1)!;
  const { op } = result;
  if (op.kind !== 'reduce') throw new Error('internal: a reduce cluster ends with its reduction');
  const input = result.inputs[0]!;
  const members = new Set(cluster.members);
  const views = [...externalViews(members), ...(members.has(input.value) ? [] : [input])];
  const output = spread(viewAccess(context, denseView(result)), op.axes, input.shape.length);
  const reads = new Map(views.map((view) => [view, viewAccess(context, view)]));
  const pass: Pass = {
    context,
    cursors: new Cursors(context.f, [...reads.values(), output]),
    reads,
    members,
    input,
    output,
    fn: op.fn,
    dtype: result.dtype === 'f32' ? 'f32' : 'i32',
    sizes: input.shape,
  };
  const last = input.shape.length - 1;
  const kept = input.shape.map((_, axis) => axis).filter((axis) => !op.axes.includes(axis));
  if (op.axes.includes(last))
    alongLast(
      pass,
      kept,
      op.axes.filter((axis) => axis !== last),
    );
  else
    acrossLast(
      pass,
      kept.filter((axis) => axis !== last),
      op.axes,
    );
}

/** Output strides on the axes of the input; nothing moves along reduced axes. */
function spread(access: Access, reduced: readonly number[], rank: number): Access {
  const own = [...access.strides];
  const strides = Array.from({ length: rank }, (_, axis) =>
    reduced.includes(axis) ? 0 : own.shift()!,
  );
  return { ...access, strides };
}

/** Longest reduced part whose loops are unrolled, such as the window of a pooling. */
const maxUnrolled = 9;

/** Four results at a time. */
function acrossLast(pass: Pass, outer: readonly number[], reduced: readonly number[]): void {
  const { cursors, context, sizes } = pass;
  const axis = sizes.length - 1;
  const [team, inner] = outer.length > 0 ? [context.team, undefined] : [undefined, context.team];
  overAxes(pass, { axes: outer, team }, () =>
    vectorsAlong(cursors, { axis, size: sizes[axis]!, team: inner }, (lanes) => {
      const sum = context.f.local('v128');
      context.f.set(sum, identity(context, pass.fn, pass.dtype));
      const add = (): void => accumulate(pass, sum, element(pass, axis, lanes));
      const length = reduced.reduce((product, each) => product * sizes[each]!, 1);
      if (length <= maxUnrolled) unrolled(pass, reduced, add);
      else overAxes(pass, { axes: reduced }, add);
      storeLanes(context.f, cursors.lanes(pass.output, axis, lanes), context.f.get(sum));
    }),
  );
}

/** `body` at every index of the axes, without loops. */
function unrolled(pass: Pass, [axis, ...rest]: readonly number[], body: () => void): void {
  if (axis === undefined) {
    body();
    return;
  }
  for (let index = 0; index < pass.sizes[axis]!; index++) {
    pass.cursors.at(axis, index, () => unrolled(pass, rest, body));
  }
}

/** One result at a time, four partial sums. */
function alongLast(pass: Pass, outer: readonly number[], reduced: readonly number[]): void {
  const { cursors, context, sizes } = pass;
  const { f } = context;
  const axis = sizes.length - 1;
  const shared = (body: () => void): void =>
    outer.length > 0
      ? overAxes(pass, { axes: outer, team: context.team }, body)
      : onOneThread(f, context.team, body);
  shared(() => {
    const sum = f.local('v128');
    f.set(sum, identity(context, pass.fn, pass.dtype));
    overAxes(pass, { axes: reduced }, () =>
      vectorsAlong(cursors, { axis, size: sizes[axis]! }, (lanes) => {
        const value = element(pass, axis, lanes);
        const safe = lanes === 4 ? value : onlyValid(context, pass, { value, lanes });
        accumulate(pass, sum, safe);
      }),
    );
    const total = acrossLanes(context, pass, f.get(sum));
    storeLanes(f, { ...cursors.lanes(pass.output, axis, 1), stride: 0 }, total);
  });
}

/** A team shares the first of the axes. */
function overAxes(
  pass: Pass,
  { axes, team }: { axes: readonly number[]; team?: Team | undefined },
  body: () => void,
): void {
  const [axis, ...rest] = axes;
  if (axis === undefined) body();
  else {
    const count = pass.sizes[axis]!;
    pass.cursors.loop(axis, { count, team }, () => overAxes(pass, { axes: rest }, body));
  }
}

function element(pass: Pass, axis: number, lanes: number): Push {
  const load = loader(pass.context, { cursors: pass.cursors, reads: pass.reads, axis, lanes });
  return new Evaluation(pass.context, pass.members, load).of(pass.input);
}

function accumulate({ context, fn, dtype }: Pass, sum: number, value: Push): void {
  context.f.set(sum, combine(context, { fn, dtype }, [context.f.get(sum), value]));
}

interface Reduction {
  readonly fn: ReduceFn;
  readonly dtype: 'f32' | 'i32';
}

/** One step of a reduction on four lanes. A NaN wins over any number, the first over an equal one. */
export function combine(
  { f }: KernelContext,
  { fn, dtype }: Reduction,
  [a, b]: readonly [Push, Push],
): Push {
  if (dtype === 'i32')
    return f.simd(({ sum: 'i32x4Add', max: 'i32x4Max', min: 'i32x4Min' } as const)[fn], a, b);
  if (fn === 'sum') return f.simd('f32x4Add', a, b);
  // Three instructions where the general maximum takes eight: a NaN in `a` stays, one in `b` sets all bits.
  const next = f.keep(b);
  const best = f.simd(fn === 'max' ? 'f32x4Pmax' : 'f32x4Pmin', a, next);
  return f.simd('or', best, f.simd('f32x4Ne', next, next));
}

export function identity({ f }: KernelContext, fn: ReduceFn, dtype: 'f32' | 'i32'): Push {
  if (dtype === 'f32') return f.floats({ sum: 0, max: -Infinity, min: Infinity }[fn]);
  return f.ints({ sum: 0, max: -0x80000000, min: 0x7fffffff }[fn]);
}

/** The identity in all lanes from `lanes` on. */
export function onlyValid(
  context: KernelContext,
  { fn, dtype }: Reduction,
  { value, lanes }: { value: Push; lanes: number },
): Push {
  const { f } = context;
  const mask = f.vector(Int32Array.from({ length: 4 }, (_, lane) => (lane < lanes ? -1 : 0)));
  return f.simd('bitselect', value, identity(context, fn, dtype), mask);
}

/** (p0 + p2) + (p1 + p3) in lane 0. */
export function acrossLanes(context: KernelContext, reduction: Reduction, value: Push): Push {
  const { f } = context;
  const all = f.keep(value);
  const pairs = f.keep(combine(context, reduction, [all, f.shuffle(all, all, [2, 3, 0, 1])]));
  return combine(context, reduction, [pairs, f.shuffle(pairs, pairs, [1, 0, 3, 2])]);
}
