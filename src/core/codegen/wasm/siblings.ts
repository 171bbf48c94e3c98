/**
 * Joins map clusters that do the same to different tensors, such as the update of every parameter by its gradient:
 * one loop over all of them has one rest and a fraction of the code. Input: clusters in order. Output: the same with
 * siblings that follow each other joined to one cluster with `parts`, and packs: which tensors are to lie next
 * to each other so that one loop can walk through all parts. The memory plan follows the packs where it can;
 * whether it did is seen by the addresses (`lineUp`), else the parts are emitted one after the other.
 */
import { bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Cluster } from './clusters.ts';
import type { LoopValues, ValueStore } from './lowerValues.ts';
import { type Value, type View, isDense } from './values.ts';

/** Tensors that should be contiguous, in order: one of each part. */
export type Pack = readonly Value[];

export interface Joined {
  readonly clusters: readonly Cluster[];
  readonly packs: readonly Pack[];
}

export function joinSiblings(clusters: readonly Cluster[], { stores }: LoopValues): Joined {
  const runs: Cluster[][] = [];
  let signature: string | null = null;
  for (const cluster of clusters) {
    const own = signatureOf(cluster, stores);
    const run = runs.at(-1);
    if (own !== null && own === signature && independent(run!, cluster, stores)) run!.push(cluster);
    else runs.push([cluster]);
    signature = own;
  }
  const joined = runs.map((run) => (run.length === 1 ? run[0]! : join(run)));
  return { clusters: joined, packs: joined.flatMap(packsOf) };
}

function join(run: readonly Cluster[]): Cluster {
  const parts = run.map(({ members }) => members);
  const size = run.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return { kind: 'map', shape: [size], stage: run[0]!.stage, members: parts.flat(), parts };
}

/** Equal for clusters that differ only in which tensors they walk through; null when a cluster cannot be a part. */
function signatureOf({ kind, members }: Cluster, stores: readonly ValueStore[]): string | null {
  if (kind !== 'map') return null;
  const places = new Map<Value, number>(members.map((member, index) => [member, index]));
  const inputName = (view: View): string | null => {
    const { value } = view;
    if (isStill(view)) return stillName(view);
    if (!isDense(view) || bytesPerElement(value.dtype) !== 4) return null;
    if (!places.has(value)) places.set(value, places.size);
    return `${value.dtype}#${places.get(value)}`;
  };
  const lines = members.map((member) => {
    const names = member.inputs.map(inputName);
    if (names.includes(null) || bytesPerElement(member.dtype) !== 4) return null;
    const stored = stores.filter(({ value }) => value === member).map((store) => store.kind);
    return [JSON.stringify(member.op), member.dtype, ...names, ...stored].join(' ');
  });
  return lines.includes(null) ? null : lines.join('\n');
}

/** The same element at every position. */
function isStill({ strides, dynamic }: View): boolean {
  return dynamic.length === 0 && strides.every((stride) => stride === 0);
}

/** Equal for views of equal numbers: of one value, or of constants. */
function stillName({ value, offset }: View): string {
  if (value.op.kind !== 'constant') return `${value.id}+${offset}`;
  const number = value.op.values[offset]!;
  return `${value.dtype} ${Object.is(number, -0) ? '-0' : number}`;
}

/** Whether no cluster of the run reads what the other writes, or the other way round. */
function independent(
  run: readonly Cluster[],
  cluster: Cluster,
  stores: readonly ValueStore[],
): boolean {
  const touches = (reader: Cluster, writer: Cluster): boolean => {
    const targets = stores
      .filter(({ value }) => writer.members.includes(value))
      .map(({ buffer }) => buffer.name);
    return reader.members
      .flatMap(({ inputs }) => inputs)
      .some(({ value }) =>
        value.op.kind === 'buffer'
          ? targets.includes(value.op.buffer.name)
          : writer.members.includes(value),
      );
  };
  return !run.some((other) => touches(other, cluster) || touches(cluster, other));
}

/** What the parts read and write, place by place. */
function packsOf({ parts = [] }: Cluster): Pack[] {
  const [first = []] = parts;
  const inside = new Set(first);
  return first.flatMap((member, place) => {
    const inputs = member.inputs.flatMap((view, index) => {
      if (inside.has(view.value) || isStill(view)) return [];
      return [parts.map((part) => part[place]!.inputs[index]!.value)];
    });
    return [...inputs, parts.map((part) => part[place]!)];
  });
}

/** Whether in every pack each tensor begins where the one before ends. */
export function lineUp(cluster: Cluster, addressOf: (value: Value) => number | undefined): boolean {
  return packsOf(cluster).every(([first, ...rest]) => {
    const start = addressOf(first!);
    let end = (start ?? 0) + bytesOf(first!);
    return rest.every((value) => {
      const address = addressOf(value);
      if (start === undefined || address === undefined) return start === address;
      const follows = address === end;
      end += bytesOf(value);
      return follows;
    });
  });
}

function bytesOf({ shape }: Value): number {
  return elementCount(shape) * 4;
}
