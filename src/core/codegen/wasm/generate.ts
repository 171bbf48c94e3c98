/**
 * Program to WebAssembly: one exported function `loop<i>(from, to)` for each loop, which runs iterations
 * without leaving WebAssembly.
 */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { Program } from '../../ir/program.ts';
import { FunctionBuilder } from './asm.ts';
import { formClusters } from './clusters.ts';
import { ConstantPool } from './constantPool.ts';
import { workingBytes } from './emitCluster.ts';
import { emitLoop } from './emitLoop.ts';
import { InnerFunctions } from './innerFunctions.ts';
import { type LoopValues, lowerValues } from './lowerValues.ts';
import { allReads, bufferPacks, type LoopPlan, planLoop } from './memoryPlan.ts';
import { encodeModule, type ModuleFunction } from './module.ts';
import { type AheadPlan, meetingAt, meetingBytes, partAhead, type Parted } from './runAhead.ts';
import { joinSiblings } from './siblings.ts';
import { iterationAddress, slackBytes, StaticMemory } from './staticMemory.ts';
import { clustersBeforeGate } from './storeGate.ts';
import { barrierFunction } from './team.ts';

/** A loop with this many times fewer iterations than the longest gets compact code. */
const compactBelow = 8;
const pageBytes = 65_536;
/** WebAssembly addresses 4 GiB. */
const maxPages = 65_536;

export interface GeneratedLoop {
  readonly name: string;
  readonly plan: LoopPlan;
  /** What another thread does an iteration ahead of it (runAhead.ts), if anything. */
  readonly ahead: AheadPlan | null;
  /** That run it together. */
  readonly threads: number;
}

export interface Generated {
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly memory: StaticMemory;
  readonly pool: ConstantPool;
  /** Exported function of each loop, in order of the program. */
  readonly loops: readonly GeneratedLoop[];
  readonly arenaBytes: number;
}

export interface GenerateOptions {
  /** Whether a * b + c in products and polynomials is one rounding. */
  readonly fma: boolean;
  /** Whether V8 fuses pairs of vectors to 256 bits; never changes bits. */
  readonly wide: boolean;
  /** Whether each kernel becomes an exported function of its own, `loop<i>/kernel<k>`; with one that does `nothing`. */
  readonly profile?: boolean;
  /** Names of loops whose iterations wait at a gate before they store (storeGate.ts); memory must be shared. */
  readonly gated?: ReadonlySet<string>;
  /** Names of loops of which a part is done an iteration ahead where there is such a part; memory must be shared. */
  readonly ahead?: ReadonlySet<string>;
  /** Whether other threads may run the loops over the same memory. */
  readonly shared: boolean;
  /** Threads that run the loops of these names together. */
  readonly team?: { readonly threads: number; readonly loops: ReadonlySet<string> };
}

/** @throws AppError `backend.unsupported` naming an op it cannot lower, or the bytes when they are too many. */
export function generate(program: Program, options: GenerateOptions): Generated {
  const longest = Math.max(...program.loops.map(({ count }) => count));
  const lowered = program.loops.map((loop) => {
    const values = lowerValues(loop);
    const joined = joinSiblings(formClusters(values), values);
    const threads = options.team?.loops.has(loop.name) === true ? options.team.threads : 1;
    const compact = loop.count * compactBelow < longest;
    const parted = options.ahead?.has(loop.name) ? partAhead(joined, values.stores) : null;
    return { name: loop.name, compact, threads, values, joined, parted };
  });
  const packs = lowered.flatMap(({ joined, values }) => bufferPacks(joined.packs, values.stores));
  const memory = new StaticMemory(program.buffers, packs);
  for (const { values } of lowered) reserveConstants(memory, values);
  const arenaStart = memory.end;
  const main = lowered.map(({ values, joined, parted, ...loop }) => {
    const rest = parted?.rest ?? joined;
    const plan = planLoop(rest, values.stores, {
      statics: memory,
      arenaStart,
      scratchBytes: (cluster) => workingBytes(cluster, options.wide, loop.threads),
      gateAfter: options.gated?.has(loop.name) ? clustersBeforeGate(rest.clusters) : null,
    });
    return { ...loop, plan, parted };
  });
  let arenaEnd = Math.max(arenaStart, ...main.map(({ plan }) => plan.arenaEnd));
  const loops = main.map(({ parted, ...loop }) => {
    const ahead = parted && planAhead(parted, { memory, start: arenaEnd, wide: options.wide });
    arenaEnd = ahead?.plan.arenaEnd ?? arenaEnd;
    return { ...loop, ahead };
  });
  const pool = new ConstantPool(arenaEnd);
  const functions: ModuleFunction[] = [];
  const common = { profile: false, ...options, memory, pool, barrier: functions.length };
  if (options.team) functions.push({ builder: barrierFunction(options.team.threads) });
  if (common.profile) functions.push({ name: 'nothing', builder: new FunctionBuilder(['i32']) });
  const inner = new InnerFunctions(functions, { pool, fma: options.fma });
  loops.forEach((loop, index) => {
    const own = { inner, iteration: iterationAddress, name: `loop${index}` };
    emitLoop({ ...common, ...loop, ...own }, functions);
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

/** Its memory is nobody else's: it is used while the loops run. */
function planAhead(
  { ahead, handed }: Parted,
  { memory, start, wide }: { memory: StaticMemory; start: number; wide: boolean },
): AheadPlan {
  const plan = planLoop(ahead, [], {
    statics: memory,
    arenaStart: start + meetingBytes,
    scratchBytes: (cluster) => workingBytes(cluster, wide, 1),
    gateAfter: null,
    lasting: handed,
  });
  return { plan, meeting: meetingAt(start), handed };
}

function reserveConstants(memory: StaticMemory, { computed }: LoopValues): void {
  for (const { value } of computed.flatMap(allReads)) memory.addressOf(value);
}
