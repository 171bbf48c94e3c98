/**
 * Program to WebAssembly: one exported function `loop<i>(from, to)` for each loop, which runs iterations
 * without leaving WebAssembly. Kernels (one for each cluster) fill functions up to a size that V8's
 * optimizing compiler handles well; a loop calls them in order.
 */
import { AppError, unreachable } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { byteSize, bytesPerElement, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Program } from '../../ir/program.ts';
import { FunctionBuilder } from './asm.ts';
import { type Cluster, formClusters } from './clusters.ts';
import { ConstantPool } from './constantPool.ts';
import { type Contraction, contractions } from './contract.ts';
import { emitArgMax, emitConcat, emitGather, emitPad, emitScatterAdd } from './dataKernels.ts';
import { type KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { Cursors } from './cursors.ts';
import { type LoopValues, lowerValues, type ValueStore } from './lowerValues.ts';
import { emitAxes, emitJoined, emitMap } from './mapKernel.ts';
import { emitMatmul } from './matmulKernel.ts';
import { allReads, bufferPacks, type LoopPlan, planLoop } from './memoryPlan.ts';
import { encodeModule, type ModuleFunction } from './module.ts';
import { emitMaxPoolInputGrad } from './poolKernel.ts';
import { emitRandomBits } from './randomKernel.ts';
import { emitReduce } from './reduceKernel.ts';
import { emitRows } from './rowsKernel.ts';
import { joinSiblings, lineUp } from './siblings.ts';
import { iterationAddress, slackBytes, StaticMemory } from './staticMemory.ts';
import { tileFunction, type TileSpec } from './tileFunction.ts';
import { emitTiled } from './tiledKernel.ts';
import { isTiled, scratchBytes, tilingOf } from './tiling.ts';
import type { Value } from './values.ts';
import { VectorMath } from './vectorMath.ts';

/** Bytes of code after which the next kernel begins a new function. */
const functionBytes = 12_000;
/** A loop with this many times fewer iterations than the longest gets compact code. */
const compactBelow = 8;
const pageBytes = 65_536;
/** WebAssembly addresses 4 GiB. */
const maxPages = 65_536;

export interface Generated {
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly memory: StaticMemory;
  readonly pool: ConstantPool;
  /** Exported function of each loop, in order of the program. */
  readonly loops: readonly { readonly name: string; readonly plan: LoopPlan }[];
  readonly arenaBytes: number;
}

export interface GenerateOptions {
  /** Whether a * b + c in products and polynomials is one rounding. */
  readonly fma: boolean;
  /** Whether V8 fuses pairs of vectors to 256 bits; never changes bits. */
  readonly wide: boolean;
  /** Whether each kernel becomes an exported function of its own, `kernel<i>` of the only loop. */
  readonly profile?: boolean;
  /** Whether other threads may run the loops over the same memory. */
  readonly shared: boolean;
}

/** @throws AppError `backend.unsupported` naming an op it cannot lower, or the bytes when they are too many. */
export function generate(program: Program, options: GenerateOptions): Generated {
  const longest = Math.max(...program.loops.map(({ count }) => count));
  const lowered = program.loops.map((loop) => {
    const values = lowerValues(loop);
    const joined = joinSiblings(formClusters(values), values);
    return { name: loop.name, compact: loop.count * compactBelow < longest, values, joined };
  });
  const packs = lowered.flatMap(({ joined, values }) => bufferPacks(joined.packs, values.stores));
  const memory = new StaticMemory(program.buffers, packs);
  for (const { values } of lowered) reserveConstants(memory, values);
  const arenaStart = memory.end;
  const loops = lowered.map(({ name, compact, values, joined }) => {
    const plan = planLoop(joined, values.stores, {
      statics: memory,
      arenaStart,
      scratchBytes: (cluster) => workingBytes(cluster, options.wide),
    });
    return { name, compact, plan };
  });
  const arenaEnd = Math.max(arenaStart, ...loops.map(({ plan }) => plan.arenaEnd));
  const pool = new ConstantPool(arenaEnd);
  const functions: ModuleFunction[] = [];
  loops.forEach(({ plan, compact }, index) => {
    const steps = emitSteps({ plan, memory, pool, compact, ...options }, functions);
    functions.push({ name: `loop${index}`, builder: loopFunction(steps) });
  });
  const pages = Math.ceil((pool.end + slackBytes) / pageBytes);
  if (pages > maxPages) {
    throw new AppError(
      'backend.unsupported',
      say`The program needs ${(pool.end / 2 ** 30).toFixed(1)} GiB; the wasm backend can address 4 GiB.`,
    );
  }
  const bytes = encodeModule(functions, { pages, shared: options.shared });
  return { bytes, pages, memory, pool, loops, arenaBytes: arenaEnd - arenaStart };
}

function reserveConstants(memory: StaticMemory, { computed }: LoopValues): void {
  for (const { value } of computed.flatMap(allReads)) memory.addressOf(value);
}

function tiledProduct({ kind, members }: Cluster): Value | undefined {
  return kind === 'matmul' ? members.find((m) => m.op.kind === 'matmul' && isTiled(m)) : undefined;
}

function workingBytes(cluster: Cluster, wide: boolean): number {
  const product = tiledProduct(cluster);
  return product === undefined ? 0 : scratchBytes(tilingOf(product, wide));
}

interface LoopEmission extends GenerateOptions {
  readonly plan: LoopPlan;
  readonly memory: StaticMemory;
  readonly pool: ConstantPool;
  readonly compact: boolean;
}

/** Emits the kernels of one iteration; gives the indices of the functions to call. */
function emitSteps(emission: LoopEmission, functions: ModuleFunction[]): number[] {
  const { plan, memory, pool } = emission;
  const steps: number[] = [];
  let builder: FunctionBuilder | undefined;
  const tiles = new Map<string, number>();
  const tile = (spec: TileSpec): number => {
    const key = JSON.stringify(spec);
    const index = tiles.get(key) ?? functions.push({ builder: tileFunction(spec, emission) }) - 1;
    tiles.set(key, index);
    return index;
  };
  const place = (members: readonly Value[], emit: (context: KernelContext) => void): void => {
    if (builder === undefined || emission.profile || builder.code.length > functionBytes) {
      builder = new FunctionBuilder([], pool);
      steps.push(functions.length);
      functions.push(
        emission.profile ? { builder, name: `kernel${steps.length - 1}` } : { builder },
      );
    }
    const context = { ...kernelContext(builder, emission, members), tile };
    builder.kernel(() => emit(context));
  };
  for (const cluster of plan.clusters) {
    place(cluster.members, (context) => emitCluster(context, cluster));
  }
  for (const copy of plan.copies) {
    place([], (context) => emitCopy(context, memory, copy));
  }
  return steps;
}

function kernelContext(
  f: FunctionBuilder,
  { plan, memory, fma, wide, compact }: LoopEmission,
  members: readonly Value[],
): Omit<KernelContext, 'tile'> {
  const isStored = (value: Value): boolean => plan.homes.has(value);
  const homeOf = (value: Value): number | undefined =>
    plan.homes.get(value) ?? memory.addressOf(value);
  const fused = fma ? contractions(members, isStored) : new Map<Value, Contraction>();
  return {
    f,
    compact,
    wide,
    scratchOf: (cluster) => plan.scratch.get(cluster)!,
    math: new VectorMath(f, fma),
    homeOf,
    addressOf(value: Value): number {
      const address = homeOf(value);
      if (address === undefined) throw new Error(`internal: ${value.op.kind} has no address`);
      return address;
    },
    isStored,
    contraction: (value) => fused.get(value),
  };
}

function emitCluster(context: KernelContext, cluster: Cluster): void {
  const [value] = cluster.members as [Value];
  switch (cluster.kind) {
    case 'map':
      emitMaps(context, cluster);
      return;
    case 'matmul':
      if (tiledProduct(cluster) === undefined) emitMatmul(context, cluster);
      else emitTiled(context, cluster);
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
function emitCopy(context: KernelContext, memory: StaticMemory, store: ValueStore): void {
  const { f } = context;
  const { value, buffer } = store;
  const { address } = memory.buffers.get(buffer.name)!;
  const bytes = bytesPerElement(value.dtype);
  const from = { address: context.addressOf(value), dtype: value.dtype, strides: [bytes] };
  const to = { ...from, address };
  const row = f.plain('i32Mul', f.loadInt(f.int(0), iterationAddress), f.int(byteSize(value)));
  const target = store.kind === 'emit' ? { ...to, dynamic: { key: 'row', push: row } } : to;
  const cursors = new Cursors(f, [from, target]);
  emitAxes(cursors, [elementCount(value.shape)], (lanes) => {
    const loaded = loadLanes(f, cursors.lanes(from, 0, lanes));
    storeLanes(f, cursors.lanes(target, 0, lanes), loaded);
  });
}

/** (from, to): runs the steps once for each iteration. */
function loopFunction(steps: readonly number[]): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32']);
  const [index, to] = [0, 1];
  f.ifThen(f.plain('i32LtS', f.get(index), f.get(to)), () => {
    const next = f.tee(index, f.plain('i32Add', f.get(index), f.int(1)));
    f.loopWhile(f.plain('i32LtS', next, f.get(to)), () => {
      f.storeInt(f.int(0), f.get(index), iterationAddress);
      for (const step of steps) f.call(step);
    });
  });
  return f;
}
