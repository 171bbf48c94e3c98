/**
 * The wasm backend: WebAssembly generated for the exact program. A whole range of iterations is one call:
 * in this thread, or on a worker where a single iteration takes long.
 */
import { availableParallelism, cpus } from 'node:os';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import {
  type TensorType,
  type TensorValues,
  elementCount,
} from '../../../shared/tensor/tensorType.ts';
import { type Generated, generate } from '../../codegen/wasm/generate.ts';
import { describeCode, describeGenerated } from '../../codegen/wasm/describe.ts';
import { loopKernels, memoryUse } from '../../codegen/wasm/kernelInfo.ts';
import type { Loop, Program } from '../../ir/program.ts';
import { simplify } from '../../passes/simplify.ts';
import type {
  Backend,
  DirectAccess,
  Executable,
  HeldRun,
  LoopTimes,
  NumericChoices,
} from '../backend.ts';
import { AheadThread } from './aheadThread.ts';
import { createCopier } from './copies.ts';
import { KernelTimes } from './kernelTimes.ts';
import { LoopWorkers } from './loopWorkers.ts';
import { compileModule } from './modules.ts';
import { probeChoices } from './probe.ts';
import { fusesVectors } from './revectorize.ts';
import { RunGate } from './runGate.ts';
import { isMuchWork, isWorthAhead, isWorthTeam, takesLong, teamSize } from './work.ts';

export interface WasmBackendOptions {
  /** `portable`: nothing that differs between processors, such as fused multiply-add. */
  readonly deterministic?: 'portable' | true;
  /** Choices of an earlier run, to give the same bits again. */
  readonly choices?: NumericChoices;
  /** Whether products are cut for vectors of 256 bits, which never changes bits; found out by default. */
  readonly wide?: boolean;
  /** How many threads share what is worth sharing, which never changes bits; 1 by default. */
  readonly threads?: number;
  /**
   * Whether one more thread loads and changes the rows of the next iteration where that is worth it, which never changes
   * bits; by default where a core is free for it, as with `chosenThreads` there is.
   */
  readonly ahead?: boolean;
}

/**
 * Bytes that a block of a training step leaves for its backward pass (train/rowBlocks.ts): with what its kernels need
 * beside, some megabytes, which second and third caches hold. One number for all machines, so that all give the same bits.
 */
const blocks = String(2 ** 20);

interface Settings {
  readonly choices: NumericChoices;
  readonly wide: boolean | undefined;
  readonly threads: number;
  readonly ahead: boolean;
  readonly timed: boolean;
}

/** @throws AppError `device.unavailable` when this machine cannot honour the given choices. */
export function createWasmBackend(options: WasmBackendOptions = {}): Backend {
  const choices = options.choices ?? { ...probeChoices(options.deterministic), blocks };
  if (choices['fma'] === 'relaxed' && probeChoices(undefined)['fma'] !== 'relaxed') {
    throw new AppError(
      'device.unavailable',
      say(
        'The run was made with fused multiply-add, which this runtime does not have; its numbers cannot be continued exactly here.',
      ),
    );
  }
  const { threads = 1 } = options;
  // Without a free core it would take the time of a thread for which the others then wait.
  const { ahead = threads < availableParallelism() } = options;
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return {
    name: 'wasm',
    deviceName: `${availableParallelism()} x ${model}, WebAssembly SIMD`,
    choices,
    threads,
    compile: (program, { timed = false } = {}) =>
      compile(program, { choices, wide: options.wide, threads, ahead, timed }),
    destroy: () => undefined,
  };
}

