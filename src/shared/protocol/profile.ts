/** Where the time of a training step goes, kernel by kernel. Any backend that can time its work fills it in. */
import type { DeviceName } from './deviceName.ts';

/** A config file, or the folder of a run. */
export type TrainingSource = { readonly file: string } | { readonly directory: string };

export interface ProfileWish {
  readonly source: TrainingSource;
  /** By default as in the config. */
  readonly device?: DeviceName;
  /** Threads that compute; by default the physical cores less one. */
  readonly threads?: number;
  /** How long to measure; some seconds by default. */
  readonly seconds?: number;
}

/** The parts of a step, in its order; `metrics` are sums that training shows. */
export const profilePasses = [
  'data',
  'forward',
  'loss',
  'metrics',
  'inputGradient',
  'weightGradient',
  'update',
] as const;
export type ProfilePass = (typeof profilePasses)[number];

export interface ProfileOrigin {
  /** Of the config; null for what belongs to none, or to all. */
  readonly layer: string | null;
  readonly pass: ProfilePass;
}

export interface ProfiledKernel {
  /** What it computes, in order: `conv2d`, `add`, `max`. */
  readonly ops: readonly string[];
  /** Over which elements. */
  readonly shape: readonly number[];
  /** How, where the backend has several ways: `winograd`, `tiled`, `joined`. */
  readonly form: string | null;
  /** Whose work it does, most of it first; a kernel may do that of several layers in one pass. */
  readonly origins: readonly ProfileOrigin[];
  /** Of one step: the median over what was measured. */
  readonly milliseconds: number;
  /** Operations on single numbers in a step; those of a product as its definition has them. */
  readonly operations: number;
  /** That have to be moved in a step at least. */
  readonly bytes: number;
}

/** Bytes of a compiled training. Values that live at different times share `working`. */
export interface MemoryUse {
  readonly data: number;
  /** Weights, moving averages and what the optimizer remembers. */
  readonly state: number;
  /** Results of steps until they are read. */
  readonly columns: number;
  /** Values of one step and what kernels need beside. */
  readonly working: number;
  /** All of these and some more. */
  readonly total: number;
}

export interface Profile {
  /** Of the config. */
  readonly name: string;
  readonly backend: string;
  readonly device: string;
  readonly threads: number;
  readonly batchSize: number;
  /** That were timed kernel by kernel. */
  readonly steps: number;
  /** Of a step as training runs it. */
  readonly stepMilliseconds: number;
  /** Of one that is timed kernel by kernel: all kernels together. */
  readonly kernelMilliseconds: number;
  /** In the order of a step. */
  readonly kernels: readonly ProfiledKernel[];
  /** Null where the backend does not plan it. */
  readonly memory: MemoryUse | null;
  /** Whether a training ran meanwhile in the same process, so that all took longer than alone. */
  readonly busy: boolean;
}

/** What a backend makes of a config, for people: what each kernel computes, memory, and the code as text. */
export interface GeneratedKernels {
  readonly name: string;
  readonly text: string;
}
