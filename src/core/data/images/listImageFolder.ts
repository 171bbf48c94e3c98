/** Which image files a folder holds, and of which class each is: a folder for each class. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../../shared/language.ts';
import { unreadable } from './readBytes.ts';

export interface LabelledFile {
  readonly file: string;
  readonly label: string;
  /** Which line of a list names it, where one does. */
  readonly listed?: string;
}

export interface ImageListing {
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[] | null;
  /** The folder that `test` is from. */
  readonly testFolder: 'test' | 'validation' | null;
  /** Folders of classes that hold no image, as paths below the folder. */
  readonly empty: readonly string[];
}

/**
 * With folders `train` and `test`, or `validation` in place of `test`, those are the parts.
 * @throws AppError `data.read` where there is no folder for a class.
 */
export async function listImageFolder(folder: string): Promise<ImageListing> {
  const folders = await subfolders(folder);
  const inParts = folders.includes('train');
  const train = await listClasses(inParts ? path.join(folder, 'train') : folder);
  const parts = ['test', 'validation'] as const;
  const testFolder = (inParts ? parts.find((name) => folders.includes(name)) : undefined) ?? null;
  const test = testFolder === null ? null : await listClasses(path.join(folder, testFolder));
  const empty = [...train.empty, ...(test?.empty ?? [])].map((each) => path.relative(folder, each));
  return { train: train.files, test: test?.files ?? null, testFolder, empty };
}

async function listClasses(folder: string) {
  const classes = await subfolders(folder);
  if (classes.length === 0) {
    throw unreadable(folder, say('it has no folders; each class needs one with its images'));
  }
  const lists = await Promise.all(
    classes.map(async (label) => {
      const images = await listImages(path.join(folder, label));
      return images.map((name) => ({ file: path.join(folder, label, name), label }));
    }),
  );
  const empty = classes.filter((_, i) => lists[i]!.length === 0);
  return { files: lists.flat(), empty: empty.map((label) => path.join(folder, label)) };
}

/** Below the folder, at any depth: their paths from it. */
export async function listImages(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter(isImage).sort();
}

/** By its name. */
export function isImage(file: string): boolean {
  return /\.(png|jpe?g)$/i.test(file);
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names.filter((name) => !name.startsWith('.')).sort();
}
