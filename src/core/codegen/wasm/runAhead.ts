/**
 * What a loop can do an iteration ahead. Loading rows and changing images depends on no buffer that the loop assigns, so
 * a thread of its own does it for iteration i + 1 while the others compute iteration i: its clusters write to memory of
 * their own (the tray), and each iteration begins by copying what it needs from there. The same clusters with the same
 * code run in either way, so the bits are the same.
 */
import { byteSize, bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import { aligned } from './arena.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { Cursors } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import type { ValueStore } from './lowerValues.ts';
import { emitAxes } from './mapKernel.ts';
import { allReads, type LoopPlan } from './memoryPlan.ts';
import type { Joined } from './siblings.ts';
import type { Value } from './values.ts';

/** A loop with its clusters in two parts. */
export interface Parted {
  readonly ahead: Joined;
  readonly rest: Joined;
  /** What `rest` reads of `ahead`. */
  readonly handed: readonly Value[];
}

/** How the thread that runs ahead and the others meet; addresses of an i32 each. */
export interface Meeting {
  /** Index of the iteration that is prepared. */
  readonly iteration: number;
  /** Iterations prepared so far: the tray holds the last of them. */
  readonly ready: number;
  /** Iterations whose tray has been copied. */
  readonly taken: number;
  /** How often a thread of the loop came before the tray was full. */
  readonly waits: number;
}

export interface AheadPlan {
  readonly plan: LoopPlan;
  readonly meeting: Meeting;
  readonly handed: readonly Value[];
}

/** Bytes for the words of a meeting: a line of the cache. */
export const meetingBytes = aligned(16);

export function meetingAt(address: number): Meeting {
  return { iteration: address, ready: address + 4, taken: address + 8, waits: address + 12 };
}

/** Clusters that depend on no buffer which the loop assigns, and store nothing themselves; null where there are none. */
export function partAhead(joined: Joined, stores: readonly ValueStore[]): Parted | null {
  const assigned = new Set(
    stores.filter(({ kind }) => kind === 'assign').map(({ buffer }) => buffer.name),
  );
  const bound = new Set(stores.map(({ value }) => value));
  const isBound = (value: Value): boolean =>
    bound.has(value) || (value.op.kind === 'buffer' && assigned.has(value.op.buffer.name));
  const [ahead, rest]: [Cluster[], Cluster[]] = [[], []];
  for (const cluster of joined.clusters) {
    const { members } = cluster;
    const isLate = members.some((m) => isBound(m) || allReads(m).some((v) => isBound(v.value)));
    if (isLate) for (const member of members) bound.add(member);
    (isLate ? rest : ahead).push(cluster);
  }
  const made = new Set(ahead.flatMap(({ members }) => members));
  const read = new Set(
    rest.flatMap(({ members }) => members.flatMap(allReads)).map((v) => v.value),
  );
  const handed = [...made].filter((value) => read.has(value));
  if (handed.length === 0) return null;
  const packs = joined.packs.filter((pack) => !pack.some((value) => made.has(value)));
  return { ahead: { clusters: ahead, packs: [] }, rest: { clusters: rest, packs }, handed };
}

/** Sleeps until the i32 at `address` is at least `least`. */
export function waitFor(f: FunctionBuilder, address: number, least: Push): void {
  const seen = f.local('i32');
  const isEarly = f.plain('i32LtS', f.get(seen), least);
  f.loopWhile(isEarly, () => {
    f.set(seen, f.atomic('load', address));
    f.ifThen(isEarly, () => f.drop(f.atomicWait(address, f.get(seen))));
  });
}

/** Waits for the tray of iteration `number` - 1, and counts if it has to. */
export function waitForTray(f: FunctionBuilder, { ready, waits }: Meeting, number: Push): void {
  const isEarly = f.plain('i32LtS', f.atomic('load', ready), number);
  f.ifThen(isEarly, () => f.drop(f.atomic('add', waits, f.int(1))));
  waitFor(f, ready, number);
}

/** Says that the i32 at `address` is now `value`. */
export function tell(f: FunctionBuilder, address: number, value: Push): void {
  f.atomic('store', address, value)();
  f.drop(f.atomic('notify', address, f.int(1 << 30)));
}

/** Copies values from the tray to where the iteration reads them; a team shares each. */
export function emitHanding(context: KernelContext, { plan, handed }: AheadPlan): void {
  const { f, team } = context;
  for (const value of handed) {
    const [bytes, count] = [bytesPerElement(value.dtype), elementCount(value.shape)];
    // Byte by byte is slow: what fills whole words is copied as such.
    const isWords = byteSize(value) % 4 === 0;
    const [dtype, stride] = isWords ? (['f32', 4] as const) : [value.dtype, bytes];
    const from = { address: plan.homes.get(value)!, dtype, strides: [stride] };
    const to = { ...from, address: context.addressOf(value) };
    const cursors = new Cursors(f, [from, to]);
    const sizes = [isWords ? (count * bytes) / 4 : count];
    emitAxes(cursors, { sizes, team }, (lanes) => {
      const loaded = loadLanes(f, cursors.lanes(from, 0, lanes));
      storeLanes(f, cursors.lanes(to, 0, lanes), loaded);
    });
  }
}
