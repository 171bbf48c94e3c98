/** The rows with the highest loss, as a person can look at them. */
import type { WorstRow } from '../../../shared/protocol/evaluation.ts';
import type { InputImage } from '../../../shared/protocol/runInputs.ts';
import type { SplitData } from '../../data/preparedData.ts';
import { featureWidth, isImages, type Preprocessing } from '../../data/preprocessing.ts';
import { rawValue } from '../../data/rawValue.ts';
import { pictureOf } from '../../tensors/picture.ts';
import type { Answers } from './answers.ts';

const mostFeatures = 16;

export interface WorstInput {
  readonly data: SplitData;
  readonly losses: Float32Array;
  readonly answers: Answers;
  readonly preprocessing: Preprocessing;
  readonly count: number;
}

/** A loss that is not a number is the worst; of equal ones the first row comes first. */
export function worstRows(input: WorstInput): WorstRow[] {
  const { losses, count } = input;
  const rank = (row: number) => (Number.isNaN(losses[row]!) ? Infinity : losses[row]!);
  const rows = Uint32Array.from(losses, (_, row) => row);
  rows.sort((a, b) => rank(b) - rank(a) || a - b);
  return Array.from(rows.subarray(0, count), (row) => describe(input, row));
}

function describe({ data, losses, answers, preprocessing }: WorstInput, row: number): WorstRow {
  const chances = answers.chances(row);
  const { classes } = answers;
  return {
    row: data.places?.[row] ?? row,
    inFile: data.places !== undefined,
    loss: losses[row]!,
    target: answers.targetText(row),
    predicted: answers.predictedText(row),
    probability: chances === null || classes === null ? null : (chances[classes[row]!] ?? null),
    targetProbability: chances === null ? null : (chances[data.y[row]!] ?? null),
    values: valuesOf(preprocessing, data, row),
    image: imageOf(preprocessing, data, row),
  };
}

function valuesOf(preprocessing: Preprocessing, { x, rows }: SplitData, row: number) {
  if (isImages(preprocessing)) return [];
  const width = x.length / rows;
  let at = row * width;
  return preprocessing.features.slice(0, mostFeatures).map((feature) => {
    const inputs = Float32Array.from(x.subarray(at, at + featureWidth(feature)));
    at += featureWidth(feature);
    return { name: feature.name, value: rawValue(feature, inputs) };
  });
}

function imageOf(
  preprocessing: Preprocessing,
  { x, rows }: SplitData,
  row: number,
): InputImage | null {
  if (!isImages(preprocessing)) return null;
  const size = x.length / rows;
  return pictureOf(preprocessing.shape, x.subarray(row * size, (row + 1) * size));
}
