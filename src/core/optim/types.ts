/** What training needs from losses, metrics and optimizers; each is a description that builds IR. */
import type { BufferDecl, Node, Store } from '../ir/program.ts';
import type { Builder } from '../ir/builder.ts';
import type { Schedule } from './schedules.ts';
import type { Output } from '../graph/model.ts';

/** Targets of a batch: i32[batch] class indices, or f32[batch, width]. */
export interface Batch {
  readonly output: Output;
  readonly target: Node;
  readonly rows: number;
  /** f32[batch]: by how much the loss of each row is multiplied; all 1 when absent. */
  readonly weights?: Node;
}

export interface Loss {
  readonly name: string;
  /** f32 scalar: mean over the rows of the batch. */
  build(b: Builder, batch: Batch): Node;
  /** f32[rows]: of each row alone, whatever its weight. */
  rows(b: Builder, batch: Batch): Node;
}

export interface Metric {
  /** As in records: `accuracy`; one metric gives one number. */
  readonly name: string;
  /** Length of the partial sums of a batch. */
  readonly width: number;
  /** f32[width]: sums over the batch that add up over batches. */
  build(b: Builder, batch: Batch): Node;
  /** From the sums over an epoch (float64) and its rows to the metric's value. */
  finish(sums: readonly number[], rows: number): number;
}

export interface ParameterUpdate {
  readonly buffer: BufferDecl;
  readonly gradient: Node;
}

/** What the optimizer's rule gets in place of the gradients of the loss. */
export type GradientTransform = (
  b: Builder,
  updates: readonly ParameterUpdate[],
) => ParameterUpdate[];

export interface StepScalars {
  /** f32[] */
  readonly learningRate: Node;
  /** i32[]: the number of this step, counted from 1. */
  readonly step: Node;
}

export interface OptimizerStep {
  /** With the gradients as the rule gets them: gathered, clipped. */
  readonly updates: readonly ParameterUpdate[];
  /** Of parameters and the optimizer's own state. */
  readonly stores: readonly Store[];
}

export interface Optimizer {
  readonly name: string;
  /** At the first step; without a schedule the host may change it between epochs. */
  readonly learningRate: number;
  /** Null when the rate does not depend on the step. */
  readonly schedule: Schedule | null;
  /** Whether it keeps moving averages of the weights, which become the model's when training ends. */
  readonly averages: boolean;
  /** f32[]: the factor of the loss whose gradients `build` takes; absent for 1. */
  readonly lossScale?: (b: Builder) => Node;
  /**
   * One step from the gradients of the loss. State buffers are named `optimizer/<parameter>/<slot>`
   * (`optimizer/fc1/kernel/m`) and start at zero.
   */
  build(b: Builder, slopes: readonly ParameterUpdate[], scalars: StepScalars): OptimizerStep;
}
