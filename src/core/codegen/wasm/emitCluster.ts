/** Chooses the kernel for a cluster. */
import { unreachable } from '../../../shared/errors.ts';
import { byteSize, bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Cluster } from './clusters.ts';
import { Cursors } from './cursors.ts';
import { emitArgMax, emitConcat, emitGather, emitPad, emitScatterAdd } from './dataKernels.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import type { ValueStore } from './lowerValues.ts';
import { emitAxes, emitJoined, emitMap } from './mapKernel.ts';
import { emitMatmul } from './matmulKernel.ts';
import { emitMaxPoolInputGrad } from './poolKernel.ts';
import { emitRandomBits } from './randomKernel.ts';
import { emitReduce } from './reduceKernel.ts';
import { emitRows } from './rowsKernel.ts';
import { lineUp } from './siblings.ts';
import { emitSideways, isSideways, sidewaysBytes } from './sidewaysKernel.ts';
import { iterationAddress, type StaticMemory } from './staticMemory.ts';
import { emitTiled } from './tiledKernel.ts';
import { isTiled, scratchBytes, tilingOf } from './tiling.ts';
import type { Value } from './values.ts';
import { isWinograd, isWinogradFilter } from './winograd.ts';
import { emitWinogradFilter, winogradFilterBytes } from './winogradFilterKernel.ts';
import { emitWinograd, winogradBytes } from './winogradKernel.ts';

/** The large product of a cluster, if it has one. */
export function tiledProduct({ kind, members }: Cluster): Value | undefined {
  return kind === 'matmul' ? members.find((m) => m.op.kind === 'matmul' && isTiled(m)) : undefined;
}

export function emitCluster(context: KernelContext, cluster: Cluster): void {
  const [value] = cluster.members as [Value];
  switch (cluster.kind) {
    case 'map':
      emitMaps(context, cluster);
      return;
    case 'matmul':
      emitProduct(context, cluster);
      return;
    case 'rows':
      emitRows(context, cluster);
      return;
    case 'reduce':
      emitReduce(context, cluster);
      return;
    case 'single':
      emitSingle(context, value);
      return;
    default:
      unreachable(cluster.kind);
  }
}

function emitProduct(context: KernelContext, cluster: Cluster): void {
  const large = tiledProduct(cluster);
  if (large === undefined) emitMatmul(context, cluster);
  else if (isWinograd(large)) emitWinograd(context, cluster);
  else if (isWinogradFilter(large)) emitWinogradFilter(context, cluster);
  else if (isSideways(large)) emitSideways(context, cluster);
  else emitTiled(context, cluster);
}

/** Working memory that the kernel of a cluster wants, in bytes. */
export function workingBytes(cluster: Cluster, wide: boolean, threads: number): number {
  const large = tiledProduct(cluster);
  if (large === undefined) return 0;
  if (isWinograd(large)) return winogradBytes(large, threads);
  if (isWinogradFilter(large)) return winogradFilterBytes(large, wide, threads);
  if (isSideways(large)) return sidewaysBytes(threads);
  return scratchBytes(tilingOf(large, { wide, threads }), threads);
}

function emitSingle(context: KernelContext, value: Value): void {
  switch (value.op.kind) {
    case 'gatherRows':
      emitGather(context, value);
      return;
    case 'scatterAddRows':
      emitScatterAdd(context, value);
      return;
    case 'pad':
      emitPad(context, value);
      return;
    case 'concat':
      emitConcat(context, value);
      return;
    case 'argMax':
      emitArgMax(context, value);
      return;
    case 'maxPool2dInputGrad':
      emitMaxPoolInputGrad(context, value);
      return;
    case 'randomBits':
      emitRandomBits(context, value);
      return;
    default:
      throw new Error(`internal: no kernel for ${value.op.kind}`);
  }
}

/** Siblings in one loop where their tensors lie one after the other, else each on its own. */
function emitMaps(context: KernelContext, cluster: Cluster): void {
  const { parts = [cluster.members] } = cluster;
  const [first] = parts as [readonly Value[]];
  if (parts.length > 1 && lineUp(cluster, context.homeOf)) {
    emitJoined(context, first, cluster.shape[0]!);
  } else {
    for (const part of parts) emitMap(context, part, part[0]!.shape);
  }
}

/** A store that could not be computed in place: the whole buffer, or one row of a column. */
export function emitCopy(context: KernelContext, memory: StaticMemory, store: ValueStore): void {
  const { f } = context;
  const { value, buffer } = store;
  const { address } = memory.buffers.get(buffer.name)!;
  const bytes = bytesPerElement(value.dtype);
  const from = { address: context.addressOf(value), dtype: value.dtype, strides: [bytes] };
  const to = { ...from, address };
  const row = f.plain('i32Mul', f.loadInt(f.int(0), iterationAddress), f.int(byteSize(value)));
  const target = store.kind === 'emit' ? { ...to, dynamic: { key: 'row', push: row } } : to;
  const cursors = new Cursors(f, [from, target]);
  emitAxes(cursors, { sizes: [elementCount(value.shape)] }, (lanes) => {
    const loaded = loadLanes(f, cursors.lanes(from, 0, lanes));
    storeLanes(f, cursors.lanes(target, 0, lanes), loaded);
  });
}
