/** Whether the output of a model fits the target, the loss and the metrics. */
import { say } from '../../shared/language.ts';
import type { IsDamaged } from '../../shared/model/draft.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { type Shape, sameShape } from '../../shared/tensor/tensorType.ts';
import { printBatch } from '../layers/layer.ts';
import { type Head, checkLossInput, checkUnitCount } from './checkLossInput.ts';
import type { ExpectedTarget } from './expectedContext.ts';
import type { Connections } from './connections.ts';
import { kindName, layerNames } from './layerNames.ts';
import type { ModelProblem } from './modelProblem.ts';

export interface FitOptions {
  readonly config: TrainConfig;
  readonly connections: Connections;
  /** Null when an earlier problem hides it. */
  readonly outputShape: Shape | null;
  readonly target: ExpectedTarget;
  readonly isDamaged: IsDamaged;
}

export function checkFit(options: FitOptions): ModelProblem[] {
  const { config, outputShape, target, isDamaged } = options;
  const head = headOf(options);
  if (isDamaged(['training', 'loss'])) return present([checkUnitCount(head, target)]);
  const lossFit = checkLossTarget(config, target);
  if (lossFit !== null) return present([lossFit, checkUnitCount(head, target)]);
  const outputFit = outputShape === null ? null : checkOutput(head, outputShape, target);
  return [
    ...present([outputFit]),
    ...checkLossInput(config.training.loss, head, target),
    ...checkTopK(config, head, target),
  ];
}

function present(problems: readonly (ModelProblem | null)[]): ModelProblem[] {
  return problems.filter((problem) => problem !== null);
}

function headOf(options: FitOptions): Head {
  const { config, outputShape, isDamaged } = options;
  const { model } = config;
  const names = layerNames(model);
  const named = (index: number) => ({
    title: `${kindName(model[index]!.type)} "${names[index]!}"`,
    path: ['model', index],
  });
  const last = model.at(-1)!;
  const source = countingLayer(options) ?? model.length - 1;
  const activation = 'activation' in last ? last.activation.type : 'linear';
  return {
    ...named(model.length - 1),
    source: { ...named(source), key: 'filters' in model[source]! ? 'filters' : 'units' },
    activation: isDamaged(['model', model.length - 1, 'activation']) ? null : activation,
    units: outputShape === null ? statedUnits(options) : vectorLength(outputShape),
  };
}

/** The nearest layer before the end, or the last itself, that says how many outputs it has. */
function countingLayer({ config: { model }, connections }: FitOptions): number | null {
  for (let index = model.length - 1; ;) {
    const layer = model[index]!;
    if ('units' in layer || 'filters' in layer) return index;
    const [source, ...others] = connections.sources[index] ?? [];
    if (typeof source !== 'number' || source >= index || others.length > 0) return null;
    index = source;
  }
}

function vectorLength(shape: Shape): number | null {
  return shape.length === 1 ? shape[0]! : null;
}

const keepShape: readonly string[] = ['Activation', 'Dropout', 'BatchNormalization'];

/** What the last Dense says, if the layers after it keep the shape. */
function statedUnits({ config: { model }, connections, isDamaged }: FitOptions): number | null {
  const index = model.findLastIndex(({ type }) => !keepShape.includes(type));
  const layer = model[index];
  const inRow = model.every((_, i) => i <= index || connections.sources[i]?.[0] === i - 1);
  if (layer?.type !== 'Dense' || !inRow || isDamaged(['model', index, 'units'])) return null;
  return layer.units;
}

/** Cross-entropies compare classes, the other losses numbers. */
function checkLossTarget({ training }: TrainConfig, target: ExpectedTarget): ModelProblem | null {
  const name = training.loss.type;
  const forClasses = 'from_logits' in training.loss;
  if (forClasses === (target.kind === 'classes')) return null;
  const problem = { code: 'model.lossMismatch', path: ['training', 'loss'] };
  return forClasses
    ? {
        ...problem,
        message: say`loss ${name} is for classes, the target has numbers`,
        hint: say('use `mean_squared_error`, or `task: classification`'),
      }
    : {
        ...problem,
        message: say`loss ${name} is for numbers, the target has classes`,
        hint: say('use `sparse_categorical_crossentropy`, or `task: regression`'),
      };
}

function checkOutput(head: Head, outputShape: Shape, target: ExpectedTarget): ModelProblem | null {
  const problem = { code: 'model.outputShape', path: head.path };
  const shape = printBatch(outputShape);
  if (target.kind === 'numbers') {
    if (sameShape(outputShape, [target.width])) return null;
    return {
      ...problem,
      message: say`${head.title}: gives ${shape}, the target is ${printBatch([target.width])}`,
    };
  }
  if (head.units !== null) return null;
  const expected = printBatch([target.classes ?? say('classes')]);
  const message = say`${head.title}: gives ${shape}, a loss over classes expects ${expected}`;
  return { ...problem, message, hint: say('put a Flatten layer before the last Dense') };
}

function checkTopK({ training }: TrainConfig, head: Head, target: ExpectedTarget): ModelProblem[] {
  if (target.kind !== 'classes') return [];
  return training.metrics.flatMap((metric, index): ModelProblem[] => {
    if (metric.type !== 'top_k_accuracy') return [];
    const problem = { path: ['training', 'metrics', index] };
    if (head.units === 1) {
      const message = say(
        'top_k_accuracy expects one output for each class, the last layer gives 1',
      );
      return [{ ...problem, code: 'model.metricMismatch', message }];
    }
    if (target.classes === null || metric.k < target.classes) return [];
    const message = say`top_k_accuracy with k = ${metric.k} is always 1 for ${target.classes} classes`;
    return [{ ...problem, code: 'model.trivialMetric', severity: 'warning', message }];
  });
}
