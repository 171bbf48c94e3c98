/** The epoch programs of the samples, at full size, without their data. */
import { readFileSync } from 'node:fs';
import { createAugmentation } from '../../src/core/augment/augmentation.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import type { AugmentedImages, ModelContext } from '../../src/core/graph/model.ts';
import type { Program } from '../../src/core/ir/program.ts';
import { buildEpochProgram } from '../../src/core/train/epochProgram.ts';
import { createTask } from '../../src/core/train/epochTask.ts';
import { isTable, type DataConfig } from '../../src/shared/model/data.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';
import type { Shape } from '../../src/shared/tensor/tensorType.ts';

const classes = (count: number) => ({ kind: 'classes', classes: count, names: [] }) as const;
const penguins = { inputShape: [5], target: classes(3) };

interface SampleShape {
  readonly context: ModelContext;
  readonly trainingRows: number;
  readonly validationRows: number;
}

/** By config file, below samples/. */
export const sampleShapes: Readonly<Record<string, SampleShape>> = {
  'penguins/penguins.train.yaml': { context: penguins, trainingRows: 957, validationRows: 411 },
  'penguins/penguins-lab.train.yaml': { context: penguins, trainingRows: 957, validationRows: 411 },
  'digits/digits.train.yaml': {
    context: {
      inputShape: [16, 16, 1],
      inputScale: { dtype: 'u8', divisor: 255, mean: [0], std: [1] },
      target: classes(10),
    },
    trainingRows: 450,
    validationRows: 150,
  },
  'cifar10-net/cifar10-net.train.yaml': {
    context: {
      inputShape: [32, 32, 3],
      inputScale: { dtype: 'u8', divisor: 255, mean: [0.5], std: [0.5] },
      target: classes(10),
    },
    trainingRows: 50_000,
    validationRows: 10_000,
  },
  'cifar10-keras/cifar10-keras.train.yaml': {
    context: {
      inputShape: [32, 32, 3],
      inputScale: { dtype: 'u8', divisor: 255, mean: [0], std: [1] },
      target: classes(10),
    },
    trainingRows: 50_000,
    validationRows: 10_000,
  },
};

export function sampleProgram(name: string): Program {
  const { context, trainingRows, validationRows } = sampleShapes[name]!;
  const text = readFileSync(`samples/${name}`, 'utf8');
  const { config, document } = parseConfig(text, name);
  const augmented = augmentedImages(config!.data, context.inputShape);
  const { model } = buildModel({ config: config!, document, context: { ...context, augmented } });
  const rows = { trainingRows, validationRows, typicalTarget: [0] };
  return buildEpochProgram(createTask(config!, model!, rows)).program;
}

function augmentedImages(data: DataConfig, shape: Shape): AugmentedImages | null {
  if (isTable(data)) return null;
  return { shape, augmentation: createAugmentation(data.augmentation, shape) };
}
