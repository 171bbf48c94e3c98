/** What the core asks of the process that has TensorFlow in it. */
import type { NoArgs } from '../../shared/protocol/contract.ts';
import type { TensorValues } from '../../shared/tensor/tensorType.ts';
import type { PackedProgram } from './packedProgram.ts';

/** Of an executable of that process. */
export interface Handle {
  readonly executable: number;
}

export interface OpenedTensorFlow {
  /** `TensorFlow.js 4.22.0, tensorflow`. */
  readonly name: string;
  /** Whether it computes on a GPU; null where the package does not say. */
  readonly usesGpu: boolean | null;
}

export interface TensorFlowContract {
  readonly requests: {
    /** Loads the package, by the path of its main file. */
    open: { args: { readonly module: string }; result: OpenedTensorFlow };
    compile: { args: { readonly program: PackedProgram }; result: Handle };
    write: {
      args: Handle & {
        readonly buffer: string;
        readonly values: TensorValues;
        readonly offset: number;
      };
      result: NoArgs;
    };
    read: {
      args: Handle & { readonly buffer: string; readonly offset: number; readonly count?: number };
      result: { readonly values: TensorValues };
    };
    run: {
      args: Handle & { readonly loop: string; readonly from: number; readonly to: number };
      result: NoArgs;
    };
    release: { args: Handle; result: NoArgs };
  };
  readonly events: Record<string, never>;
}
