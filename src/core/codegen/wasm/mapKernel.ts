/** Elementwise kernels: four elements along the last axis at a time, loops over the other axes. */
import { denseView, type Value, type View } from './values.ts';
import { type Collapsed, collapse } from './collapse.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { Evaluation, externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { bytesPerElement, type Shape } from '../../../shared/tensor/tensorType.ts';
import type { Push } from './asm.ts';
import type { Team } from './team.ts';

export function emitMap(context: KernelContext, members: readonly Value[], shape: Shape): void {
  emitPass(context, members, (accesses) => collapse(shape, accesses));
}

/** One loop over the tensors of all siblings of `members`, which lie one after the other: `size` elements. */
export function emitJoined(context: KernelContext, members: readonly Value[], size: number): void {
  emitPass(context, members, (accesses) => ({
    sizes: [size],
    accesses: accesses.map((access) => {
      const moves = access.strides.some((stride) => stride !== 0);
      return { ...access, strides: [moves ? bytesPerElement(access.dtype) : 0] };
    }),
  }));
}

function emitPass(
  context: KernelContext,
  members: readonly Value[],
  layout: (accesses: readonly Access[]) => Collapsed<Access>,
): void {
  const inside = new Set(members);
  const views = externalViews(inside);
  const outputs = members.filter((member) => context.isStored(member));
  const accesses = [
    ...views.map((view) => viewAccess(context, view)),
    ...outputs.map((output) => viewAccess(context, denseView(output))),
  ];
  const pass = layout(accesses);
  const reads = new Map(views.map((view, index) => [view, pass.accesses[index]!]));
  const writes = outputs.map((value, i) => ({ value, access: pass.accesses[views.length + i]! }));
  const cursors = new Cursors(context.f, pass.accesses);
  emitAxes(cursors, { sizes: pass.sizes, team: context.team }, (lanes) => {
    const axis = pass.sizes.length - 1;
    const load = loader(context, { cursors, reads, axis, lanes });
    const evaluation = new Evaluation(context, inside, load);
    // All are computed before any is stored: an output may lie where an input was.
    const results = writes.map(({ value }) => evaluation.member(value));
    writes.forEach(({ access }, i) =>
      storeLanes(context.f, cursors.lanes(access, axis, lanes), results[i]!),
    );
  });
}

/** Loads a view at the position of the cursors, each at most once; what never moves before all loops. */
export function loader(
  context: KernelContext,
  at: { cursors: Cursors; reads: ReadonlyMap<View, Access>; axis: number; lanes: number },
): (view: View) => Push {
  const { f } = context;
  const loaded = new Map<string, Push>();
  return (view) => {
    const access = at.reads.get(view)!;
    const key = at.cursors.nameOf(access);
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const value = loadLanes(f, at.cursors.lanes(access, at.axis, at.lanes));
    const still = access.dynamic === undefined && access.strides.every((stride) => stride === 0);
    const kept = still ? f.hoist(`load ${key}`, value) : f.keep(value);
    loaded.set(key, kept);
    return kept;
  };
}

/** Loops over all axes but the last, vectors along the last. A team shares the first. */
export function emitAxes(
  cursors: Cursors,
  { sizes, team }: { sizes: readonly number[]; team?: Team | undefined },
  body: (lanes: number) => void,
): void {
  const last = sizes.length - 1;
  const nest = (axis: number): void => {
    const size = sizes[axis]!;
    const sharing = axis === 0 ? team : undefined;
    if (axis === last) vectorsAlong(cursors, { axis, size, team: sharing }, body);
    else cursors.loop(axis, { count: size, team: sharing }, () => nest(axis + 1));
  };
  nest(0);
}
