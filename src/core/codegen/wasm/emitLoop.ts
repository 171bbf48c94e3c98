/**
 * The functions of one loop. Kernels fill functions up to a size that V8's optimizing compiler handles well; the
 * exported function of the loop calls them in order, iteration after iteration.
 *
 * Where a team runs the loop all its threads call the exported function. Kernels that share their work are followed by
 * a barrier; the others run on one thread, with a barrier only before the next kernel that is shared.
 *
 * Where part of an iteration is done ahead (runAhead.ts) that part is a loop of its own, `<loop>/ahead`, for a thread of
 * its own.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { FunctionBuilder } from './asm.ts';
import type { Cluster } from './clusters.ts';
import type { ConstantPool } from './constantPool.ts';
import { type Contraction, contractions } from './contract.ts';
import { emitCluster, emitCopy, tiledProduct } from './emitCluster.ts';
import type { InnerFunctions } from './innerFunctions.ts';
import type { KernelContext } from './kernelContext.ts';
import type { LoopPlan } from './memoryPlan.ts';
import type { ModuleFunction } from './module.ts';
import {
  type AheadPlan,
  emitHanding,
  type Meeting,
  tell,
  waitFor,
  waitForTray,
} from './runAhead.ts';
import type { StaticMemory } from './staticMemory.ts';
import { passGate } from './storeGate.ts';
import { onOneThread, type Team } from './team.ts';
import type { Value } from './values.ts';
import { VectorMath } from './vectorMath.ts';

/** Bytes of code after which the next kernel begins a new function. */
const functionBytes = 12_000;
/** Elements from which on it pays to wake other threads up. */
const worthSharing = 4096;

export interface LoopEmission {
  readonly name: string;
  readonly plan: LoopPlan;
  /** What is done an iteration ahead, if anything is. */
  readonly ahead: AheadPlan | null;
  /** Where the iteration index is: that of a thread that runs ahead is its own. */
  readonly iteration: number;
  readonly memory: StaticMemory;
  readonly pool: ConstantPool;
  readonly inner: InnerFunctions;
  readonly compact: boolean;
  readonly fma: boolean;
  readonly wide: boolean;
  /** Whether each kernel becomes an exported function of its own, `<name>/kernel<i>`; the last one is the end of an iteration. */
  readonly profile: boolean;
  /** Threads that run the loop together; 1 without a team. */
  readonly threads: number;
  /** Index of the function at which a team waits. */
  readonly barrier: number;
}

/** Adds the functions of the loop; the last one is exported as `name`: (from, to), of a team (from, to, thread). */
export function emitLoop(emission: LoopEmission, functions: ModuleFunction[]): void {
  const { name, ahead, threads, iteration } = emission;
  if (ahead !== null) emitAhead(emission, ahead, functions);
  const steps = emitSteps(emission, functions);
  functions.push({ name, builder: loopFunction({ steps, iteration, hasTeam: threads > 1 }) });
}

function emitAhead(loop: LoopEmission, ahead: AheadPlan, functions: ModuleFunction[]): void {
  const { plan, meeting } = ahead;
  const { iteration } = meeting;
  const emission = {
    ...loop,
    plan,
    ahead: null,
    iteration,
    threads: 1,
    name: `${loop.name}/ahead`,
  };
  const steps = emitSteps(emission, functions);
  const builder = loopFunction({ steps, iteration, hasTeam: false, meeting });
  functions.push({ name: emission.name, builder });
}

/** Emits the kernels of one iteration; gives the indices of the functions to call. */
function emitSteps(emission: LoopEmission, functions: ModuleFunction[]): number[] {
  const { plan, ahead } = emission;
  const steps = new Steps(emission, functions);
  if (ahead !== null) takeTray(steps, emission, ahead);
  plan.clusters.forEach((cluster, index) => {
    if (index === plan.gateAfter) steps.add(false, ({ f }) => passGate(f), []);
    steps.add(isShared(cluster), (context) => emitCluster(context, cluster), cluster.members);
  });
  if (plan.gateAfter === plan.clusters.length) steps.add(false, ({ f }) => passGate(f), []);
  for (const copy of plan.copies) {
    steps.add(false, (context) => emitCopy(context, emission.memory, copy), []);
  }
  steps.finish();
  return steps.indices;
}

/** The tray is copied as soon as it holds this iteration, and free for the next one then. */
function takeTray(steps: Steps, { iteration }: LoopEmission, ahead: AheadPlan): void {
  const { meeting } = ahead;
  const number = (f: FunctionBuilder) =>
    f.plain('i32Add', f.loadInt(f.int(0), iteration), f.int(1));
  const take = (context: KernelContext) => {
    waitForTray(context.f, meeting, context.f.keep(number(context.f), 'i32'));
    emitHanding(context, ahead);
  };
  steps.add(true, take, []);
  steps.add(false, ({ f }) => tell(f, meeting.taken, number(f)), []);
}

