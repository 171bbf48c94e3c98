/** What is wrong with the list of layers as such, apart from how one fits to the next. */
import { say } from '../../shared/language.ts';
import { isTable } from '../../shared/model/data.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { kindName } from './layerNames.ts';
import type { ModelProblem } from './modelProblem.ts';
import { type NamedLayer, parameterCount } from './modelSummary.ts';

/** A GiB of float32, which the optimizer's state may triple: more does not fit in WebAssembly's 4 GiB. */
const mostParameters = 2 ** 28;

export function checkLayers(config: TrainConfig, layers: readonly NamedLayer[]): ModelProblem[] {
  return [
    ...duplicateNames(config),
    ...lateInputs(config),
    ...tooLarge(layers),
    ...unmeasurable(config, layers),
  ];
}

function duplicateNames({ model }: TrainConfig): ModelProblem[] {
  return model.flatMap(({ name }, index): ModelProblem[] => {
    const first = model.findIndex((other) => other.name === name);
    if (name === undefined || first === index) return [];
    const message = say`layer name \`${name}\` is taken by layer ${first + 1}`;
    return [{ code: 'model.duplicateName', message, path: ['model', index, 'name'] }];
  });
}

function lateInputs({ model }: TrainConfig): ModelProblem[] {
  return model.flatMap(({ type }, index): ModelProblem[] => {
    if (type !== 'Input' || index === 0) return [];
    const message = say`Input is layer ${index + 1}, but can only be the first`;
    return [{ code: 'model.lateInput', message, path: ['model', index], hint: say('remove it') }];
  });
}

/** What a Normalization measures is what the data give: behind other layers it would have to be told. */
function unmeasurable({ model, data }: TrainConfig, layers: readonly NamedLayer[]): ModelProblem[] {
  const whitens = !isTable(data) && data.normalize.zca_whitening;
  return layers.flatMap(({ index, name, sources }): ModelProblem[] => {
    const layer = model[index]!;
    if (layer.type !== 'Normalization' || layer.mean !== undefined) return [];
    const isFirst = sources.every((source) => source === 'data' || model[source]?.type === 'Input');
    if (isFirst && !whitens) return [];
    const message = isFirst
      ? say`Normalization "${name}": what \`zca_whitening\` gives is not measured once more`
      : say`Normalization "${name}": only rows of the data can be measured, and it gets what another layer makes of them`;
    const hint = isFirst
      ? say('remove it, or give `mean` and `variance`')
      : say('make it the first layer, or give `mean` and `variance`');
    return [{ code: 'model.notMeasured', message, path: ['model', index], hint }];
  });
}

/** Blames the largest layer. */
function tooLarge(layers: readonly NamedLayer[]): ModelProblem[] {
  const counts = layers.map(({ layer }) => parameterCount(layer.tensors));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= mostParameters) return [];
  const largest = Math.max(...counts);
  const { name, type, index } = layers[counts.indexOf(largest)]!;
  const message = say`${kindName(type)} "${name}": has ${largest} parameters; a model can have ${mostParameters}, this one has ${total}`;
  return [{ code: 'model.tooLarge', message, path: ['model', index] }];
}
