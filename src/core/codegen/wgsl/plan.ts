/** What the code generator gives to the WebGPU backend: memory, and for each loop its dispatches. */
import type { KernelInfo, MemoryUse } from '../../../shared/kernelInfo.ts';
import { type TensorType, elementCount } from '../../../shared/tensor/tensorType.ts';

/** Where a tensor lies: from word `offset` of a segment on, row-major, a word an element. */
export interface Placement {
  readonly segment: number;
  readonly offset: number;
  readonly type: TensorType;
  /** Pixels of data: four elements to a word. */
  readonly packed: boolean;
  /** Of data too large for one segment: it fills so many words of each of several, one after the other. */
  readonly wordsOfEach?: number;
}

/** Stands for the memory of a workgroup that runs a loop alone (workgroupMemory.ts); no buffer of the device. */
export const workgroupSegment = -1;

/** In the code. */
export function memoryName(segment: number): string {
  return segment === workgroupSegment ? 'own' : `memory${segment}`;
}

export function wordsOf({ type, packed }: Placement): number {
  const count = elementCount(type.shape);
  return packed ? Math.ceil(count / 4) : count;
}

/** Code and how many workgroups run it. Binding 0 is the iteration, binding 1 + i segment i. */
export interface Shader {
  readonly code: string;
  readonly workgroups: number;
}

export interface Dispatch extends Shader {
  /** What it computes, for people: `matmul 20x10, map 5`. */
  readonly name: string;
  /** What it computes, for who measures it; in a fused loop it is one for all. */
  readonly kernels?: readonly KernelInfo[];
  /** Other ways to compute it; its own code is the first of them. */
  readonly choice?: VariantChoice;
}

/** One of several shaders that compute the same. */
export interface Variant extends Shader {
  /** What tells it from the others: `64x32`. */
  readonly name: string;
}

/** See variants.ts. The backend may take any of them: which one never changes bits. */
export interface VariantChoice {
  /** All that decides which is the fastest on a device. */
  readonly shape: string;
  readonly variants: readonly Variant[];
  /** Where the results go: all variants must leave the same bits there. */
  readonly writes: readonly WordRange[];
}

/** `words` of a segment from word `offset` on. */
export interface WordRange {
  readonly segment: number;
  readonly offset: number;
  readonly words: number;
}

export interface LoopPlan {
  readonly name: string;
  readonly count: number;
  /** Of one iteration, in order. */
  readonly dispatches: readonly Dispatch[];
  /** One dispatch runs any number of iterations: from and to come with binding 0. */
  readonly fused: boolean;
}

export interface WgslPlan {
  readonly buffers: ReadonlyMap<string, Placement>;
  /** What to write before anything runs. */
  readonly constants: readonly {
    readonly placement: Placement;
    readonly values: readonly number[];
  }[];
  /** Words of each segment. */
  readonly segments: readonly number[];
  readonly loops: readonly LoopPlan[];
  readonly memory: MemoryUse;
}

/** Of the device, as in GPUSupportedLimits. */
export interface PlanLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

/** What a device has beyond every WebGPU device. */
export interface PlanFeatures {
  /** shader-f16: numbers of 16 bits in shaders. */
  readonly half: boolean;
  /** subgroups: how many invocations the smallest has; 0 without. */
  readonly subgroup: number;
  /** chromium-experimental-subgroup-matrix, of factors in float16 and sums in float32. It changes bits. */
  readonly matrix: MatrixShape | null;
}

/** One multiplication of matrices: m x k by k x n, by a subgroup of so many invocations. */
export interface MatrixShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly subgroup: number;
}

/** Of every WebGPU device. */
export const leastFeatures: PlanFeatures = { half: false, subgroup: 0, matrix: null };

/** What every WebGPU device has. */
export const leastLimits: PlanLimits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 2 ** 14,
};
