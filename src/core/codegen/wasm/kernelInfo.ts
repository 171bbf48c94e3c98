/** What the kernels of a loop are and how much there is to do, from shapes alone. */
import type { KernelInfo, MemoryUse, Origin } from '../../../shared/kernelInfo.ts';
import { byteSize, bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { BufferRole } from '../../ir/program.ts';
import type { Cluster } from './clusters.ts';
import { tiledProduct } from './emitCluster.ts';
import type { Generated } from './generate.ts';
import type { ValueStore } from './lowerValues.ts';
import { allReads, type LoopPlan } from './memoryPlan.ts';
import { operationsOf } from './operations.ts';
import type { Value, View } from './values.ts';
import { isWinograd, isWinogradFilter } from './winograd.ts';

/** In the order of an iteration: one for each cluster, then one for each copy at its end. */
export function loopKernels({ clusters, copies, homes }: LoopPlan): KernelInfo[] {
  return [...clusters.map((cluster) => clusterInfo(cluster, homes)), ...copies.map(copyInfo)];
}

function clusterInfo(cluster: Cluster, homes: ReadonlyMap<Value, number>): KernelInfo {
  const { members, parts, shape } = cluster;
  return {
    ops: (parts?.[0] ?? members).map(opName),
    shape,
    form: formOf(cluster),
    origins: originsOf(members),
    operations: members.reduce((sum, member) => sum + operationsOf(member), 0),
    bytes: bytesRead(members) + bytesWritten(members, homes),
  };
}

function copyInfo({ kind, value }: ValueStore): KernelInfo {
  const { shape } = value;
  const origins = value.source?.origin ? [value.source.origin] : [];
  return { ops: [kind], shape, form: null, origins, operations: 0, bytes: 2 * byteSize(value) };
}

/** How a kernel computes, where there are several ways. */
export function formOf(cluster: Cluster): string | null {
  const large = tiledProduct(cluster);
  if (large === undefined) return cluster.parts === undefined ? null : 'joined';
  return isWinograd(large) || isWinogradFilter(large) ? 'winograd' : 'tiled';
}

/** Products and reductions by the node that they were made for, such as `conv2d`; all else by what it is. */
function opName({ op, source }: Value): string {
  if (op.kind === 'matmul') return source?.op ?? op.kind;
  if (op.kind === 'reduce') return source?.op === 'reduce' ? op.fn : (source?.op ?? op.fn);
  return 'fn' in op ? op.fn : op.kind;
}

function originsOf(members: readonly Value[]): Origin[] {
  const found = new Map<string, { readonly origin: Origin; operations: number }>();
  for (const member of members) {
    const origin = member.source?.origin;
    if (!origin) continue;
    const key = `${origin.pass} ${origin.layer ?? ''}`;
    const known = found.get(key) ?? { origin, operations: 0 };
    known.operations += operationsOf(member);
    found.set(key, known);
  }
  return [...found.values()]
    .sort((a, b) => b.operations - a.operations)
    .map(({ origin }) => origin);
}

function bytesRead(members: readonly Value[]): number {
  const inside = new Set(members);
  const needed = new Map<Value, number>();
  for (const member of members) {
    for (const view of allReads(member)) {
      const { value } = view;
      if (inside.has(value)) continue;
      // Of a table only the rows that are taken.
      const most = member.op.kind === 'gatherRows' ? elementCount(member.shape) : Infinity;
      const bytes = Math.min(distinctElements(view), most) * bytesPerElement(value.dtype);
      needed.set(value, Math.max(needed.get(value) ?? 0, bytes));
    }
  }
  return [...needed.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Overlapping windows are elements of one tensor. */
function distinctElements({ value, shape, strides }: View): number {
  const walked = shape.reduce(
    (count, size, axis) => (strides[axis] === 0 ? count : count * size),
    1,
  );
  return Math.min(walked, elementCount(value.shape));
}

function bytesWritten(members: readonly Value[], homes: ReadonlyMap<Value, number>): number {
  return members.reduce((sum, member) => sum + (homes.has(member) ? byteSize(member) : 0), 0);
}

export function memoryUse({ memory, arenaBytes, pool }: Generated): MemoryUse {
  const buffers = [...memory.buffers.values()];
  const sizeOf = (role: BufferRole): number =>
    buffers.reduce((sum, { decl }) => sum + (decl.role === role ? byteSize(decl.type) : 0), 0);
  return {
    data: sizeOf('data'),
    state: sizeOf('state'),
    columns: sizeOf('column'),
    working: arenaBytes,
    total: pool.end,
  };
}
