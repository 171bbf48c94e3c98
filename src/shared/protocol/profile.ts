/** Where the time of a training step goes, kernel by kernel. Any backend that can time its work fills it in. */
import type { KernelInfo, MemoryUse } from '../kernelInfo.ts';
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

/** Its operations and bytes are those of one step, in which it may run several times: for blocks of the batch. */
export interface ProfiledKernel extends KernelInfo {
  /** Of one step: the median over what was measured. */
  readonly milliseconds: number;
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
  /** In the order in which a step first comes to them. */
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