/** Whether a team shares the work of a cluster. */
function isShared(cluster: Cluster): boolean {
  const { kind, shape, members } = cluster;
  if (kind === 'matmul') return tiledProduct(cluster) !== undefined;
  if (elementCount(shape) < worthSharing) return false;
  const sharing = ['gatherRows', 'pad', 'randomBits', 'maxPool2dInputGrad'];
  return (
    kind === 'map' ||
    kind === 'reduce' ||
    (kind === 'single' && sharing.includes(members[0]!.op.kind))
  );
}

class Steps {
  readonly indices: number[] = [];
  private builder: FunctionBuilder | undefined;
  private readonly emission: LoopEmission;
  private readonly functions: ModuleFunction[];
  /** Whether a kernel has run on one thread since the last barrier. */
  private isPending = false;

  constructor(emission: LoopEmission, functions: ModuleFunction[]) {
    this.emission = emission;
    this.functions = functions;
  }

  /** Appends one kernel. */
  add(shared: boolean, emit: (context: KernelContext) => void, members: readonly Value[]): void {
    const f = this.current();
    const team = this.team(f);
    if (shared) {
      if (this.isPending) team?.barrier();
      f.kernel(() => emit(kernelContext(f, this.emission, { members, team })));
      team?.barrier();
    } else {
      onOneThread(f, team, () =>
        f.kernel(() => emit(kernelContext(f, this.emission, { members, team: undefined }))),
      );
    }
    this.isPending = !shared;
  }

  /** All threads have done with an iteration before one begins the next. */
  finish(): void {
    const f = this.current();
    if (this.isPending) this.team(f)?.barrier();
  }

  private current(): FunctionBuilder {
    const { emission, functions, builder } = this;
    if (builder !== undefined && !emission.profile && builder.code.length <= functionBytes) {
      return builder;
    }
    const made = new FunctionBuilder(emission.threads > 1 ? ['i32'] : [], emission.pool);
    const name = `${emission.name}/kernel${this.indices.length}`;
    this.indices.push(functions.length);
    functions.push(emission.profile ? { builder: made, name } : { builder: made });
    this.builder = made;
    return made;
  }

  private team(f: FunctionBuilder): Team | undefined {
    const { threads, barrier } = this.emission;
    if (threads === 1) return undefined;
    return { thread: f.get(0), size: threads, barrier: () => f.call(barrier) };
  }
}

function kernelContext(
  f: FunctionBuilder,
  { plan, memory, fma, wide, compact, inner, iteration }: LoopEmission,
  { members, team }: { members: readonly Value[]; team: Team | undefined },
): KernelContext {
  const isStored = (value: Value): boolean => plan.homes.has(value);
  const homeOf = (value: Value): number | undefined =>
    value.op.kind === 'iteration' ? iteration : (plan.homes.get(value) ?? memory.addressOf(value));
  const fused = fma ? contractions(members, isStored) : new Map<Value, Contraction>();
  return {
    f,
    compact,
    wide,
    team,
    inner: (spec) => inner.indexOf(spec),
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

interface LoopBody {
  /** Functions to call for each iteration. */
  readonly steps: readonly number[];
  /** Address of its index. */
  readonly iteration: number;
  readonly hasTeam: boolean;
  /** Of a loop that runs ahead: it waits for the tray, and tells that it is full. */
  readonly meeting?: Meeting;
}

/** (from, to), and of a team the index of the thread: runs the steps once for each iteration. */
function loopFunction({ steps, iteration, hasTeam, meeting }: LoopBody): FunctionBuilder {
  const f = new FunctionBuilder(hasTeam ? ['i32', 'i32', 'i32'] : ['i32', 'i32']);
  const [index, to] = [0, 1];
  const operands = hasTeam ? [f.get(2)] : [];
  f.ifThen(f.plain('i32LtS', f.get(index), f.get(to)), () => {
    const next = f.tee(index, f.plain('i32Add', f.get(index), f.int(1)));
    f.loopWhile(f.plain('i32LtS', next, f.get(to)), () => {
      if (meeting) waitFor(f, meeting.taken, f.get(index));
      f.storeInt(f.int(0), f.get(index), iteration);
      for (const step of steps) f.call(step, ...operands);
      if (meeting) tell(f, meeting.ready, f.plain('i32Add', f.get(index), f.int(1)));
    });
  });
  return f;
}
