/** PNG and JPEG files with a class each: in a folder a class, or listed in a CSV file. */
import { say } from '../../../shared/language.ts';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { sortCategories } from '../categories.ts';
import { readCsvRows } from '../furtherFiles.ts';
import { decodeImage, type ColorMode, type ImageWish } from './decodeImage.ts';
import {
  isImage,
  listImageFolder,
  type LabelledFile,
  type ImageListing,
} from './listImageFolder.ts';
import { fileBytes, unreadable } from './readBytes.ts';
import type { Image } from './resize.ts';
import type { ReadSamplesOptions, Samples, SampleSet } from './samples.ts';

export interface ImageFilesPlace {
  /** A folder, or a CSV file. */
  readonly place: string;
  /** Of the CSV file. */
  readonly imageColumn: string;
  readonly labelColumn: string;
  readonly colorMode: ColorMode;
  readonly size: readonly [number, number] | null;
}

/** Files of IDX, arrays and CIFAR, which hold many images. */
const otherFormat = /\.(?:npz|npy|bin|gz)$|-ubyte$/i;

/** @throws AppError `data.read` that names the file or folder; `input.invalid` for a broken CSV file. */
export async function readImageFiles(
  place: ImageFilesPlace,
  options: ReadSamplesOptions,
): Promise<SampleSet> {
  const isFolder = (await stat(place.place)).isDirectory();
  if (!isFolder && isImage(place.place)) {
    throw unreadable(place.place, say('it is one image; name a folder of them, or a CSV file'));
  }
  if (!isFolder && otherFormat.test(place.place)) {
    const message = say('it is no image data of `format: images`: name a folder, or a CSV file');
    throw unreadable(place.place, message);
  }
  const { train, test, empty } = isFolder
    ? await listImageFolder(place.place)
    : await listImageTable(place, options);
  const all = [...train, ...(test ?? [])];
  if (all.length === 0) throw unreadable(place.place, say('there are no PNG or JPEG files'));
  const names = sortCategories([...new Set(all.map(({ label }) => label))]);
  const reader = imageReader(place, all.length, options);
  const read = async (files: readonly LabelledFile[]): Promise<Samples> => {
    const x = await reader.read(files);
    const y = Int32Array.from(files, ({ label }) => names.indexOf(label));
    return { count: files.length, x, y };
  };
  const trainSamples = await read(train);
  const testSamples = test === null ? null : await read(test);
  const { shape, sha256 } = reader.finish();
  return { shape, train: trainSamples, test: testSamples, names, sha256, emptyClasses: empty };
}

/** Paths are relative to the folder of the CSV file. */
export async function listImageTable(
  {
    place,
    imageColumn,
    labelColumn,
  }: Pick<ImageFilesPlace, 'place' | 'imageColumn' | 'labelColumn'>,
  { signal }: Pick<ReadSamplesOptions, 'signal'>,
): Promise<ImageListing> {
  const needed = [imageColumn, labelColumn];
  const { rows, diagnostics } = await readCsvRows(place, { needed, signal });
  if (diagnostics.length > 0) {
    throw new AppError('input.invalid', say`${place} cannot be read`, { diagnostics });
  }
  const train = rows.map((row, i): LabelledFile => {
    const [image, label] = needed.map((name) => row[name] ?? null);
    if (image == null || label == null) {
      throw unreadable(
        place,
        say`row ${i + 1} lacks \`${image == null ? imageColumn : labelColumn}\``,
      );
    }
    const file = path.resolve(path.dirname(place), String(image));
    return { file, label: String(label), listed: say`row ${i + 1} of ${place}` };
  });
  return { train, test: null, testFolder: null, empty: [] };
}

function fromList(error: unknown, listed: string): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, `${error.message}; ${listed}`, { cause: error });
}

/** Progress is told so often. */
const filesPerReport = 16;

function imageReader(wish: ImageWish, total: number, { onProgress, signal }: ReadSamplesOptions) {
  const bytes = fileBytes(signal);
  let done = 0;
  let first: { readonly file: string; readonly image: Image } | null = null;
  const checked = (image: Image, file: string): Image => {
    first ??= { file, image };
    const { height, width } = first.image;
    if (image.height === height && image.width === width) return image;
    const sizes = say`${image.height} x ${image.width}, not ${height} x ${width} as ${first.file}`;
    throw unreadable(
      file,
      say`it is ${sizes}; set image_size: [${height}, ${width}] to resize all`,
    );
  };
  return {
    /** [files, height, width, channels] */
    async read(files: readonly LabelledFile[]): Promise<Uint8Array> {
      let x = new Uint8Array(0);
      for (const [i, { file, listed }] of files.entries()) {
        signal?.throwIfAborted();
        const content = await bytes.read(file).catch((error: unknown) => {
          throw listed === undefined ? error : fromList(error, listed);
        });
        const { pixels } = checked(await decodeImage(content, file, wish), file);
        if (x.length === 0) x = new Uint8Array(files.length * pixels.length);
        x.set(pixels, i * pixels.length);
        done++;
        if (done % filesPerReport === 0 || i === files.length - 1) onProgress(done / total);
      }
      return x;
    },
    finish() {
      const { height, width, channels } = first!.image;
      return { shape: [height, width, channels], sha256: bytes.sha256() };
    },
  };
}
