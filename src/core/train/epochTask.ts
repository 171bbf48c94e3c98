/** From a config and its model to what the epoch program is built of. */
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { PreparedData } from '../data/preparedData.ts';
import { classWeights } from '../graph/classWeights.ts';
import type { Model } from '../graph/model.ts';
import { createLoss } from '../optim/losses.ts';
import { createMetric, type MetricContext } from '../optim/metrics.ts';
import { createOptimizer } from '../optim/optimizers.ts';
import { scaledOptimizer } from '../optim/lossScaling.ts';
import type { Loss, Metric, Optimizer } from '../optim/types.ts';
import { verdictMetric } from './verdict.ts';

export interface EpochTask {
  readonly model: Model;
  readonly loss: Loss;
  readonly trainMetrics: readonly Metric[];
  readonly validationMetrics: readonly Metric[];
  readonly optimizer: Optimizer;
  /** Whether the products of a training step multiply factors of float16. */
  readonly halfFactors?: boolean;
  /** Of the training rows, by class. */
  readonly rowWeights?: RowWeights;
  /** See rowBlocks.ts: bytes that a block of a batch may leave for its backward pass; absent where steps have no blocks. */
  readonly blockBytes?: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly trainingRows: number;
  /** May be 0: then there are no validation loops. */
  readonly validationRows: number;
}

export interface RowWeights {
  readonly byClass: readonly number[];
  /** PyTorch divides the loss of a batch by the sum of its weights, Keras by its rows. */
  readonly bySum: boolean;
}

export interface TaskRows {
  readonly trainingRows: number;
  readonly validationRows: number;
  /** See `typicalTarget`. */
  readonly typicalTarget: readonly number[];
}

export function createTask(config: TrainConfig, model: Model, rows: TaskRows): EpochTask {
  const { training } = config;
  const { target } = model.context;
  const context: MetricContext = {
    target,
    loss: training.loss,
    ...(target.kind === 'numbers' ? { center: rows.typicalTarget } : {}),
  };
  const byClass = classWeights(training, target);
  const trainMetrics = distinctNames(training.metrics.map((m) => createMetric(m, context)));
  return {
    model,
    loss: createLoss(training.loss),
    trainMetrics,
    validationMetrics: [...trainMetrics, createMetric(verdictMetric(target), context)],
    ...optimizerOf(training),
    ...(byClass && { rowWeights: { byClass, bySum: training.conventions === 'pytorch' } }),
    batchSize: training.batch_size,
    shuffle: training.shuffle,
    trainingRows: rows.trainingRows,
    validationRows: rows.validationRows,
  };
}

function optimizerOf(
  training: TrainConfig['training'],
): Pick<EpochTask, 'optimizer' | 'halfFactors'> {
  const { optimizer: config, conventions, gradient_accumulation_steps: every } = training;
  const optimizer = createOptimizer(config, conventions, every);
  if (training.precision === 'float32') return { optimizer };
  return { optimizer: scaledOptimizer(optimizer), halfFactors: true };
}

/** Of the training rows: the index of the commonest class, or the mean of each target column. */
export function typicalTarget({ train, target }: Pick<PreparedData, 'train' | 'target'>): number[] {
  if (target.kind === 'classes') {
    const counts = new Array<number>(target.classes).fill(0);
    for (const y of train.y) counts[y] = (counts[y] ?? 0) + 1;
    return [counts.indexOf(Math.max(...counts))];
  }
  const sums = new Array<number>(target.width).fill(0);
  train.y.forEach((value, i) => (sums[i % target.width]! += value));
  return sums.map((sum) => sum / Math.max(1, train.rows));
}

/** Two metrics of one type (top 3 and top 5) become `x` and `x_2`: records have a key for each. */
function distinctNames(metrics: readonly Metric[]): Metric[] {
  return metrics.map((metric, index) => {
    const before = metrics.slice(0, index).filter(({ name }) => name === metric.name).length;
    return before === 0 ? metric : { ...metric, name: `${metric.name}_${before + 1}` };
  });
}
