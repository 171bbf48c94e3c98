/**
 * A long sum (or extreme) along neighbours in memory by the 32 lanes of a team: lane l folds terms l, l + 32, l + 64, ...
 * in order, and then lanes are folded in pairs, pairs of pairs, and so on. Two teams share a workgroup. Lanes exchange
 * their values through workgroup memory, or where the device has subgroups by shuffles as far as a subgroup reaches: the
 * order is the same, and so are the bits. One invocation alone can do the same (roots.ts, `foldRange`).
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import { ClusterWriter, type KernelContext, readText, writeMembers } from './clusterKernel.ts';
import { bindElement } from './elements.ts';
import { divided, index, plus, remainder, times, unflatten } from './indexing.ts';
import { memoryName } from './plan.ts';
import { type Fold, foldOf, folded, teamLanes, neutral } from './roots.ts';
import { toWord, valueType } from './scalars.ts';
import { type Part, isCut } from './schedule.ts';

export type LanePart = Exclude<Part, { kind: 'copy' }>;

export interface LaneForm {
  /** Lanes whose values come by shuffles: no more than the smallest subgroup has; 1 for none. */
  readonly shuffled: number;
}

const teams = 2;
/** Of a workgroup. */
export const laneInvocations = teams * teamLanes;

export interface LaneKernel {
  readonly workgroups: number;
  /** Declarations and the functions `finish` and `lanes(group, lane, step)`. */
  readonly code: string;
}

export function laneKernel(part: LanePart, form: LaneForm, context: KernelContext): LaneKernel {
  const count = elementsOf(part);
  const { dtype } = rootOf(part).type;
  const isShuffled = form.shuffled >= teamLanes;
  return {
    workgroups: Math.ceil(count / teams),
    code: [
      ...(isShuffled
        ? []
        : [`var<workgroup> team: array<${valueType(dtype)}, ${laneInvocations}>;`]),
      `fn finish(element: u32, value: ${valueType(dtype)}, step: i32) {`,
      ...finishLines(part, context),
      '}',
      'fn lanes(group: u32, lane: u32, step: i32) {',
      ...laneLines(part, form, context),
      '}',
    ].join('\n'),
  };
}

function rootOf({ cluster }: LanePart): Node {
  return cluster.members[0]!;
}

/** Of the result, or of its parts. */
function elementsOf({ kind, cluster }: LanePart): number {
  const parts = kind === 'partial' ? cluster.strategy!.parts : 1;
  return parts * elementCount(cluster.shape);
}

function laneLines(part: LanePart, form: LaneForm, context: KernelContext): string[] {
  const w = new ClusterWriter([rootOf(part)], context);
  const fold = foldOf(rootOf(part))!;
  const count = elementsOf(part);
  const element = plus(w, times(w, 'group', teams), divided(w, 'lane', teamLanes));
  const total = w.variable(neutral(fold));
  w.block(`if (${element} < ${index(count)})`, () => {
    const { from, to, term } = termsOf(w, part, element, context);
    const first = plus(w, from, remainder(w, 'lane', teamLanes));
    const head = `for (var turn = ${first}; turn < ${to}; turn += ${index(teamLanes)})`;
    w.block(head, () => w.line(`${total} = ${folded(fold, total, w.let(term('turn')))};`));
  });
  foldLanes(w, { fold, total, shuffled: Math.min(form.shuffled, teamLanes) });
  const isFirst = `${remainder(w, 'lane', teamLanes)} == 0u && ${element} < ${index(count)}`;
  w.block(`if (${isFirst})`, () => w.line(`finish(${element}, ${total}, step);`));
  return w.lines;
}

interface Terms {
  readonly from: string;
  readonly to: string;
  readonly term: (turn: string) => string;
}

/** Of the whole, of one of its parts, or the parts as terms. */
function termsOf(w: ClusterWriter, part: LanePart, element: string, context: KernelContext): Terms {
  const { kind, cluster } = part;
  const fold = foldOf(rootOf(part))!;
  const { parts } = cluster.strategy!;
  if (kind === 'partial') {
    const [p = '0u', ...at] = unflatten(w, element, [parts, ...cluster.shape]);
    const length = Math.ceil(fold.count / parts);
    const from = times(w, p, length);
    const to = w.let(`min(${plus(w, from, index(length))}, ${index(fold.count)})`);
    return { from, to, term: (turn) => fold.term(w, at, turn) };
  }
  if (isCut(cluster)) {
    const placement = context.schedule.partials.get(cluster)!;
    const stride = elementCount(cluster.shape);
    const term = (turn: string): string =>
      readText(w, placement, plus(w, times(w, turn, stride), element));
    return { from: '0u', to: index(parts), term };
  }
  const at = unflatten(w, element, cluster.shape);
  return { from: '0u', to: index(fold.count), term: (turn) => fold.term(w, at, turn) };
}

/** Lane 0 of each team has the whole then. In uniform control flow. */
function foldLanes(
  w: ClusterWriter,
  { fold, total, shuffled }: { fold: Fold; total: string; shuffled: number },
): void {
  for (let reach = 1; reach < shuffled; reach *= 2) {
    w.line(`${total} = ${folded(fold, total, w.let(`subgroupShuffleXor(${total}, ${reach}u)`))};`);
  }
  for (let reach = shuffled; reach < teamLanes; reach *= 2) {
    w.line(`team[lane] = ${total};`);
    w.line('workgroupBarrier();');
    const other = w.let(`team[lane ^ ${reach}u]`);
    w.line(`${total} = ${folded(fold, total, other)};`);
    if (2 * reach < teamLanes) w.line('workgroupBarrier();');
  }
}

/** What is done with one element. */
function finishLines(part: LanePart, context: KernelContext): string[] {
  const { cluster } = part;
  const w = new ClusterWriter(cluster.members, context);
  if (part.kind === 'partial') {
    const { segment, offset } = context.schedule.partials.get(cluster)!;
    const word = toWord('value', rootOf(part).type.dtype);
    w.line(`${memoryName(segment)}[${plus(w, index(offset), 'element')}] = ${word};`);
    return w.lines;
  }
  const at = unflatten(w, 'element', cluster.shape);
  bindElement(w, rootOf(part), at, 'value');
  writeMembers(w, { members: cluster.members, targets: part.targets, at, flat: 'element' });
  return w.lines;
}
