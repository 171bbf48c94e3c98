/**
 * Where everything lies: one linear memory with the buffers, the constants and an arena for values that
 * live only within an iteration. All addresses are static. Values whose lifetimes do not meet share bytes.
 *
 * A store happens at the end of its iteration as far as any load can tell. A value may be computed right
 * into the buffer it is assigned to when every cluster that reads the buffer comes no later, and the
 * writing cluster itself reads it only element by element; otherwise it is copied at the end.
 */
import { byteSize, sameShape } from '../../../shared/tensor/tensorType.ts';
import type { BufferDecl } from '../../ir/program.ts';
import { Arena, type Life } from './arena.ts';
import type { Cluster } from './clusters.ts';
import type { ValueStore } from './lowerValues.ts';
import type { Joined, Pack } from './siblings.ts';
import { disjoint, type StaticMemory } from './staticMemory.ts';
import { type Value, type View, isComputed, isDense } from './values.ts';

export interface LoopPlan {
  readonly clusters: readonly Cluster[];
  /** Values that some later kernel or store reads from memory, with their addresses. */
  readonly homes: ReadonlyMap<Value, number>;
  /** Working memory of kernels, by cluster. */
  readonly scratch: ReadonlyMap<Cluster, number>;
  /** Stores that are still to be made at the end of an iteration. */
  readonly copies: readonly ValueStore[];
  readonly arenaEnd: number;
  /** How many clusters come before the gate (storeGate.ts); no buffer changes before. Null without one. */
  readonly gateAfter: number | null;
}

/** The buffers that the packs of a loop want next to each other. */
export function bufferPacks(
  packs: readonly Pack[],
  stores: readonly ValueStore[],
): (readonly BufferDecl[])[] {
  const assigned = new Map(
    stores.filter(({ kind }) => kind === 'assign').map(({ value, buffer }) => [value, buffer]),
  );
  return packs
    .map((pack) =>
      pack.map((value) => (value.op.kind === 'buffer' ? value.op.buffer : assigned.get(value))),
    )
    .filter((pack): pack is BufferDecl[] => pack.every((buffer) => buffer !== undefined));
}

export interface LoopMemory {
  readonly statics: StaticMemory;
  readonly arenaStart: number;
  /** Bytes of working memory that a cluster's kernel wants. */
  readonly scratchBytes: (cluster: Cluster) => number;
  /** See LoopPlan. */
  readonly gateAfter: number | null;
  /** Values that are needed after the last cluster, too. */
  readonly lasting?: readonly Value[];
}

/** Places the values of one loop in an arena that begins at `arenaStart`, those of a pack next to each other. */
export function planLoop(
  { clusters, packs }: Joined,
  stores: readonly ValueStore[],
  memory: LoopMemory,
): LoopPlan {
  const { gateAfter } = memory;
  const inPlace = storesInPlace(clusters, stores, gateAfter ?? 0);
  const copies = stores.filter((store) => inPlace.get(store.value) !== store);
  const homes = new Map<Value, number>();
  for (const [value, { buffer }] of inPlace) {
    homes.set(value, memory.statics.buffers.get(buffer.name)!.address);
  }
  const lasting = [...copies.map(({ value }) => value), ...(memory.lasting ?? [])];
  const lives = lifetimes(clusters, new Set(lasting));
  const arena = new Arena(memory.arenaStart);
  const isLocal = (value: Value): boolean => lives.has(value) && !homes.has(value);
  const packed = disjoint(packs.filter((pack) => pack.every(isLocal)));
  for (const value of lives.keys()) {
    if (homes.has(value)) continue;
    const together = packed.get(value) ?? [value];
    const { life, bytes } = union(together, lives);
    let address = arena.place(life, bytes);
    for (const each of together) {
      homes.set(each, address);
      address += byteSize(each);
    }
  }
  const scratch = new Map<Cluster, number>();
  clusters.forEach((cluster, index) => {
    const bytes = memory.scratchBytes(cluster);
    if (bytes > 0) scratch.set(cluster, arena.place({ from: index, to: index }, bytes));
  });
  return { clusters, homes, scratch, copies, arenaEnd: arena.end, gateAfter };
}

/** The values that may be computed right into the buffers they are assigned to, by clusters from `first` on. */
function storesInPlace(
  clusters: readonly Cluster[],
  stores: readonly ValueStore[],
  first: number,
): Map<Value, ValueStore> {
  const readings = bufferReadings(clusters);
  const inPlace = new Map<Value, ValueStore>();
  for (const store of stores) {
    const writer = clusters.findIndex(({ members }) => members.includes(store.value));
    if (writer < first) continue;
    if (canComputeInPlace(clusters, { store, writer }, readings)) inPlace.set(store.value, store);
  }
  return inPlace;
}

interface Reading {
  readonly cluster: number;
  readonly view: View;
}

/** Who reads each buffer. */
function bufferReadings(clusters: readonly Cluster[]): Map<string, Reading[]> {
  const found = new Map<string, Reading[]>();
  clusters.forEach(({ members }, cluster) => {
    for (const view of members.flatMap(allReads)) {
      const { op } = view.value;
      if (op.kind !== 'buffer') continue;
      const known = found.get(op.buffer.name);
      if (known === undefined) found.set(op.buffer.name, [{ cluster, view }]);
      else known.push({ cluster, view });
    }
  });
  return found;
}

function canComputeInPlace(
  clusters: readonly Cluster[],
  { store, writer }: { readonly store: ValueStore; readonly writer: number },
  readings: ReadonlyMap<string, readonly Reading[]>,
): boolean {
  const { kind, buffer, value } = store;
  if (kind !== 'assign') return false;
  const isMap = clusters[writer]?.kind === 'map';
  return (readings.get(buffer.name) ?? []).every(
    ({ cluster, view }) =>
      cluster < writer ||
      (cluster === writer && isMap && sameShape(view.shape, value.shape) && isDense(view)),
  );
}

/** The views a value is computed from, with the starts of their dynamic offsets. */
export function allReads(value: Value): readonly View[] {
  if (value.inputs.every(({ dynamic }) => dynamic.length === 0)) return value.inputs;
  return value.inputs.flatMap((view) => [view, ...view.dynamic.map(({ start }) => start)]);
}

/**
 * From the cluster that computes a value to the last that reads it; only values that need memory. What none of the
 * clusters computes is there before the first.
 */
function lifetimes(clusters: readonly Cluster[], lasting: ReadonlySet<Value>): Map<Value, Life> {
  const made = new Map<Value, number>();
  clusters.forEach(({ members }, index) => {
    for (const member of members) made.set(member, index);
  });
  const result = new Map<Value, Life>();
  const extend = (value: Value, to: number): void => {
    const from = made.get(value) ?? -1;
    const known = result.get(value);
    result.set(value, { from, to: Math.max(to, known?.to ?? to) });
  };
  for (const value of lasting) extend(value, clusters.length);
  clusters.forEach(({ members }, index) => {
    for (const { value } of members.flatMap(allReads)) {
      if (isComputed(value) && made.get(value) !== index) extend(value, index);
    }
  });
  return result;
}

/** The life and size of several values that share one place. */
function union(
  values: readonly Value[],
  lives: ReadonlyMap<Value, Life>,
): { life: Life; bytes: number } {
  const all = values.map((value) => lives.get(value)!);
  const from = Math.min(...all.map((life) => life.from));
  const to = Math.max(...all.map((life) => life.to));
  return { life: { from, to }, bytes: values.reduce((sum, value) => sum + byteSize(value), 0) };
}
