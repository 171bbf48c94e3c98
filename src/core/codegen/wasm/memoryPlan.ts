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
import type { Cluster } from './clusters.ts';
import type { ValueStore } from './lowerValues.ts';
import type { Pack } from './siblings.ts';
import { type Value, type View, isComputed, isDense } from './values.ts';

/** Address of the iteration index, an i32. */
export const iterationAddress = 16;
/** A load of four elements may read up to 12 bytes past its tensor. */
export const slackBytes = 64;

export interface LoopPlan {
  readonly clusters: readonly Cluster[];
  /** Values that some later kernel or store reads from memory, with their addresses. */
  readonly homes: ReadonlyMap<Value, number>;
  /** Stores that are still to be made at the end of an iteration. */
  readonly copies: readonly ValueStore[];
  readonly arenaEnd: number;
}

export class StaticMemory {
  readonly buffers = new Map<string, { readonly address: number; readonly decl: BufferDecl }>();
  readonly constants: { readonly address: number; readonly value: Value }[] = [];
  end = 64;
  private readonly constantAddresses = new Map<string, number>();

  /** State first: it is what every step touches. The buffers of a pack lie next to each other, without gaps. */
  constructor(buffers: readonly BufferDecl[], packs: readonly (readonly BufferDecl[])[] = []) {
    const rank = { state: 0, column: 1, data: 2 };
    const sorted = buffers.toSorted((a, b) => rank[a.role] - rank[b.role]);
    const packed = disjoint(packs.map((pack) => pack.map(({ name }) => name)));
    const decls = new Map(sorted.map((decl) => [decl.name, decl]));
    for (const { name } of sorted) {
      if (this.buffers.has(name)) continue;
      this.placeTogether((packed.get(name) ?? [name]).map((each) => decls.get(each)!));
    }
  }

  private placeTogether(decls: readonly BufferDecl[]): void {
    let address = this.reserve(decls.reduce((sum, { type }) => sum + byteSize(type), 0));
    for (const decl of decls) {
      this.buffers.set(decl.name, { address, decl });
      address += byteSize(decl.type);
    }
  }

  addressOf(value: Value): number | undefined {
    switch (value.op.kind) {
      case 'iteration':
        return iterationAddress;
      case 'buffer':
        return this.buffers.get(value.op.buffer.name)!.address;
      case 'constant':
        return this.constantAddress(value);
      default:
        return undefined;
    }
  }

  private constantAddress(value: Value): number {
    const values = value.op.kind === 'constant' ? value.op.values : [];
    // -0 and NaN are told apart by their text here.
    const text = values.map((x) => (Object.is(x, -0) ? '-0' : String(x))).join();
    const key = `${value.dtype} ${text}`;
    const known = this.constantAddresses.get(key);
    if (known !== undefined) return known;
    const address = this.reserve(byteSize(value));
    this.constantAddresses.set(key, address);
    this.constants.push({ address, value });
    return address;
  }

  private reserve(bytes: number): number {
    const address = this.end;
    this.end += aligned(bytes);
    return address;
  }
}

/** By element, the first pack that holds it; packs that repeat an element or meet an earlier one are left out. */
function disjoint<T>(packs: readonly (readonly T[])[]): Map<T, readonly T[]> {
  const found = new Map<T, readonly T[]>();
  for (const pack of packs) {
    if (new Set(pack).size !== pack.length || pack.some((element) => found.has(element))) continue;
    for (const element of pack) found.set(element, pack);
  }
  return found;
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

/** Places the values of one loop in an arena that begins at `arenaStart`, those of a pack next to each other. */
export function planLoop(
  { clusters, packs }: { readonly clusters: readonly Cluster[]; readonly packs: readonly Pack[] },
  stores: readonly ValueStore[],
  memory: { readonly statics: StaticMemory; readonly arenaStart: number },
): LoopPlan {
  const inPlace = new Map<Value, ValueStore>();
  const readings = bufferReadings(clusters);
  for (const store of stores) {
    if (canComputeInPlace(clusters, store, readings)) inPlace.set(store.value, store);
  }
  const copies = stores.filter((store) => inPlace.get(store.value) !== store);
  const lasting = new Set(copies.map(({ value }) => value));
  const intervals = lifetimes(clusters, lasting);
  const homes = new Map<Value, number>();
  const placed: Interval[] = [];
  let arenaEnd = memory.arenaStart;
  for (const [value, store] of inPlace) {
    homes.set(value, memory.statics.buffers.get(store.buffer.name)!.address);
  }
  const isLocal = (value: Value): boolean => intervals.has(value) && !homes.has(value);
  const packed = disjoint(packs.filter((pack) => pack.every(isLocal)));
  for (const value of intervals.keys()) {
    if (homes.has(value)) continue;
    const together = packed.get(value) ?? [value];
    const wanted = union(together.map((each) => ({ ...intervals.get(each)!, value: each })));
    const address = firstFit(placed, wanted, memory.arenaStart);
    placed.push({ ...wanted, address });
    arenaEnd = Math.max(arenaEnd, address + wanted.bytes);
    let next = address;
    for (const each of together) {
      homes.set(each, next);
      next += byteSize(each);
    }
  }
  return { clusters, homes, copies, arenaEnd };
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
  { kind, buffer, value }: ValueStore,
  readings: ReadonlyMap<string, readonly Reading[]>,
): boolean {
  if (kind !== 'assign') return false;
  const writer = clusters.findIndex(({ members }) => members.includes(value));
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

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly address: number;
}

/** From the cluster that computes a value to the last that reads it; only values that need memory. */
function lifetimes(
  clusters: readonly Cluster[],
  lasting: ReadonlySet<Value>,
): Map<Value, { from: number; to: number }> {
  const made = new Map<Value, number>();
  clusters.forEach(({ members }, index) => {
    for (const member of members) made.set(member, index);
  });
  const result = new Map<Value, { from: number; to: number }>();
  const extend = (value: Value, to: number): void => {
    const from = made.get(value)!;
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
  lives: readonly { from: number; to: number; value: Value }[],
): Omit<Interval, 'address'> {
  return {
    from: Math.min(...lives.map(({ from }) => from)),
    to: Math.max(...lives.map(({ to }) => to)),
    bytes: aligned(lives.reduce((sum, { value }) => sum + byteSize(value), 0)),
  };
}

function firstFit(
  placed: readonly Interval[],
  wanted: Omit<Interval, 'address'>,
  start: number,
): number {
  const meeting = placed
    .filter(({ from, to }) => from <= wanted.to && wanted.from <= to)
    .sort((a, b) => a.address - b.address);
  let address = start;
  for (const { address: taken, bytes } of meeting) {
    if (taken - address >= wanted.bytes) break;
    address = Math.max(address, taken + bytes);
  }
  return address;
}

/** Whole cache lines, so that tensors do not share one. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
