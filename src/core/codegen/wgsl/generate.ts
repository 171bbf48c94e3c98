/**
 * From a program to WGSL compute shaders for the exact program: shapes, strides and places in memory are constants of
 * the code. Stages: placing.ts and clusters.ts (what is computed together), schedule.ts and memoryPlan.ts (in which
 * order and where), shaders.ts over clusterKernel.ts and tileKernel.ts (the text).
 */
import type { Loop, Node, Program } from '../../ir/program.ts';
import { memoryUse } from './kernelInfo.ts';
import { Arena, Segments, placeBuffer, placeConstants } from './memoryPlan.ts';
import {
  type LoopPlan,
  type Placement,
  type PlanFeatures,
  type PlanLimits,
  type WgslPlan,
  leastFeatures,
  leastLimits,
} from './plan.ts';
import { type Schedule, scheduleLoop } from './schedule.ts';
import { type ShaderContext, fusedDispatch, stageDispatches } from './shaders.ts';
import { isLittleWork } from './work.ts';
import { type WorkgroupMemory, scheduleInWorkgroup } from './workgroupMemory.ts';

export interface GenerateOptions {
  readonly limits?: PlanLimits;
  readonly features?: Partial<PlanFeatures>;
  /**
   * Whether shaders compute several things: all parts of a stage, or where that is little work all of an iteration. It
   * spares dispatches and never changes how sums are ordered.
   */
  readonly join?: boolean;
}

/**
 * `program` has no scans (passes/unrollScans.ts).
 * @throws AppError `backend.unsupported` naming the op it cannot lower, or memory that cannot be bound.
 */
export function generateWgsl(program: Program, options: GenerateOptions = {}): WgslPlan {
  const { limits = leastLimits, join = true } = options;
  const features = { ...leastFeatures, ...options.features };
  const device = { workgroupBytes: limits.maxComputeWorkgroupStorageSize, features };
  const { segments, buffers, constants, scheduled } = planMemory(program, options);
  // All memory is known before any shader is written: each declares every segment.
  const count = segments.words.length;
  const loops = scheduled.map((loop) =>
    loopPlan(loop, { ...loop, constants, segments: count, join, ...device }),
  );
  const places = { buffers, segments: segments.words };
  const memory = memoryUse(program, places);
  return { ...places, constants: constantValues(constants), loops, memory };
}

/** Bytes that a program needs, however they are bound. `program` has no scans. */
export function neededBytes(program: Program, { join }: Pick<GenerateOptions, 'join'>): number {
  const boundless = { maxStorageBufferBindingSize: 2 ** 50, maxStorageBuffersPerShaderStage: 1 };
  const limits = { ...leastLimits, ...boundless };
  const { segments } = planMemory(program, { limits, ...(join !== undefined && { join }) });
  return segments.words.reduce((sum, words) => sum + 4 * words, 0);
}

function planMemory(program: Program, { limits = leastLimits, join = true }: GenerateOptions) {
  const segments = new Segments(limits);
  const buffers = new Map(
    program.buffers.map((buffer) => [buffer.name, placeBuffer(segments, buffer)]),
  );
  const constants = placeConstants(segments, program.loops);
  const context = { arena: new Arena(segments), buffers };
  const scheduled = program.loops.map((loop): ScheduledLoop => {
    const alone = join && isLittleWork(loop);
    const bytes = limits.maxComputeWorkgroupStorageSize;
    const inWorkgroup = alone ? scheduleInWorkgroup(loop, buffers, bytes) : null;
    if (inWorkgroup !== null) return { loop, alone, ...inWorkgroup };
    return { loop, alone, buffers, schedule: scheduleLoop(loop, context, { alone }), own: null };
  });
  return { segments, buffers, constants, scheduled };
}

interface ScheduledLoop {
  readonly loop: Loop;
  /** Whether one workgroup runs it. */
  readonly alone: boolean;
  readonly schedule: Schedule;
  readonly buffers: ReadonlyMap<string, Placement>;
  readonly own: WorkgroupMemory | null;
}

function loopPlan(
  { loop: { name, count }, alone, own }: ScheduledLoop,
  context: ShaderContext,
): LoopPlan {
  const { stages } = context.schedule;
  const dispatches = alone
    ? [fusedDispatch(stages, own, context)]
    : stages.flatMap((stage) => stageDispatches(stage, context));
  return { name, count, dispatches, fused: alone };
}

function constantValues(constants: ReadonlyMap<Node, Placement>): WgslPlan['constants'] {
  return [...constants].map(([{ op }, placement]) => ({
    placement,
    values: op.kind === 'constant' ? [op.values].flat() : [],
  }));
}