async function compile(program: Program, settings: Settings): Promise<Executable> {
  const { choices, timed } = settings;
  const simple = simplify(program);
  const threads = teamSize(simple, settings.threads);
  const team = threads > 1 ? loopNames(simple, isWorthTeam) : new Set<string>();
  const gated = timed ? new Set<string>() : loopNames(simple, takesLong);
  const early = settings.ahead && !timed ? loopNames(simple, isWorthAhead) : new Set<string>();
  const onWorkers = timed ? loopNames(simple, () => true) : new Set([...team, ...gated, ...early]);
  // Only then: shared memory is not needed otherwise.
  const shared = onWorkers.size > 0;
  const fma = choices['fma'] === 'relaxed';
  const wide = settings.wide ?? (fma && simple.loops.some(isMuchWork) && (await fusesVectors()));
  const together = team.size > 0 ? { team: { threads, loops: team } } : {};
  const options = { fma, wide, shared, gated, ahead: early, profile: timed, ...together };
  const generated = generate(simple, options);
  const memory = allocateMemory(generated.pages, shared);
  const module = await compileModule(generated.bytes);
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  writeConstants(memory, generated);
  generated.pool.writeTo(memory.buffer);
  const threadsOf = () => new LoopWorkers({ module, memory });
  const workers = threadsOf();
  const gate = gated.size > 0 ? new RunGate(memory) : null;
  const helpers = simple.loops.map(({ count }, index) => {
    const plan = generated.loops[index]!.ahead;
    const name = `loop${index}/ahead`;
    return plan === null ? null : new AheadThread({ name, count, plan }, threadsOf(), memory);
  });
  const running = { workers, onWorkers, helpers, gate, timed };
  return executable(program, { generated, memory, instance, ...running });
}

function loopNames(program: Program, fits: (loop: Loop) => boolean): Set<string> {
  return new Set(program.loops.filter(fits).map(({ name }) => name));
}

/** @throws AppError when the machine has not that much. */
function allocateMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    const size = `${Math.ceil(pages / 16)} MiB`;
    throw new AppError(
      'backend.unsupported',
      say`The program needs ${size} of memory, which this machine could not give.`,
      { cause },
    );
  }
}

type LoopFunction = (from: number, to: number) => void;

interface CompiledLoop {
  readonly count: number;
  /** In this thread, where that is how the loop runs. */
  readonly call?: LoopFunction;
  readonly run: (from: number, to: number) => Promise<void>;
  /** Of a timed program. */
  readonly times?: KernelTimes;
}

function compiledLoop({ name, count }: Loop, index: number, compiled: Compiled): CompiledLoop {
  const { generated, instance, workers, onWorkers, helpers, gate, timed } = compiled;
  const exported = `loop${index}`;
  const { threads, plan } = generated.loops[index]!;
  if (timed) {
    const times = new KernelTimes(exported, loopKernels(plan), threads);
    const { kernels } = times;
    return {
      count,
      times,
      async run(from, to) {
        times.add(to - from, await workers.run({ name: exported, from, to, threads, kernels }));
      },
    };
  }
  if (onWorkers.has(name)) {
    const helper = helpers[index];
    return {
      count,
      async run(from, to) {
        const alone = () => workers.run({ name: exported, from, to, threads });
        const work = () => (helper ? helper.along(from, to, alone) : alone());
        await (plan.gateAfter === null ? work() : gate?.around(to - from, work));
      },
    };
  }
  const call = instance.exports[exported] as LoopFunction;
  return {
    count,
    call,
    run(from, to) {
      call(from, to);
      return Promise.resolve();
    },
  };
}

interface Compiled {
  readonly generated: Generated;
  readonly memory: WebAssembly.Memory;
  readonly instance: WebAssembly.Instance;
  readonly workers: LoopWorkers;
  /** Loops that run on them. */
  readonly onWorkers: ReadonlySet<string>;
  /** By index of the loop: the thread that runs ahead of it, if one does. */
  readonly helpers: readonly (AheadThread | null)[];
  /** Of the loops with long iterations, where there are some. */
  readonly gate: RunGate | null;
  readonly timed: boolean;
}

