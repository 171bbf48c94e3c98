/** How the optimizer moves one weight. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type {
  ExplainedLayer,
  ExplainedUpdate,
  ExplainedWeight,
  GradientParts,
  WeightPlace,
} from '../../../shared/protocol/explainStep.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Stored, StoredParameter } from './explainProgram.ts';
import type { StepLook } from './stepLook.ts';
import { rowWindow, valueAt } from './strips.ts';

export async function describeUpdate(
  look: StepLook,
  layers: readonly ExplainedLayer[],
): Promise<ExplainedUpdate> {
  const { prepared, worked } = look;
  const { optimizer, conventions, gradient_accumulation_steps: every } = prepared.config.training;
  const { moment, stepsDone } = worked;
  const place = look.wish.weight ?? chosenWeight(look, layers);
  return {
    optimizer,
    conventions,
    learningRate: moment.learningRate,
    number: Math.floor(stepsDone / every) + 1,
    gathering: every === 1 ? null : { steps: every, taken: (stepsDone % every) + 1 },
    weight: place && (await describeWeight(look, place)),
  };
}

/** In the last layer that weighs its inputs: the weight of the strongest input of the unit that is worked out. */
function chosenWeight({ worked }: StepLook, layers: readonly ExplainedLayer[]): WeightPlace | null {
  const { parameters } = worked.program;
  const layer = layers.findLast(({ unit }) => unit?.kind === 'weighted');
  const tensor = `${layer?.name}/kernel`;
  if (layer?.unit?.kind === 'weighted' && parameters.some(({ name }) => name === tensor)) {
    const strongest = layer.unit.terms.reduce(
      (most, term) => (Math.abs(term.input) > Math.abs(most?.input ?? -1) ? term : most),
      layer.unit.terms[0],
    );
    return { tensor, index: strongest?.weightAt ?? 0 };
  }
  const [first] = parameters;
  return first === undefined ? null : { tensor: first.name, index: 0 };
}

async function describeWeight(look: StepLook, place: WeightPlace): Promise<ExplainedWeight> {
  const { worked } = look;
  const { tensor, index } = place;
  const parameter = findParameter(look, place);
  const at = { row: 0, index };
  const slope = await valueAt(worked, flat(parameter.slope), at);
  const gradient = await valueAt(worked, flat(parameter.gradient), at);
  const memory: Record<string, { before: number; after: number }> = {};
  const prefix = `optimizer/${tensor}/`;
  for (const { name } of worked.program.program.buffers) {
    if (!name.startsWith(prefix)) continue;
    const [after = 0] = await worked.read(name, index, 1);
    memory[name.slice(prefix.length)] = { before: valueBefore(look, name, index), after };
  }
  const [after = 0] = await worked.read(tensor, index, 1);
  return {
    ...place,
    shape: parameter.gradient.shape,
    before: valueBefore(look, tensor, index),
    slope,
    gradient,
    after,
    memory,
    parts: await gradientParts(look, place, slope),
  };
}

function findParameter({ worked }: StepLook, { tensor, index }: WeightPlace): StoredParameter {
  const { parameters } = worked.program;
  const parameter = parameters.find(({ name }) => name === tensor);
  if (parameter === undefined) {
    const names = parameters.map(({ name }) => name).join(', ');
    throw new AppError(
      'input.invalid',
      say`the model trains no tensor ${tensor}; it trains ${names}`,
    );
  }
  const count = elementCount(parameter.gradient.shape);
  if (Number.isInteger(index) && index >= 0 && index < count) return parameter;
  throw new AppError(
    'input.invalid',
    say`${tensor} has the values 0 to ${count - 1}, not ${index}`,
  );
}

function flat(stored: Stored): Stored {
  return { ...stored, shape: [1, elementCount(stored.shape)] };
}

/** 0 for a memory that was not kept or is new. */
function valueBefore({ worked }: StepLook, name: string, index: number): number {
  const tensor = worked.moment.tensors.find((each) => each.name === name);
  return tensor?.values[index] ?? 0;
}

/** Of a dense layer on plain rows: each row adds input times signal, for a bias the signal. */
async function gradientParts(
  { worked, prepared, row }: StepLook,
  { tensor, index }: WeightPlace,
  slope: number,
): Promise<GradientParts | null> {
  const cut = tensor.lastIndexOf('/');
  const [name, role] = [tensor.slice(0, cut), tensor.slice(cut + 1)];
  const layer = worked.program.layers.find((each) => each.name === name);
  const [source] = layer?.inputs ?? [];
  const isDense = prepared.model.summary.layers.find((l) => l.name === name)?.type === 'Dense';
  if (!isDense || layer?.signal == null || source?.shape.length !== 2) return null;
  const units = layer.value.shape[1]!;
  const rows = [];
  for (const at of rowWindow(worked.rows.length, row)) {
    const input =
      role === 'bias'
        ? 1
        : await valueAt(worked, source, { row: at, index: Math.floor(index / units) });
    const signal = await valueAt(worked, layer.signal, { row: at, index: index % units });
    rows.push({ row: at, input, signal });
  }
  const count = worked.rows.length - rows.length;
  const told = rows.reduce((sum, { input, signal }) => sum + input * signal, 0);
  return { rows, more: count > 0 ? { count, sum: slope - told } : null };
}
