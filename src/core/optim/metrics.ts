/**
 * Metrics as partial sums: a batch gives f32 sums, the host adds them up in float64 over an epoch and
 * finishes. Counts stay exact, and no metric is a mean of batch means.
 */
import type { MetricConfig } from '../../shared/model/metrics.ts';
import type { LossConfig } from '../../shared/model/losses.ts';
import type { TargetSpec } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { isTarget, numericTarget, predictedClass, selectTarget } from './targets.ts';
import type { Batch, Metric } from './types.ts';

export interface MetricContext {
  readonly target: TargetSpec;
  /** With from_logits the border between two classes is a score of 0 rather than one half. */
  readonly loss: LossConfig;
  /**
   * Near the mean of each target column, by default 0: r2 sums (y - center)², which float32 could not
   * tell from y² for targets such as years.
   */
  readonly center?: readonly number[];
}

export function createMetric(config: MetricConfig, context: MetricContext): Metric {
  const name = config.type;
  switch (config.type) {
    case 'accuracy':
      return {
        name,
        width: 1,
        build: correctRows(context),
        finish: (sums, rows) => sums[0]! / rows,
      };
    case 'correct':
      return { name, width: 1, build: correctRows(context), finish: (sums) => sums[0]! };
    case 'total':
      return {
        name,
        width: 1,
        build: (b, batch) => b.constant(batch.rows, [1]),
        finish: (_, rows) => rows,
      };
    case 'top_k_accuracy':
      return {
        name,
        width: 1,
        build: (b, batch) => count(b, amongTop(b, batch, config.k), [0]),
        finish: (sums, rows) => sums[0]! / rows,
      };
    case 'precision':
    case 'recall':
    case 'f1':
      return classMetric(name, context, classScores[config.type]);
    case 'mae':
      return errorMetric(name, context, {
        build: (b, error) => b.unary('abs', error),
        finish: (mean) => mean,
      });
    case 'rmse':
      return errorMetric(name, context, { build: (b, e) => b.mul(e, e), finish: Math.sqrt });
    case 'r2':
      return r2(name, context);
  }
}

type Build = Metric['build'];

/** Logits where there are: the order of classes is the same, and softmax need not be computed. */
function scores({ output }: Batch): Node {
  return output.logits ?? output.value;
}

function predicted(b: Builder, batch: Batch, loss: LossConfig): Node {
  const areLogits =
    batch.output.logits !== undefined || ('from_logits' in loss && loss.from_logits);
  return predictedClass(b, scores(batch), areLogits ? 0 : 0.5);
}

function correctRows({ loss }: MetricContext): Build {
  return (b, batch) => count(b, b.compare('eq', predicted(b, batch, loss), batch.target), [0]);
}

/** bool[rows]: fewer than k classes come before the right one; equal scores by index, as argMax has it. */
function amongTop(b: Builder, batch: Batch, k: number): Node {
  const all = scores(batch); // [rows, classes]
  const [rows = 0, classes = 0] = all.type.shape;
  const own = b.reshape(selectTarget(b, all, batch.target), [rows, 1]);
  const isLater = b.compare('ge', b.iota([rows, classes], 1), b.reshape(batch.target, [rows, 1]));
  const tied = b.binary('and', b.compare('eq', all, own), isLater);
  // Asked this way round, a NaN counts as coming before.
  const behind = b.binary('or', b.compare('lt', all, own), tied);
  const before = count(b, b.unary('not', behind), [1]);
  return b.compare('lt', before, k);
}

/** f32: how many are true over `axes`; of a vector, f32[1]. */
function count(b: Builder, flags: Node, axes: readonly number[]): Node {
  const sum = b.reduce('sum', b.convert(flags, 'f32'), axes);
  return sum.type.shape.length === 0 ? b.reshape(sum, [1]) : sum;
}

/** From right, predicted and actual rows of one class. */
type ClassScore = (right: number, predicted: number, actual: number) => number;

const classScores: Readonly<Record<'precision' | 'recall' | 'f1', ClassScore>> = {
  precision: (right, predicted) => ratio(right, predicted),
  recall: (right, _, actual) => ratio(right, actual),
  f1: (right, predicted, actual) => ratio(2 * right, predicted + actual),
};

/** 0 of 0 counts as 0, as in scikit-learn. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * With two classes the score of class 1; with more the plain mean over the classes that occur among
 * targets or predictions ("macro"). Sums: [right, predicted, actual] x class.
 */
function classMetric(name: string, { target, loss }: MetricContext, score: ClassScore): Metric {
  const classes = target.kind === 'classes' ? Math.max(2, target.classes) : 2;
  return {
    name,
    width: 3 * classes,
    build(b, batch) {
      const isPredicted = isTarget(b, predicted(b, batch, loss), classes);
      const isActual = isTarget(b, batch.target, classes);
      const isRight = b.binary('and', isPredicted, isActual);
      return b.concat(
        [isRight, isPredicted, isActual].map((flags) => count(b, flags, [0])),
        0,
      );
    },
    finish(sums) {
      const of = (row: number, c: number): number => sums[row * classes + c]!;
      const scoreOf = (c: number): number => score(of(0, c), of(1, c), of(2, c));
      if (classes === 2) return scoreOf(1);
      const all = Array.from({ length: classes }, (_, c) => c);
      const present = all.filter((c) => of(1, c) + of(2, c) > 0);
      return present.reduce((sum, c) => sum + scoreOf(c), 0) / Math.max(1, present.length);
    },
  };
}

interface ErrorMeasure {
  /** What is averaged, from prediction - target. */
  readonly build: (b: Builder, error: Node) => Node;
  readonly finish: (mean: number) => number;
}

/** Over all values of all rows. */
function errorMetric(name: string, { target }: MetricContext, measure: ErrorMeasure): Metric {
  const columns = target.kind === 'numbers' ? target.width : 1;
  return {
    name,
    width: 1,
    build: (b, batch) => b.reshape(b.reduce('sum', measure.build(b, residual(b, batch))), [1]),
    finish: (sums, rows) => measure.finish(sums[0]! / (rows * columns)),
  };
}

function residual(b: Builder, batch: Batch): Node {
  return b.sub(batch.output.value, numericTarget(b, batch));
}

/**
 * 1 - residual / total sum of squares, the plain mean over the columns of the target.
 * Sums: [y - center, (y - center)², residual²] x column.
 */
function r2(name: string, { target, center }: MetricContext): Metric {
  const columns = target.kind === 'numbers' ? target.width : 1;
  const centers = center ?? new Array<number>(columns).fill(0);
  return {
    name,
    width: 3 * columns,
    build(b, batch) {
      const y = b.sub(numericTarget(b, batch), b.constant(centers, [columns]));
      const error = residual(b, batch);
      const parts = [y, b.mul(y, y), b.mul(error, error)];
      return b.concat(
        parts.map((part) => b.reduce('sum', part, [0])),
        0,
      );
    },
    finish(sums, rows) {
      const of = (row: number, c: number): number => sums[row * columns + c]!;
      let total = 0;
      for (let c = 0; c < columns; c++) {
        total += explained(of(2, c), of(1, c) - of(0, c) ** 2 / rows);
      }
      return total / columns;
    },
  };
}

/** Of a constant target: 1 when it is met, else 0, as in scikit-learn. */
function explained(residualSquares: number, totalSquares: number): number {
  if (totalSquares > 0) return 1 - residualSquares / totalSquares;
  return residualSquares === 0 ? 1 : 0;
}
