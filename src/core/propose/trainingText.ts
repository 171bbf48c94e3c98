/** The parts of a proposal that are alike for tables and images. */
import { say } from '../../shared/language.ts';
import { comment, number, oneLine } from './yamlText.ts';

export type Task = 'classification' | 'regression';

/** The target is learned in deviations from its mean; a last layer that starts as mean and deviation undoes that. */
export function unitLayer(
  { mean, std }: { readonly mean: number; readonly std: number },
  name: string,
): string[] {
  return [
    `  # ${say`In the unit of ${oneLine(name)}: starts as deviation times output plus mean of the column.`}`,
    '  - type: Dense',
    '    name: unit',
    '    units: 1',
    `    kernel_initializer: { type: constant, value: ${number(std)} }`,
    `    bias_initializer: { type: constant, value: ${number(mean)} }`,
  ];
}

export interface LossChoice {
  readonly loss: string;
  readonly lossReason: string;
}

export function lossOf(task: Task): LossChoice {
  return task === 'classification'
    ? { loss: 'sparse_categorical_crossentropy', lossReason: say('for classes') }
    : { loss: 'mean_squared_error', lossReason: say('for numbers') };
}

export interface TrainingChoices extends LossChoice {
  /** That training sees. */
  readonly rows: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
  readonly metrics: readonly string[];
}

/** The sections `training` and `callbacks`. */
export function trainingText(choices: TrainingChoices): string[] {
  const { rows, batchSize, epochs, patience, metrics, loss, lossReason } = choices;
  const steps = Math.ceil(rows / batchSize);
  const stepsText = steps === 1 ? say('1 step for each epoch') : say`${steps} steps for each epoch`;
  return [
    'training:',
    `  epochs: ${epochs}${comment(say('at most: see EarlyStopping'))}`,
    `  batch_size: ${batchSize}${comment(stepsText)}`,
    `  optimizer: { type: Adam, learning_rate: 0.001 }${comment(say('a good start for most networks'))}`,
    `  loss: ${loss}${comment(lossReason)}`,
    `  metrics: [${metrics.join(', ')}]`,
    'callbacks:',
    ` ${comment(say`stops when the validation loss has not fallen for ${patience} epochs`)}`,
    `  - { type: EarlyStopping, monitor: val_loss, patience: ${patience}, restore_best_weights: true }`,
  ];
}
