/** Looks at image data that are read as a whole: NumPy arrays, and the files of MNIST and CIFAR. */
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { dataSchema } from '../../shared/model/data.ts';
import type { ImageData } from '../../shared/model/imageData.ts';
import { readSamples } from '../data/images/readSamples.ts';
import type { Samples, SampleSet } from '../data/images/samples.ts';
import { unreadable } from '../data/images/readBytes.ts';
import { mean, standardDeviation } from '../data/statistics.ts';
import type { InspectFileOptions } from './inspectFile.ts';
import type { ImagesReport, ImagesTarget } from './imagesReport.ts';

export interface SamplesPlace {
  readonly format: Exclude<ImageData['format'], 'images'>;
  /** Absolute, as is `labels`. */
  readonly path: string;
  readonly labels?: string;
}

/** @throws AppError `data.read`; the abort reason when cancelled. */
export async function inspectSamples(
  place: SamplesPlace,
  { onProgress, signal }: InspectFileOptions,
): Promise<ImagesReport> {
  const data = dataSchema().parse(place) as ImageData;
  const { samples } = await readSamples({
    data,
    folder: path.dirname(place.path),
    onProgress: onProgress ?? (() => undefined),
    signal,
    download: {},
  });
  const { train, test, shape } = samples;
  if (shape.length === 0) {
    throw unreadable(
      place.path,
      say('it has one number for each sample: choose the file of the inputs'),
    );
  }
  return {
    place: place.path,
    format: place.format,
    labelsFile: place.labels ?? null,
    shape,
    sizes: null,
    values: rangeOf(train.x),
    target: targetOf(place.path, samples),
    train: train.count,
    test: test?.count ?? 0,
    testIsValidation: false,
    example: null,
    notes: [],
  };
}

function rangeOf(x: Samples['x']): ImagesReport['values'] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of x) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { areBytes: x instanceof Uint8Array, min, max };
}

/** More different whole numbers are taken for measurements. */
const mostClasses = 1000;

/** Whole numbers from 0, each met more than once on average, are classes. */
function targetOf(place: string, { train, test, names }: SampleSet): ImagesTarget {
  const width = train.y.length / train.count;
  if (width > 1 && isOneHot(train.y, width)) {
    const message = say`the labels of ${place} are rows of 0 and a 1: save the number of the class instead, np.argmax(y, axis=1)`;
    throw new AppError('data.read', message);
  }
  const known = names?.length ?? classesOf(train.y, width);
  const inTest = test === null || width !== 1 ? 0 : classesOf(test.y, width);
  if (known === 0) {
    const values = Float64Array.from(train.y);
    return { kind: 'numbers', width, mean: mean(values), std: standardDeviation(values) };
  }
  const counts = new Array<number>(Math.max(known, names === null ? inTest : 0)).fill(0);
  for (const label of train.y) counts[label]!++;
  return {
    kind: 'classes',
    classes: counts.map((count, i) => ({ name: names?.[i] ?? String(i), count })),
  };
}

/** 0 for labels that are no classes. */
function classesOf(y: Samples['y'], width: number): number {
  if (width !== 1) return 0;
  let most = 0;
  for (const label of y) {
    if (!Number.isInteger(label) || label < 0 || label >= mostClasses) return 0;
    if (label > most) most = label;
  }
  return most + 1 <= Math.max(2, y.length / 2) ? most + 1 : 0;
}

function isOneHot(y: Samples['y'], width: number): boolean {
  for (let first = 0; first < y.length; first += width) {
    const row = Array.from(y.subarray(first, first + width));
    const isUnit = row.filter((value) => value === 1).length === 1;
    if (!isUnit || row.some((value) => value !== 0 && value !== 1)) return false;
  }
  return true;
}
