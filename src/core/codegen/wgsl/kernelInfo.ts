/** What the parts of a dispatch are and how much there is to do, from shapes alone: see shared/kernelInfo.ts. */
import type { KernelInfo, MemoryUse, Origin } from '../../../shared/kernelInfo.ts';
import { byteSize, bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import { nodeOperations } from '../../ir/operations.ts';
import type { BufferRole, Node, Program } from '../../ir/program.ts';
import { type Cluster, type ClusterSource, isBuffer } from './clusters.ts';
import { isElementwise } from './placing.ts';
import { isContraction } from './roots.ts';
import type { Part } from './schedule.ts';
import type { WgslPlan } from './plan.ts';

export function kernelInfo(part: Part): KernelInfo {
  if (part.kind === 'copy') {
    const { type } = part.from;
    const { shape } = type;
    return {
      ops: ['copy'],
      shape,
      form: null,
      origins: [],
      operations: 0,
      bytes: 2 * byteSize(type),
    };
  }
  const { cluster } = part;
  const [root, ...chain] = cluster.members as [Node];
  const parts = cluster.strategy?.parts ?? 1;
  const isPartial = part.kind === 'partial';
  const sum = elementCount(cluster.shape) * parts * bytesPerElement(root.type.dtype);
  const written = isPartial ? sum : writtenBytes(part.targets);
  // The sum is computed by its parts; what puts them together reads those.
  const read = parts > 1 && !isPartial ? sum : bytesRead(cluster, isPartial ? root : null);
  const own = isPartial ? [root] : parts > 1 ? chain : cluster.members;
  const together = parts > 1 && !isPartial ? elementCount(cluster.shape) * parts : 0;
  return {
    ops: isPartial ? [opName(root)] : cluster.members.map(opName),
    shape: cluster.shape,
    form: formOf(cluster, isPartial),
    origins: originsOf(cluster.members),
    operations: together + own.reduce((total, node) => total + operations(node), 0),
    bytes: read + written,
  };
}

function opName({ op }: Node): string {
  return 'fn' in op ? op.fn : op.kind;
}

function formOf({ strategy }: Cluster, isPartial: boolean): string | null {
  if (strategy === null) return null;
  if (strategy.parts > 1) return isPartial ? 'parts' : 'joined';
  return strategy.tile === null ? null : 'tiled';
}

/** Moves are none. */
function operations(node: Node): number {
  const computes = isContraction(node) || isElementwise(node) || node.op.kind === 'randomBits';
  return computes ? nodeOperations(node) : 0;
}

function writtenBytes(targets: Extract<Part, { kind: 'cluster' }>['targets']): number {
  return targets.reduce((total, { value }) => total + byteSize(value.type), 0);
}

/** Of `only` one of the members where it is named. */
function bytesRead(cluster: Cluster, only: Node | null): number {
  const needed = new Map<ClusterSource['from'], number>();
  for (const { from } of cluster.sources) {
    const bytes = byteSize(from.type);
    // Of data and of an order only the rows of a batch are taken.
    const isTable = isBuffer(from) && (from.role === 'data' || from.type.dtype === 'i32');
    const most = elementCount(only?.type.shape ?? cluster.shape) * bytesPerElement(from.type.dtype);
    needed.set(from, isTable ? Math.min(bytes, most) : bytes);
  }
  return [...needed.values()].reduce((total, bytes) => total + bytes, 0);
}

function originsOf(members: readonly Node[]): Origin[] {
  const found = new Map<string, { readonly origin: Origin; operations: number }>();
  for (const member of members) {
    const { origin } = member;
    if (origin === null) continue;
    const key = `${origin.pass} ${origin.layer ?? ''}`;
    const known = found.get(key) ?? { origin, operations: 0 };
    known.operations += operations(member);
    found.set(key, known);
  }
  return [...found.values()]
    .sort((a, b) => b.operations - a.operations)
    .map(({ origin }) => origin);
}

export function memoryUse(
  program: Program,
  plan: Pick<WgslPlan, 'buffers' | 'segments'>,
): MemoryUse {
  const sizeOf = (role: BufferRole): number =>
    program.buffers
      .filter((buffer) => buffer.role === role)
      .reduce((total, { name, type }) => {
        const packed = plan.buffers.get(name)?.packed ?? false;
        return total + elementCount(type.shape) * (packed ? 1 : 4);
      }, 0);
  const [data, state, columns] = [sizeOf('data'), sizeOf('state'), sizeOf('column')];
  const total = plan.segments.reduce((sum, words) => sum + 4 * words, 0);
  return { data, state, columns, working: Math.max(0, total - data - state - columns), total };
}
