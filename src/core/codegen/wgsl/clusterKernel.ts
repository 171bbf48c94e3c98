/** The functions of a shader that compute one part of a stage. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import type { Cluster } from './clusters.ts';
import { type ElementWriter, bindElement, elementOf } from './elements.ts';
import { type Coordinates, divided, index, plus, remainder, times, unflatten } from './indexing.ts';
import { KernelWriter } from './kernelWriter.ts';
import { type Placement, memoryName, wordsOf } from './plan.ts';
import { foldOf, foldTerms, rootElement } from './roots.ts';
import { fromWord, literal, toWord } from './scalars.ts';
import { isCut, type Part, type Schedule, type Target } from './schedule.ts';

export interface KernelContext {
  readonly schedule: Schedule;
  readonly buffers: ReadonlyMap<string, Placement>;
  /** Long lists of numbers. */
  readonly constants: ReadonlyMap<Node, Placement>;
}

/** Writes what one cluster computes; its own members are in registers, all else in memory. */
export class ClusterWriter extends KernelWriter implements ElementWriter {
  private readonly own: ReadonlySet<Node>;
  private readonly context: KernelContext;

  constructor(members: readonly Node[], context: KernelContext) {
    super();
    this.own = new Set(members);
    this.context = context;
  }

  reader(node: Node): ((flat: string) => string) | null {
    if (elementCount(node.type.shape) === 0) return () => literal(0, node.type.dtype); // never run
    const placement = this.placementOf(node);
    return placement === null ? null : (flat) => readText(this, placement, flat);
  }

  private placementOf(node: Node): Placement | null {
    if (node.op.kind === 'load') return this.context.buffers.get(node.op.buffer.name)!;
    if (this.own.has(node)) return null;
    const { schedule, constants } = this.context;
    return schedule.placements.get(node) ?? constants.get(node) ?? null;
  }
}

export function readText(w: KernelWriter, placement: Placement, flat: string): string {
  const { type, packed } = placement;
  if (!packed) return fromWord(placedWord(w, placement, flat), type.dtype);
  const word = placedWord(w, placement, divided(w, flat, 4));
  return `(${word} >> ${times(w, remainder(w, flat, 4), 8)}) & 255u`;
}

function placedWord(w: KernelWriter, placement: Placement, word: string): string {
  const { segment, offset, wordsOfEach } = placement;
  if (wordsOfEach === undefined) return wordText(w, segment, plus(w, index(offset), word));
  const found = w.variable('0u');
  const segments = Math.ceil(wordsOf(placement) / wordsOfEach);
  for (let i = 0; i < segments; i++) {
    const begins = i * wordsOfEach;
    w.block(`if (${word} >= ${index(begins)} && ${word} < ${index(begins + wordsOfEach)})`, () =>
      w.line(`${found} = memory${segment + i}[${word} - ${index(begins)}];`),
    );
  }
  return found;
}

function wordText(w: KernelWriter, segment: number, at: string): string {
  return `${memoryName(segment)}[${w.let(at)}]`;
}

/** Parts of one element for each invocation: how many elements, and how one of them is computed. */
export interface ElementPart {
  readonly count: number;
  readonly lines: readonly string[];
}

/** `element` and `step` are known to the lines. */
export function elementPart(part: Part, context: KernelContext): ElementPart {
  if (part.kind === 'copy') return copyPart(part.from, part.to);
  if (part.kind === 'partial') return partialPart(part.cluster, context);
  const { cluster, targets } = part;
  const w = new ClusterWriter(cluster.members, context);
  const at = unflatten(w, 'element', cluster.shape);
  const [root] = cluster.members as [Node];
  if (cluster.strategy !== null) {
    bindElement(
      w,
      root,
      at,
      isCut(cluster)
        ? sumOfParts(w, cluster, context)
        : rootElement(w, root, { at, byLanes: cluster.strategy.byLanes }),
    );
  }
  writeMembers(w, { members: cluster.members, targets, at, flat: 'element' });
  return { count: elementCount(cluster.shape), lines: w.lines };
}

/** All values first, then all stores: a value may be stored where another was read. */
export function writeMembers(
  w: ElementWriter,
  work: {
    readonly members: readonly Node[];
    readonly targets: readonly Target[];
    readonly at: Coordinates;
    readonly flat: string;
  },
): void {
  const values = new Map(work.members.map((node) => [node, elementOf(w, node, work.at)]));
  for (const { value, placement, stride } of work.targets) {
    const row = stride === 0 ? '0u' : w.let(`u32(step) * ${index(stride)}`);
    const at = plus(w, plus(w, index(placement.offset), row), work.flat);
    const word = toWord(values.get(value)!, value.type.dtype);
    w.line(`${memoryName(placement.segment)}[${at}] = ${word};`);
  }
}

function copyPart(from: Placement, to: Placement): ElementPart {
  const w = new KernelWriter();
  const read = wordText(w, from.segment, plus(w, index(from.offset), 'element'));
  const target = `${memoryName(to.segment)}[${plus(w, index(to.offset), 'element')}]`;
  w.line(`${target} = ${read};`);
  return { count: elementCount(from.type.shape), lines: w.lines };
}

/** Element [part, ...at]: the fold of that part's terms. */
function partialPart(cluster: Cluster, context: KernelContext): ElementPart {
  const [root] = cluster.members as [Node];
  const { parts, byLanes } = cluster.strategy!;
  const fold = foldOf(root)!;
  const w = new ClusterWriter([root], context);
  const [part = '0u', ...at] = unflatten(w, 'element', [parts, ...cluster.shape]);
  const length = Math.ceil(fold.count / parts);
  const from = times(w, part, length);
  const to = w.let(`min(${plus(w, from, index(length))}, ${index(fold.count)})`);
  const term = (turn: string): string => fold.term(w, at, turn);
  const total = foldTerms(w, { fold, from, to, byLanes, term });
  const { segment, offset } = context.schedule.partials.get(cluster)!;
  const word = toWord(total, root.type.dtype);
  w.line(`${memoryName(segment)}[${plus(w, index(offset), 'element')}] = ${word};`);
  return { count: parts * elementCount(cluster.shape), lines: w.lines };
}

function sumOfParts(w: ElementWriter, cluster: Cluster, { schedule }: KernelContext): string {
  const [root] = cluster.members as [Node];
  const fold = foldOf(root)!;
  const placement = schedule.partials.get(cluster)!;
  const count = elementCount(cluster.shape);
  const { parts, byLanes } = cluster.strategy!;
  const term = (part: string): string =>
    readText(w, placement, plus(w, times(w, part, count), 'element'));
  return foldTerms(w, { fold, from: '0u', to: index(parts), byLanes, term });
}
