/**
 * From clusters to stages: what runs at the same time, what waits for what, and where each result is written. Loads
 * must see buffers as they were when the iteration began, so a new value goes to its buffer at once only where
 * every reader of the old one has run before, or is the same invocation; else it waits in memory of its own, and
 * copies at the end bring it home.
 */
import type { BufferDecl, Loop, Node, Store } from '../../ir/program.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { type Cluster, type FormOptions, formClusters, isBuffer } from './clusters.ts';
import type { Arena } from './memoryPlan.ts';
import type { Placement } from './plan.ts';

/** A place that a value is written to; a column's moves on by its rows. */
export interface Target {
  readonly value: Node;
  readonly placement: Placement;
  /** Words to move on in each iteration. */
  readonly stride: number;
}

export type Part =
  /** The members of a cluster, element by element or tile by tile. */
  | { readonly kind: 'cluster'; readonly cluster: Cluster; readonly targets: readonly Target[] }
  /** The parts of a long sum, to memory [parts, ...shape]. */
  | { readonly kind: 'partial'; readonly cluster: Cluster }
  | { readonly kind: 'copy'; readonly from: Placement; readonly to: Placement };

/** Parts that may run at the same time. */
export type Stage = readonly Part[];

export interface Schedule {
  readonly stages: readonly Stage[];
  /** Values that other clusters read. */
  readonly placements: ReadonlyMap<Node, Placement>;
  /** Of clusters whose sum is cut. */
  readonly partials: ReadonlyMap<Cluster, Placement>;
}

export interface ScheduleContext {
  readonly arena: Arena;
  readonly buffers: ReadonlyMap<string, Placement>;
}

export function scheduleLoop(loop: Loop, context: ScheduleContext, options: FormOptions): Schedule {
  const clusters = formClusters(loop, options).filter(({ shape }) => elementCount(shape) > 0);
  return new Scheduling(loop, clusters, context).schedule();
}

class Scheduling {
  private readonly placements = new Map<Node, Placement>();
  private readonly partials = new Map<Cluster, Placement>();
  private readonly home = new Map<Node, Cluster>();
  private readonly loop: Loop;
  private readonly clusters: readonly Cluster[];
  private readonly context: ScheduleContext;

  constructor(loop: Loop, clusters: readonly Cluster[], context: ScheduleContext) {
    this.loop = loop;
    this.clusters = clusters;
    this.context = context;
    for (const cluster of clusters)
      for (const node of cluster.members) this.home.set(node, cluster);
  }

  schedule(): Schedule {
    const direct = new Set(this.stored('assign').filter((store) => this.isSafe(store)));
    const copied = this.stored('assign').filter((store) => !direct.has(store));
    this.placeAtHome([...direct]);
    this.placeValues(new Set(copied.map(({ value }) => value)));
    const levels = Math.max(-1, ...this.clusters.map(({ level }) => level)) + 1;
    const stages = Array.from({ length: levels }, (_, level): Stage => [
      ...this.clusters
        .filter((c) => c.level === level)
        .map((cluster): Part => ({
          kind: 'cluster',
          cluster,
          targets: this.targets(cluster, direct),
        })),
      ...this.cutAt(level).map((cluster): Part => ({ kind: 'partial', cluster })),
    ]);
    const copies = copied.map(({ value, buffer }): Part => ({
      kind: 'copy',
      from: this.placements.get(value)!,
      to: this.context.buffers.get(buffer.name)!,
    }));
    const all = [...stages, copies].filter((stage) => stage.length > 0);
    return { stages: all, placements: this.placements, partials: this.partials };
  }

  private stored(kind: Store['kind']): Store[] {
    return this.loop.stores.filter((store) => store.kind === kind && this.home.has(store.value));
  }

  /** Clusters whose sums are computed in parts at this level, to be put together at the next. */
  private cutAt(level: number): Cluster[] {
    return this.clusters.filter((c) => c.level - 1 === level && isCut(c));
  }

  private isSafe({ buffer, value }: Store): boolean {
    const own = this.home.get(value)!;
    return this.clusters.every((cluster) => {
      const reads = cluster.sources.filter(({ from }) => isSame(from, buffer));
      return reads.every((read) => read.level < own.level || (cluster === own && read.aligned));
    });
  }

  /** What is written to its buffer at once can be read there. */
  private placeAtHome(stores: readonly Store[]): void {
    for (const { value, buffer } of stores) {
      if (!this.placements.has(value))
        this.placements.set(value, this.context.buffers.get(buffer.name)!);
    }
  }

  /** Gives memory to what is read from other clusters, level by level, and takes it back after the last reader. */
  private placeValues(waiting: ReadonlySet<Node>): void {
    const lastRead = this.lastReads();
    const ends = new Map<number, Placement[]>();
    const place = (type: Node['type'], until: number): Placement => {
      const placement = this.context.arena.take(type);
      ends.set(until, [...(ends.get(until) ?? []), placement]);
      return placement;
    };
    const levels = [...new Set(this.clusters.flatMap((c) => [c.level - 1, c.level]))];
    for (const level of levels.sort((a, b) => a - b)) {
      for (const cluster of this.cutAt(level)) {
        const [root] = cluster.members as [Node];
        const shape = [cluster.strategy!.parts, ...cluster.shape];
        this.partials.set(cluster, place({ dtype: root.type.dtype, shape }, level + 1));
      }
      for (const node of this.membersAt(level)) {
        if (this.placements.has(node)) continue;
        const until = waiting.has(node) ? Infinity : lastRead.get(node);
        if (until !== undefined) this.placements.set(node, place(node.type, until));
      }
      for (const placement of ends.get(level) ?? []) this.context.arena.give(placement);
    }
    for (const placement of ends.get(Infinity) ?? []) this.context.arena.give(placement);
  }

  private membersAt(level: number): Node[] {
    return this.clusters.filter((c) => c.level === level).flatMap(({ members }) => members);
  }

  /** The last level at which a value is read from outside of its cluster. */
  private lastReads(): Map<Node, number> {
    const last = new Map<Node, number>();
    for (const { sources } of this.clusters) {
      for (const { from, level } of sources) {
        if (!isBuffer(from)) last.set(from, Math.max(level, last.get(from) ?? 0));
      }
    }
    return last;
  }

  private targets(cluster: Cluster, direct: ReadonlySet<Store>): Target[] {
    const { buffers } = this.context;
    const own = this.loop.stores.filter(({ value }) => this.home.get(value) === cluster);
    const stores = own
      .filter((store) => store.kind === 'emit' || direct.has(store))
      .map(({ kind, buffer, value }): Target => {
        const stride = kind === 'emit' ? elementCount(value.type.shape) : 0;
        return { value, placement: buffers.get(buffer.name)!, stride };
      });
    const kept = cluster.members
      .map((value) => ({ value, placement: this.placements.get(value), stride: 0 }))
      .filter((target): target is Target => target.placement !== undefined)
      .filter(({ placement }) => stores.every((store) => store.placement !== placement));
    return [...stores, ...kept];
  }
}

/** Whether the sum of the cluster's root is cut into parts. */
export function isCut({ strategy }: Cluster): boolean {
  return strategy !== null && strategy.parts > 1;
}

/** Two buffers with the same name are the same buffer. */
function isSame(from: Node | BufferDecl, buffer: BufferDecl): boolean {
  return isBuffer(from) && from.name === buffer.name;
}
