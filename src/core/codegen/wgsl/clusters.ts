/**
 * Groups the kept nodes of a loop into clusters: what one invocation computes for one element. A cluster is a
 * contraction with the elementwise chain that follows it (bias, activation), or elementwise values of one shape.
 *
 * Each cluster has a level; what it reads from other clusters lies on lower ones, so no order can be circular, and
 * all clusters of a level can run at the same time. Clusters that nobody reads go to the last level, where the
 * updates of all parameters meet.
 */
import { type Shape, elementCount, sameShape } from '../../../shared/tensor/tensorType.ts';
import type { BufferDecl, Loop, Node } from '../../ir/program.ts';
import { isElementwise, placedNodes } from './placing.ts';
import { isContraction } from './roots.ts';
import { type Strategy, strategyOf } from './strategies.ts';

/** What a node reads that has memory. `aligned`: the element with its own index alone. */
export interface Source {
  readonly from: Node | BufferDecl;
  readonly aligned: boolean;
}

export interface ClusterSource extends Source {
  /** The level at which it is read: parts of a sum read one before. */
  readonly level: number;
}

export interface Cluster {
  readonly shape: Shape;
  /** How a contraction, the first of the members, is computed; null for elementwise values. */
  readonly strategy: Strategy | null;
  /** Each after its inputs. */
  readonly members: readonly Node[];
  /** By members, of what lies outside. */
  readonly sources: readonly ClusterSource[];
  readonly level: number;
}

export function isBuffer(from: Node | BufferDecl): from is BufferDecl {
  return 'role' in from;
}

export interface FormOptions {
  /** All in one workgroup: nothing is worth cutting into tiles. */
  readonly alone: boolean;
}

export function formClusters(loop: Loop, options: FormOptions): Cluster[] {
  const forming = new Forming(placedNodes(loop), options);
  return forming.finish();
}

interface Draft {
  readonly shape: Shape;
  readonly strategy: Strategy | null;
  readonly members: Node[];
  readonly level: number;
}

class Forming {
  private readonly drafts: Draft[] = [];
  private readonly home = new Map<Node, Draft>();
  private readonly sources = new Map<Node, readonly Source[]>();
  private readonly options: FormOptions;

  constructor(placed: readonly Node[], options: FormOptions) {
    this.options = options;
    const kept = new Set(placed);
    for (const node of placed) {
      this.sources.set(node, sourcesOf(node, kept));
      this.place(node);
    }
  }

  finish(): Cluster[] {
    const read = new Set<Draft>();
    for (const draft of this.drafts) {
      for (const { from } of this.outside(draft))
        if (!isBuffer(from)) read.add(this.home.get(from)!);
    }
    const last = Math.max(0, ...this.drafts.map(({ level }) => level));
    return this.drafts
      .map((draft) => (read.has(draft) ? draft : { ...draft, level: last }))
      .map((draft): Cluster => ({ ...draft, sources: this.outside(draft) }))
      .sort((a, b) => a.level - b.level);
  }

  private outside({ members, strategy, level }: Draft): ClusterSource[] {
    const own = new Set(members);
    const isCut = strategy !== null && strategy.parts > 1;
    return members.flatMap((node, i) =>
      this.sources
        .get(node)!
        .filter(({ from }) => isBuffer(from) || !own.has(from))
        .map((source) => ({ ...source, level: isCut && i === 0 ? level - 1 : level })),
    );
  }

  private place(node: Node): void {
    const draft = isContraction(node) ? this.contraction(node) : this.elementwise(node);
    draft.members.push(node);
    this.home.set(node, draft);
  }

  private contraction(node: Node): Draft {
    const strategy = strategyOf(node, this.options);
    // Parts are computed one level before.
    const level = this.levelOf(node) + (strategy.parts > 1 ? 2 : 1);
    return this.open({ shape: node.type.shape, strategy, members: [], level });
  }

  /** Follows the cluster of its inputs where that has all of them by its level, else the level after. */
  private elementwise(node: Node): Draft {
    const level = this.levelOf(node);
    const latest = this.sources
      .get(node)!
      .filter(({ from }) => !isBuffer(from) && this.home.get(from)!.level === level);
    const homes = new Set(latest.map(({ from }) => this.home.get(from as Node)!));
    const [home] = homes;
    const joins =
      isElementwise(node) &&
      home !== undefined &&
      homes.size === 1 &&
      latest.every(({ aligned }) => aligned) &&
      sameShape(home.shape, node.type.shape);
    return joins
      ? home
      : this.open({ strategy: null, members: [], shape: node.type.shape, level: level + 1 });
  }

  /** The highest level of what a node reads. */
  private levelOf(node: Node): number {
    const levels = this.sources
      .get(node)!
      .map(({ from }) => (isBuffer(from) ? -1 : this.home.get(from)!.level));
    return Math.max(-1, ...levels);
  }

  /** Elementwise values of one shape and level share a cluster, and so what they read. */
  private open(draft: Draft): Draft {
    const known =
      draft.strategy === null &&
      this.drafts.find(
        ({ strategy, level, shape }) =>
          strategy === null && level === draft.level && sameShape(shape, draft.shape),
      );
    if (known) return known;
    const made = { ...draft, members: [] };
    this.drafts.push(made);
    return made;
  }
}

/** Kept nodes and buffers that a node reads, found through what is computed in place. */
function sourcesOf(node: Node, kept: ReadonlySet<Node>): Source[] {
  const found = new Map<Node | BufferDecl, boolean>();
  const seen = new Set<string>();
  const visit = (from: Node, aligned: boolean): void => {
    const key = `${from.id} ${aligned}`;
    if (seen.has(key)) return;
    seen.add(key);
    const hasMemory = from !== node && kept.has(from);
    if (hasMemory) note(from, aligned);
    else if (from.op.kind === 'load') note(from.op.buffer, aligned);
    if (hasMemory) return;
    const stays = aligned && (isElementwise(from) || elementCount(from.type.shape) === 0);
    for (const arg of from.args) visit(arg, stays);
  };
  const note = (from: Node | BufferDecl, aligned: boolean): void => {
    found.set(from, aligned && (found.get(from) ?? true));
  };
  visit(node, true);
  return [...found].map(([from, aligned]) => ({ from, aligned }));
}
