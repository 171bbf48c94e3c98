/** Targets of a batch in the forms that losses and metrics compare with: see Batch. */
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import type { Batch } from './types.ts';

/** bool[rows, classes]: true at the class of each row, from i32[rows]. */
export function isTarget(b: Builder, target: Node, classes: number): Node {
  const rows = target.type.shape[0] ?? 0;
  return b.compare('eq', b.iota([rows, classes], 1), b.reshape(target, [rows, 1]));
}

/** f32[rows]: scores[row, target[row]] for class indices; for f32 targets sum(target * scores). */
export function selectTarget(b: Builder, scores: Node, target: Node): Node {
  const chosen =
    target.type.dtype === 'i32'
      ? b.select(isTarget(b, target, scores.type.shape[1] ?? 0), scores, 0)
      : b.mul(target, scores);
  return b.reduce('sum', chosen, [1]);
}

/** f32[rows, width]; class indices become one column of numbers. */
export function numericTarget(b: Builder, { target, rows }: Batch): Node {
  return target.type.dtype === 'i32' ? b.reshape(b.convert(target, 'f32'), [rows, 1]) : target;
}

/** i32[rows]: the likeliest class; with one output unit, 1 where it is above one half. */
export function predictedClass(b: Builder, scores: Node, threshold: number): Node {
  const [rows = 0, width = 0] = scores.type.shape;
  if (width > 1) return b.argMax(scores, 1);
  return b.reshape(b.convert(b.compare('gt', scores, threshold), 'i32'), [rows]);
}
