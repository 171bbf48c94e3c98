/** One output of a layer worked out in full, where a layer can be told in one line. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { LayerConfig, LayerOf } from '../../../shared/model/layers.ts';
import type { ActivationConfig } from '../../../shared/model/activations.ts';
import type { Activated, WeightedTerm, WorkedUnit } from '../../../shared/protocol/explainStep.ts';
import type { Stored, StoredLayer } from './explainProgram.ts';
import type { StepLook } from './stepLook.ts';
import { rowStrip, rowWidth, valueAt } from './strips.ts';
import { termPlaces } from './weightedTerms.ts';

const mostTerms = 32;
/** Of one feature over a batch. */
const mostValues = 4096;

/** Null for kinds of layers whose outputs come of too many numbers to write down. */
export async function workUnit(
  look: StepLook,
  layer: StoredLayer,
  config: LayerConfig,
): Promise<WorkedUnit | null> {
  const index = await chosenUnit(look, layer);
  const { worked, row } = look;
  if (index === null) return null;
  const output = await valueAt(worked, layer.value, { row, index });
  const unit: Unit = { look, layer, index, output };
  switch (config.type) {
    case 'Dense':
    case 'Conv1D':
    case 'Conv2D': {
      const parts = await weighted(unit, config);
      return parts && { index, output, ...parts };
    }
    case 'Activation':
      return { index, output, kind: 'activated', ...(await activated(unit, config.activation)) };
    case 'Dropout': {
      const input = await inputAt(unit, index);
      return { index, output, kind: 'dropped', input, rate: config.rate };
    }
    case 'BatchNormalization': {
      const parts = await normalized(unit, config);
      return parts && { index, output, ...parts };
    }
    default:
      return null;
  }
}

/** The one asked for; else of the last layer the target's, of others the one that answers most. */
async function chosenUnit(
  { worked, prepared, row, wish }: StepLook,
  { name, value }: StoredLayer,
): Promise<number | null> {
  const width = rowWidth(value);
  const asked = wish.units[name];
  if (asked !== undefined) {
    if (Number.isInteger(asked) && asked >= 0 && asked < width) return asked;
    throw new AppError(
      'input.invalid',
      say`layer ${name} has the units 0 to ${width - 1}, not ${asked}`,
    );
  }
  if (width === 0) return null;
  const { target } = prepared.model.context;
  const isLast = worked.program.layers.at(-1)?.name === name;
  if (isLast && target.kind === 'classes' && width === target.classes) {
    return prepared.data.train.y[worked.rows[row]!]!;
  }
  const { values } = await rowStrip(worked, value, row);
  const sizes = values.map(Math.abs);
  return Math.max(0, sizes.indexOf(sizes.reduce((most, size) => Math.max(most, size), 0)));
}

interface Unit {
  readonly look: StepLook;
  readonly layer: StoredLayer;
  readonly index: number;
  readonly output: number;
}

function inputAt({ look: { worked, row }, layer }: Unit, index: number): Promise<number> {
  return valueAt(worked, layer.inputs[0]!, { row, index });
}

async function weighted(unit: Unit, config: LayerOf<'Dense' | 'Conv1D' | 'Conv2D'>) {
  const { look, layer, index } = unit;
  const { worked, row } = look;
  const [source] = layer.inputs as readonly [Stored];
  const places = termPlaces(config, source.shape.slice(1), index);
  if (places === null) return null;
  const kernel = before(look, `${layer.name}/kernel`);
  const bias = config.use_bias ? before(look, `${layer.name}/bias`)[places.unit]! : null;
  const terms: WeightedTerm[] = [];
  for (const { input: inputAt, weight: weightAt } of places.terms.slice(0, mostTerms)) {
    const input = await valueAt(worked, source, { row, index: inputAt });
    terms.push({ input, weight: kernel[weightAt]!, inputAt, weightAt });
  }
  const parts = await activated(unit, config.activation);
  const told = terms.reduce((sum, { input, weight }) => sum + input * weight, bias ?? 0);
  const count = places.terms.length - terms.length;
  const more = count > 0 ? { count, sum: parts.sum - told } : null;
  return { kind: 'weighted' as const, terms, more, bias, ...parts };
}

async function activated(
  { look: { worked, row }, layer, index, output }: Unit,
  activation: ActivationConfig,
): Promise<Activated> {
  const sum = await valueAt(worked, layer.sums, { row, index });
  const power = Math.exp(sum);
  const totals: Readonly<Record<string, number>> = {
    softmax: power / output,
    log_softmax: power / Math.exp(output),
  };
  const total = totals[activation.type] ?? Infinity;
  return { activation, sum, total: Number.isFinite(total) ? total : null };
}

/** Mean and variance as the layer takes them: of one feature over the batch, and over the places of each row. */
async function normalized(unit: Unit, config: LayerOf<'BatchNormalization'>) {
  const { look, layer, index } = unit;
  const { worked } = look;
  const [source] = layer.inputs as readonly [Stored];
  const features = source.shape.at(-1)!;
  const feature = index % features;
  const values: number[] = [];
  const count = (worked.rows.length * rowWidth(source)) / features;
  if (count > mostValues) return null;
  for (let i = 0; i < count; i++) {
    values.push((await worked.read(source.buffer, i * features + feature, 1))[0]!);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const { scale, center, epsilon } = config;
  return {
    kind: 'normalized' as const,
    input: await inputAt(unit, index),
    mean,
    variance,
    epsilon,
    gamma: scale ? before(look, `${layer.name}/gamma`)[feature]! : null,
    beta: center ? before(look, `${layer.name}/beta`)[feature]! : null,
  };
}

/** Values of a tensor before the step. */
function before({ worked }: StepLook, name: string): ArrayLike<number> {
  return worked.moment.tensors.find((tensor) => tensor.name === name)?.values ?? [];
}