function executable(program: Program, compiled: Compiled): Executable {
  const { generated, workers, helpers, gate, timed } = compiled;
  const loops = new Map(
    program.loops.map((loop, index) => [loop.name, compiledLoop(loop, index, compiled)]),
  );
  const whole = wholeBuffers(program, compiled);
  const copy = createCopier();
  const loopFor = (name: string, from: number, to: number): CompiledLoop => {
    const loop = loops.get(name);
    if (loop === undefined) fail(`no loop "${name}" in program ${program.name}`);
    if (from < 0 || to > loop.count) fail(`iterations ${from} to ${to} of loop "${name}"`);
    return loop;
  };
  const direct: DirectAccess = {
    run: (name, from, to) => loopFor(name, from, to).call?.(from, to),
    view: whole,
    copy(buffer) {
      const source = whole(buffer);
      return copy(source, 0, source.length);
    },
  };
  const isDirect = [...loops.values()].every(({ call }) => call !== undefined);
  const endThreads = () => {
    workers.destroy();
    for (const helper of helpers) helper?.destroy();
  };
  const waits = (name: string) =>
    helpers[program.loops.findIndex((l) => l.name === name)]?.waits ?? 0;
  const takeTimes = (name: string): LoopTimes => {
    const times = loops.get(name)?.times;
    if (times === undefined) fail(`no loop "${name}" in program ${program.name}`);
    return times.take();
  };
  return {
    write(buffer, values, offset = 0) {
      const target = whole(buffer);
      checkRange(buffer, target, { offset, count: values.length });
      target.set(values, offset);
      for (const helper of helpers) helper?.forget(buffer);
    },
    read(buffer, offset = 0, count) {
      const source = whole(buffer);
      const wanted = count ?? source.length - offset;
      checkRange(buffer, source, { offset, count: wanted });
      return Promise.resolve(copy(source, offset, wanted));
    },
    run: (name, from, to) => loopFor(name, from, to).run(from, to),
    ...(isDirect ? { direct } : {}),
    ...(gate === null ? {} : { hold: () => heldRun(gate.hold(), endThreads) }),
    ...(timed ? { takeTimes } : {}),
    ...(helpers.some((helper) => helper !== null) ? { waits } : {}),
    memory: memoryUse(generated),
    describe: () => describeGenerated(generated),
    describeCode: () => describeCode(generated),
    destroy: endThreads,
  };
}

/** A function that gives the memory of a buffer. */
function wholeBuffers(
  program: Program,
  { generated, memory }: Compiled,
): (buffer: string) => TensorValues {
  const views = new Map(
    [...generated.memory.buffers].map(([name, { address, decl }]) => {
      return [name, viewOf(memory, address, decl.type)] as const;
    }),
  );
  return (buffer) => {
    const view = views.get(buffer);
    if (view === undefined) fail(`no buffer "${buffer}" in program ${program.name}`);
    return view;
  };
}

function heldRun(release: (() => void) | null, giveUp: () => void): HeldRun | null {
  return release && { release, giveUp };
}

/** Texts of errors are made only for errors: an iteration may take a microsecond. */
function checkRange(
  buffer: string,
  values: TensorValues,
  { offset, count }: { offset: number; count: number },
): void {
  if (offset >= 0 && count >= 0 && offset + count <= values.length) return;
  fail(`elements ${offset} to ${offset + count} of buffer "${buffer}"`);
}

function viewOf(memory: WebAssembly.Memory, address: number, type: TensorType): TensorValues {
  const count = elementCount(type.shape);
  if (type.dtype === 'f32') return new Float32Array(memory.buffer, address, count);
  if (type.dtype === 'u8') return new Uint8Array(memory.buffer, address, count);
  return new Int32Array(memory.buffer, address, count);
}

function writeConstants(memory: WebAssembly.Memory, { memory: statics }: Generated): void {
  for (const { address, value } of statics.constants) {
    if (value.op.kind === 'constant') viewOf(memory, address, value).set(value.op.values);
  }
}

function fail(what: string): never {
  throw new AppError('internal', `internal: ${what}`);
}
