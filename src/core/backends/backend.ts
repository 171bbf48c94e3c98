/**
 * What a backend is: something that compiles Programs and runs ranges of their loops.
 * No backend knows training; none imports another. Reads are asynchronous because devices are.
 */
import type { KernelInfo, MemoryUse } from '../../shared/kernelInfo.ts';
import type { TensorValues } from '../../shared/tensor/tensorType.ts';
import type { Program } from '../ir/program.ts';

export type BackendName = 'wasm' | 'webgpu' | 'tfjs' | 'reference';

/**
 * The choices that change bits, such as `{ fma: 'relaxed' }`. Made once by capability, recorded in the
 * run and given back on resume. Anything not in here may be chosen by timing, because it cannot change bits.
 */
export type NumericChoices = Readonly<Record<string, string>>;

export interface Backend {
  readonly name: BackendName;
  /** For people and the run record: "2 x AMD EPYC, WebAssembly SIMD". */
  readonly deviceName: string;
  readonly choices: NumericChoices;
  /** Threads that compute; never a matter of bits. */
  readonly threads: number;
  /** What a program needs here, where the backend can tell before it compiles it. */
  estimate?(program: Program): Promise<MemoryEstimate>;
  /** @throws AppError `backend.unsupported` naming the op it cannot lower. */
  compile(program: Program, options?: CompileOptions): Promise<Executable>;
  destroy(): void;
}

/** Bytes. */
export interface MemoryEstimate {
  readonly needed: number;
  readonly available: number;
}

export interface CompileOptions {
  /** Whether every kernel is timed: iterations take longer and compute the same bits. */
  readonly timed?: boolean;
}

export interface TimedKernel extends KernelInfo {
  /** Of all iterations together, without what reading the clock takes. */
  readonly milliseconds: number;
}

export interface LoopTimes {
  readonly iterations: number;
  /** That ran it together. */
  readonly threads: number;
  /** In the order of an iteration. */
  readonly kernels: readonly TimedKernel[];
}

export interface HeldRun {
  release(): void;
  /** Ends its work at once, so that nothing else waits for a processor; the run fails, buffers can still be read. */
  giveUp(): void;
}

/** Without waiting, where all loops run in this thread over memory of this process: an epoch may take microseconds. */
export interface DirectAccess {
  /** As `run` of the executable; its stores are there when it returns. */
  run(loop: string, from: number, to: number): void;
  /** The whole buffer itself: the next run or write changes it. */
  view(buffer: string): TensorValues;
  /** A copy of the whole buffer. */
  copy(buffer: string): TensorValues;
}

/** A compiled Program with its buffers, all zero at first. */
export interface Executable {
  /** What is quicker than `run` and `read`, where the backend has it for this program. */
  readonly direct?: DirectAccess;
  /** Where the backend plans memory itself. */
  readonly memory?: MemoryUse;
  /** Writes `values` from element `offset` on. @throws on an unknown buffer or when out of range. */
  write(buffer: string, values: TensorValues, offset?: number): void;
  /** A copy of `count` elements from `offset` on; the whole buffer by default. */
  read(buffer: string, offset?: number, count?: number): Promise<TensorValues>;
  /** Runs iterations `from` <= i < `to` of a loop, in order. Resolves when their stores are visible to `read`. */
  run(loop: string, from: number, to: number): Promise<void>;
  /**
   * Keeps the run of one long iteration that is under way from storing anything: meanwhile `read` gives buffers as they
   * were before it, and nothing of its work is lost. Null where that cannot be; the run will end soon.
   */
  hold?(): HeldRun | null;
  /** Of a timed program, where the backend can: what the kernels of a loop took since this was last asked. */
  readonly takeTimes?: (loop: string) => LoopTimes;
  /**
   * How often so far iterations of a loop had to wait for what a thread of its own prepares for them, such as loaded and
   * changed images; absent where nothing is prepared so.
   */
  waits?(loop: string): number;
  /** What was generated, as text, for people: kernels, their choices, memory. */
  describe(): string;
  /** The same with the code itself, where the backend generates some. */
  describeCode?(): string;
  destroy(): void;
}
