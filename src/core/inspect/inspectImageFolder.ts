/** Looks at a folder of image files: every header, and the pixels of some. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { sortCategories } from '../data/categories.ts';
import { readImage } from '../data/images/decodeImage.ts';
import { readImageHeader, type ImageHeader } from '../data/images/imageHeader.ts';
import { listImageFolder, type LabelledFile } from '../data/images/listImageFolder.ts';
import { unreadable } from '../data/images/readBytes.ts';
import type { InspectFileOptions } from './inspectFile.ts';
import type { ImagesReport, Size } from './imagesReport.ts';

/** @throws AppError `data.read`; the abort reason when cancelled. */
export async function inspectImageFolder(
  place: string,
  options: InspectFileOptions,
): Promise<ImagesReport> {
  const { train, test, testFolder, empty } = await listImageFolder(place);
  const all = [...train, ...(test ?? [])];
  if (all.length === 0) throw unreadable(place, noImages());
  checkClasses(place, all);
  const headers = await readHeaders(place, all, options);
  const isGrey = headers.every((header) => header.isGrey) || (await looksGrey(all, headers));
  const names = sortCategories([...new Set(all.map(({ label }) => label))]);
  const counts = new Map(names.map((name) => [name, 0]));
  for (const { label } of train) counts.set(label, counts.get(label)! + 1);
  return {
    place,
    format: 'images',
    labelsFile: null,
    shape: [median(headers, 'height'), median(headers, 'width'), isGrey ? 1 : 3],
    sizes: rangeOf(headers),
    values: { areBytes: true, min: 0, max: 255 },
    target: { kind: 'classes', classes: names.map((name) => ({ name, count: counts.get(name)! })) },
    train: train.length,
    test: test?.length ?? 0,
    testIsValidation: testFolder === 'validation',
    example: (test?.[0] ?? train[0]!).file,
    notes: empty.map((name) => say`the folder ${name} has no PNG or JPEG files`),
  };
}

export function noImages(): string {
  return say('there are no PNG or JPEG files in it; each class needs a folder with its images');
}

/** One class is often that of a folder chosen too far up. */
function checkClasses(place: string, files: readonly LabelledFile[]): void {
  const [first] = files;
  if (first === undefined || files.some(({ label }) => label !== first.label)) return;
  const only = path.join(place, first.label);
  const message = files.some(({ file }) => path.dirname(file) === only)
    ? say`all its images are in one folder, ${first.label}; each class needs a folder of its own`
    : say`all its images are below ${first.label}: choose that folder, ${only}`;
  throw unreadable(place, message);
}

/** Files that are named when many are damaged. */
const mostNamed = 5;
/** So many files are read at a time, and progress is told so often. */
const together = 16;

async function readHeaders(
  place: string,
  files: readonly LabelledFile[],
  { onProgress, signal }: InspectFileOptions,
): Promise<ImageHeader[]> {
  const headers: ImageHeader[] = [];
  const damaged: string[] = [];
  const message = say`looking at ${place}`;
  for (let first = 0; first < files.length; first += together) {
    signal?.throwIfAborted();
    const some = files.slice(first, first + together);
    const found = await Promise.all(some.map(({ file }) => headerOf(file)));
    found.forEach((header, i) => {
      if (header === null) damaged.push(some[i]!.file);
      else headers.push(header);
    });
    onProgress?.({ message, fraction: (first + some.length) / files.length });
  }
  if (damaged.length === 0) return headers;
  const more = damaged.length - mostNamed;
  const listed = damaged.slice(0, mostNamed).join(', ');
  const which = more > 0 ? say`${listed}, and ${more} more` : listed;
  throw unreadable(
    place,
    say`these are neither PNG nor JPEG, or damaged: ${which}; mend or remove them`,
  );
}

async function headerOf(file: string): Promise<ImageHeader | null> {
  try {
    return await readImageHeader(file);
  } catch (cause) {
    throw new AppError('data.read', say`cannot read ${file}: ${errorMessage(cause)}`, { cause });
  }
}

/** Of files that could hold colours so many are decoded, from all over the list; none of more pixels than this. */
const mostDecoded = 24;
const mostPixels = 4e6;
/** JPEG makes greys a little off. */
const greyTolerance = 8;

async function looksGrey(
  files: readonly LabelledFile[],
  headers: readonly ImageHeader[],
): Promise<boolean> {
  const candidates = files.filter((_, i) => {
    const { isGrey, height, width } = headers[i]!;
    return !isGrey && height * width <= mostPixels;
  });
  if (candidates.length === 0) return false;
  const step = Math.max(1, candidates.length / mostDecoded);
  for (let at = 0; at < candidates.length; at += step) {
    await setImmediate(); // decoding takes its time: requests are answered in between
    const { file } = candidates[Math.floor(at)]!;
    const { pixels } = await readImage(file, { colorMode: 'rgb', size: null });
    for (let i = 0; i < pixels.length; i += 3) {
      const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
      if (Math.max(r, g, b) - Math.min(r, g, b) > greyTolerance) return false;
    }
  }
  return true;
}

function median(headers: readonly ImageHeader[], side: 'height' | 'width'): number {
  const sorted = headers.map((header) => header[side]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** By pixels; null where all have one size. */
function rangeOf(headers: readonly ImageHeader[]): ImagesReport['sizes'] {
  const { height, width } = headers[0]!;
  if (headers.every((header) => header.height === height && header.width === width)) return null;
  const sizes = headers
    .map((header): Size => [header.height, header.width])
    .sort((a, b) => a[0] * a[1] - b[0] * b[1]);
  return { least: sizes[0]!, most: sizes.at(-1)! };
}
