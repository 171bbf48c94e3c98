/** The rows of the batch: what the table says, and what the model gets. */
import type {
  ExplainedFeature,
  ExplainedRow,
  ExplainedRows,
} from '../../../shared/protocol/explainStep.ts';
import type { InputImage } from '../../../shared/protocol/runInputs.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { rawValue } from '../../data/rawValue.ts';
import { featureWidth, isImages, type FeatureTransform } from '../../data/preprocessing.ts';
import { pictureOf } from '../../tensors/picture.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import type { StepLook } from './stepLook.ts';
import { rowWidth, rowWindow } from './strips.ts';

const mostFeatures = 16;
/** Of one feature: a column of many categories has as many. */
const mostInputs = 8;

interface Placed {
  readonly feature: FeatureTransform;
  /** Its first input. */
  readonly at: number;
}

export async function describeRows(look: StepLook): Promise<ExplainedRows> {
  const { prepared, worked, row } = look;
  const placed = placedFeatures(prepared);
  const shown = placed.slice(0, mostFeatures);
  const window = rowWindow(worked.rows.length, row);
  const { rowLosses, rowWeights } = worked.program;
  const losses = await worked.read(rowLosses.buffer, window[0], window.length);
  const weights = rowWeights && (await worked.read(rowWeights.buffer, window[0], window.length));
  const pictures = await Promise.all(window.map((at) => rowPicture(look, at)));
  const { target } = prepared.data.preprocessing;
  return {
    features: shown.map(({ feature }) => describeFeature(feature)),
    moreFeatures: placed.length - shown.length,
    rows: window.map((at, i): ExplainedRow => {
      const number = worked.rows[at]!;
      const values = shown.map((place) => describeValue(prepared, place, number));
      return {
        row: at,
        number,
        values,
        target: targetText(prepared, number),
        loss: losses[i]!,
        weight: weights && weights[i]!,
        picture: pictures[i]!,
      };
    }),
    target: target.kind === 'classes' ? target.name : target.names.join(', '),
  };
}

/** What the first layer gets for this row, where the data are images. */
async function rowPicture({ prepared, worked }: StepLook, row: number): Promise<InputImage | null> {
  const input = worked.program.layers[0]?.inputs[0];
  if (input === undefined || !isImages(prepared.data.preprocessing)) return null;
  const count = rowWidth(input);
  const values = await worked.read(input.buffer, row * count, count);
  return pictureOf(input.shape.slice(1), values);
}

/** Inputs that no feature is known for, such as pixels, have no names and are shown as numbers of the layers only. */
function placedFeatures({ data }: Pick<PreparedTraining, 'data'>): Placed[] {
  if (isImages(data.preprocessing)) return [];
  const { features } = data.preprocessing;
  const widths = features.map(featureWidth);
  const width = widths.reduce((sum, each) => sum + each, 0);
  if (width !== elementCount(data.inputShape)) return [];
  let at = 0;
  return features.map((feature, i) => {
    const place = { feature, at };
    at += widths[i]!;
    return place;
  });
}

function describeFeature(feature: FeatureTransform): ExplainedFeature {
  const affine = feature.kind === 'one_hot' ? null : feature.affine;
  return { name: feature.name, inputs: inputsOf(feature).slice(0, mostInputs), affine };
}

function inputsOf(feature: FeatureTransform): readonly string[] {
  const { name } = feature;
  if (feature.kind !== 'one_hot') return [name];
  return feature.categories.map((category) => `${name}=${category}`);
}

function describeValue({ data }: PreparedTraining, { feature, at }: Placed, number: number) {
  const { x, rows } = data.train;
  const from = number * (x.length / rows) + at;
  const inputs = Float32Array.from(x.subarray(from, from + featureWidth(feature)));
  return { raw: rawValue(feature, inputs), inputs: [...inputs.subarray(0, mostInputs)] };
}

function targetText({ data }: PreparedTraining, number: number): string {
  const { target } = data.preprocessing;
  const { y, rows } = data.train;
  const width = y.length / rows;
  const values = y.subarray(number * width, (number + 1) * width);
  if (target.kind === 'classes') return target.names[values[0]!] ?? String(values[0]);
  return Array.from(values, (value) => String(Number(value.toPrecision(6)))).join(', ');
}
