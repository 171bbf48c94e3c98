/** What the outputs of a model mean for each row: in words and, of classes, with their probabilities. */
import type { TrainConfig } from '../../../shared/model/trainConfig.ts';
import type { SplitData } from '../../data/preparedData.ts';
import type { TargetTransform } from '../../data/preprocessing.ts';
import { outputKind, probabilities } from '../prediction.ts';
import { predictedClasses } from './classOutcome.ts';

export interface Answers {
  readonly target: TargetTransform;
  /** Of classes, else null. */
  readonly classes: Int32Array | null;
  readonly targetText: (row: number) => string;
  readonly predictedText: (row: number) => string;
  /** Of each class; null for numbers. */
  readonly chances: (row: number) => readonly number[] | null;
}

export interface AnswerInput {
  readonly config: TrainConfig;
  readonly target: TargetTransform;
  readonly data: Pick<SplitData, 'y' | 'rows'>;
  readonly outputs: Float32Array;
}

export function answersOf({ config, target, data, outputs }: AnswerInput): Answers {
  const width = outputs.length / data.rows;
  const { names } = target;
  const output = (row: number) => outputs.subarray(row * width, (row + 1) * width);
  const kind = outputKind(target, config, [width]);
  if (target.kind === 'numbers' || kind === 'numbers') {
    const texts = (values: ArrayLike<number>) => Array.from(values, numberText).join(', ');
    return {
      target,
      classes: null,
      targetText: (row) => texts(data.y.subarray(row * width, (row + 1) * width)),
      predictedText: (row) => texts(output(row)),
      chances: () => null,
    };
  }
  const classes = predictedClasses(outputs, width, kind === 'logit' ? 0 : 0.5);
  return {
    target,
    classes,
    targetText: (row) => names[data.y[row]!] ?? String(data.y[row]),
    predictedText: (row) => names[classes[row]!] ?? String(classes[row]),
    chances: (row) => probabilities(output(row), kind),
  };
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
