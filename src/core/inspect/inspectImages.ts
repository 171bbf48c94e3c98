/** Looks at image data before there is a config: which format they are in, their sizes, colours, classes and numbers. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { unreadable } from '../data/images/readBytes.ts';
import type { InspectFileOptions } from './inspectFile.ts';
import { inspectImageFolder } from './inspectImageFolder.ts';
import type { ImagesReport } from './imagesReport.ts';
import { inspectSamples } from './inspectSamples.ts';

const arrayFile = /\.(npz|npy)$/i;
const idxFile = /-idx\d-ubyte(?:\.gz)?$/i;
const imageFile = /\.(png|jpe?g)$/i;

/** A folder, or a file that holds images or arrays and no table. */
export async function holdsImages(place: string): Promise<boolean> {
  if ([arrayFile, idxFile, imageFile].some((form) => form.test(place))) return true;
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * @throws AppError `data.read` where there are no images, or some that cannot be read, with what to do about it; the
 * abort reason when cancelled.
 */
export async function inspectImages(
  place: string,
  options: InspectFileOptions,
): Promise<ImagesReport> {
  if (imageFile.test(place)) {
    const message = say(
      'it is one image; choose the folder that has a folder of images for each class',
    );
    throw unreadable(place, message);
  }
  const npy = arrayFile.exec(place)?.[1]?.toLowerCase();
  if (npy === 'npz') return inspectSamples({ format: 'npz', path: place }, options);
  if (npy === 'npy') return inspectNpy(place, options);
  if (idxFile.test(place)) return inspectIdx(place, options);
  const names = await readdir(place);
  const idx = names.filter((name) => /images.*-idx3-ubyte(?:\.gz)?$/i.test(name));
  const isMnist = idx.some((name) => name.startsWith('train-images'));
  if (!isMnist && idx.length === 1) return inspectIdx(path.join(place, idx[0]!), options);
  const format = isMnist ? 'idx' : folderFormat(names);
  if (format === 'images') return inspectImageFolder(place, options);
  return inspectSamples({ format, path: place }, options);
}

/** By the files that the public data sets have; else image files. */
function folderFormat(names: readonly string[]): 'cifar10' | 'cifar100' | 'images' {
  if (names.includes('data_batch_1.bin')) return 'cifar10';
  return names.includes('fine_label_names.txt') ? 'cifar100' : 'images';
}

/** The file of labels was clicked as likely as that of the images. */
function inspectIdx(place: string, options: InspectFileOptions): Promise<ImagesReport> {
  const { dir, base } = path.parse(place);
  const images = base.replace('labels', 'images').replace('idx1', 'idx3');
  return inspectSamples({ format: 'idx', path: path.join(dir, images) }, options);
}

/** A `.npy` file holds one array; that of the labels is looked for beside it. */
async function inspectNpy(place: string, options: InspectFileOptions): Promise<ImagesReport> {
  const { dir, base } = path.parse(place);
  const names = await readdir(dir);
  const labels = labelNames(base).find((name) => names.includes(name));
  if (labels === undefined) {
    const message = say`cannot find the labels of ${place}: they are expected beside it, in a file such as ${labelNames(base)[0] ?? 'y.npy'}`;
    throw new AppError('data.read', message);
  }
  return inspectSamples({ format: 'npy', path: place, labels: path.join(dir, labels) }, options);
}

/** `x_train.npy` has its labels in `y_train.npy`, `images.npy` in `labels.npy`. */
function labelNames(base: string): string[] {
  const stem = base.replace(/\.npy$/i, '');
  const changed = [
    stem.replace(/^x(?=$|[_.-])/, 'y'),
    stem.replace(/^X(?=$|[_.-])/, 'y'),
    stem.replace(/images?|inputs?|data|features?/i, 'labels'),
    stem.replace(/images?|inputs?|data|features?/i, 'targets'),
    `${stem}_labels`,
    'labels',
    'y',
  ];
  return [...new Set(changed.filter((name) => name !== stem).map((name) => `${name}.npy`))];
}
