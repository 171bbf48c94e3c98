/** What a run wants to know of a row. Needs the run directory only, so it works while the run trains. */
import type { InputRow } from '../../shared/protocol/core.ts';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { InputField, InputImage, RunInputs } from '../../shared/protocol/runInputs.ts';
import { imageField, rowImage } from '../data/images/furtherImages.ts';
import { isImages, type FeatureTransform, type TablePreprocessing } from '../data/preprocessing.ts';
import { openRun } from '../runs/openRun.ts';
import { imageFolders } from './predictRun.ts';
import { storedModel } from './storedRun.ts';

/** @throws AppError `run.notFound` or `run.corrupt`. */
export async function runInputs(directory: string): Promise<RunInputs> {
  const opened = await openRun(directory);
  const { preprocessing } = opened;
  const { predict } = storedModel(opened).config;
  const { target } = preprocessing;
  const described = isImages(preprocessing)
    ? imageInputs(predict)
    : rowInputs(preprocessing, predict);
  return {
    name: opened.record.name,
    target: target.kind === 'classes' ? target.name : target.names.join(', '),
    ...described,
  };
}

/** @throws AppError `run.notFound`, `run.corrupt`, `data.read`, or `input.invalid` where it is no image. */
export async function runImage(directory: string, row: InputRow): Promise<InputImage> {
  const opened = await openRun(directory);
  const { preprocessing } = opened;
  if (isImages(preprocessing)) {
    return rowImage(preprocessing.shape, row, imageFolders({}, opened));
  }
  throw new AppError('input.invalid', say('this run takes rows of a table, not images'));
}

type Inputs = Pick<RunInputs, 'fields' | 'example'>;

function imageInputs([wanted]: readonly InputRow[]): Inputs {
  const fields = [{ kind: 'image', name: imageField, fill: null }] as const;
  return { fields, example: wanted ?? { [imageField]: '' } };
}

function rowInputs(
  { features, example = {} }: TablePreprocessing,
  [wanted = example]: readonly InputRow[],
): Inputs {
  return {
    fields: features.map(inputField),
    example: Object.fromEntries(
      features.map((feature) => [feature.name, shownValue(feature, wanted)]),
    ),
  };
}

function inputField(feature: FeatureTransform): InputField {
  const { name, fill } = feature;
  if (feature.kind === 'number') return { kind: 'number', name, fill, range: feature.seen ?? null };
  return { kind: 'category', name, fill, categories: feature.categories };
}

/** A category that a row gives by its index is shown by its name. */
function shownValue(feature: FeatureTransform, row: InputRow): string | number | null {
  const value = row[feature.name] ?? null;
  if (feature.kind === 'number' || value === null) return value;
  const text = String(value);
  return feature.categories.includes(text) ? text : (feature.categories[Number(value)] ?? null);
}
