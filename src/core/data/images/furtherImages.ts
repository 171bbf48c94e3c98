/** Reads further images with the preprocessing of a finished run: to evaluate, and to predict. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { InputRow } from '../../../shared/protocol/core.ts';
import { say } from '../../../shared/language.ts';
import type { ImageData } from '../../../shared/model/imageData.ts';
import { elementCount, type Shape } from '../../../shared/tensor/tensorType.ts';
import type { EncodedRows, InputProblem } from '../encodeRows.ts';
import type { SplitData } from '../preparedData.ts';
import type { ImagePreprocessing } from '../preprocessing.ts';
import { readImage } from './decodeImage.ts';
import { readSamples } from './readSamples.ts';
import type { Image } from './resize.ts';

/**
 * All images of another file or folder of the same format; of one with a test part of its own only that.
 * @throws AppError `data.read` or `input.invalid` when it cannot be read, or has other images.
 */
export async function readFurtherImages(
  { data, shape, target }: ImagePreprocessing,
  place: string,
  signal?: AbortSignal,
): Promise<SplitData> {
  const { samples } = await readSamples({
    data: dataAt(data, place),
    folder: path.dirname(place),
    onProgress: () => undefined,
    signal,
    download: {},
  });
  const refuse = (why: string) => new AppError('input.invalid', `${place}: ${why}`);
  if (samples.shape.join() !== shape.join()) {
    throw refuse(say`its images are ${samples.shape.join(' x ')}, not ${shape.join(' x ')}`);
  }
  const { count: rows, x, y } = samples.test ?? samples.train;
  if (target.kind === 'numbers') return { rows, x, y: Float32Array.from(y) };
  const places = samples.names?.map((name) => target.names.indexOf(name));
  const unknown = samples.names?.find((_, i) => places?.[i] === -1);
  if (unknown !== undefined) throw refuse(say`the run knows no class "${unknown}"`);
  const labels = Int32Array.from(y, (label) => places?.[label] ?? label);
  const outside = labels.find((label) => label >= target.names.length);
  if (outside !== undefined) throw refuse(say`the run knows no class ${outside}`);
  return { rows, x, y: labels };
}

/** The labels of another IDX file are beside it. */
function dataAt(data: ImageData, place: string): ImageData {
  return data.format === 'idx' ? { ...data, path: place, labels: null } : { ...data, path: place };
}

/** The one feature of an image model: the path of a file. */
export const imageField = 'image';

/**
 * Pixels of PNG or JPEG files in the shape that the model takes. A relative path is that of the first of the folders
 * where there is such a file. A row that names no image has its problem beside zeros.
 */
export async function encodeImageRows(
  preprocessing: ImagePreprocessing,
  rows: readonly InputRow[],
  folders: readonly string[],
): Promise<EncodedRows> {
  const { shape, scale } = preprocessing;
  const size = elementCount(shape);
  const x = new (scale.dtype === 'u8' ? Uint8Array : Float32Array)(rows.length * size);
  const problems: InputProblem[] = [];
  for (const [row, given] of rows.entries()) {
    try {
      x.set((await rowImage(shape, given, folders)).pixels, row * size);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ row, feature: imageField, message: error.message });
    }
  }
  return { rows: rows.length, x, problems };
}

/**
 * The image of a row as the model gets it: its size, its channels.
 * @throws AppError `input.invalid` or `data.read`.
 */
export async function rowImage(
  shape: Shape,
  row: InputRow,
  folders: readonly string[],
): Promise<Image> {
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    const what = shape.join(' x ');
    throw new AppError('input.invalid', say`inputs of the shape ${what} are no images`);
  }
  const file = row[imageField];
  if (typeof file !== 'string' || Object.keys(row).length !== 1) {
    throw new AppError('input.invalid', say('give {"image": "file.png"}, a PNG or JPEG file'));
  }
  const colorMode = channels === 1 ? 'grayscale' : 'rgb';
  const places = folders.map((folder) => path.resolve(folder, file));
  const found = places.find((place) => existsSync(place)) ?? places[0] ?? file;
  return readImage(found, { colorMode, size: [height, width] });
}
