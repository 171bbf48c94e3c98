/**
 * CIFAR-10 and CIFAR-100 in their binary version (https://www.cs.toronto.edu/~kriz/cifar.html): records of one
 * label (CIFAR-100: coarse, then fine) and 3072 bytes, the red, green and blue planes of 32 x 32 pixels each.
 */
import { say } from '../../../shared/language.ts';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { fileBytes, unreadable, type FileBytes } from './readBytes.ts';
import type { ReadSamplesOptions, Samples, SampleSet } from './samples.ts';

export type CifarFormat = 'cifar10' | 'cifar100';

interface Layout {
  readonly train: readonly string[];
  readonly test: string;
  readonly labelBytes: number;
  readonly names: Readonly<Record<'fine' | 'coarse', string>>;
}

const layouts: Readonly<Record<CifarFormat, Layout>> = {
  cifar10: {
    train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
    test: 'test_batch.bin',
    labelBytes: 1,
    names: { fine: 'batches.meta.txt', coarse: 'batches.meta.txt' },
  },
  cifar100: {
    train: ['train.bin'],
    test: 'test.bin',
    labelBytes: 2,
    names: { fine: 'fine_label_names.txt', coarse: 'coarse_label_names.txt' },
  },
};

const side = 32;
const plane = side * side;
const channels = 3;

export interface CifarPlace {
  readonly format: CifarFormat;
  readonly folder: string;
  readonly labels: 'fine' | 'coarse';
}

/** @throws AppError `data.read` that names the file. */
export async function readCifar(
  { format, folder, labels }: CifarPlace,
  { onProgress, signal }: ReadSamplesOptions,
): Promise<SampleSet> {
  const layout = layouts[format];
  await requireFiles(folder, format);
  const files = fileBytes(signal);
  const label = format === 'cifar100' && labels === 'fine' ? 1 : 0;
  const names = await readNames(files, path.join(folder, layout.names[labels]));
  const wanted = { labelBytes: layout.labelBytes, label, classes: names.length };
  const batches: Samples[] = [];
  for (const [i, name] of [...layout.train, layout.test].entries()) {
    onProgress(i / (layout.train.length + 1));
    const file = path.join(folder, name);
    batches.push(unpack(await files.read(file), file, wanted));
  }
  const test = batches.pop()!;
  const shape = [side, side, channels];
  return { shape, train: joined(batches), test, names, sha256: files.sha256() };
}

/** Names of the files of the binary version. */
export function cifarFiles(format: CifarFormat): string[] {
  const { train, test, names } = layouts[format];
  return [...new Set([...train, test, ...Object.values(names)])];
}

async function requireFiles(folder: string, format: CifarFormat): Promise<void> {
  const names = await filesOf(folder, format);
  const wanted = cifarFiles(format);
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const message = say`${folder} lacks ${missing.join(', ')} of the binary version of the data set`;
  throw new AppError('data.read', `${message}; ${whereToGet(format)}`);
}

/** Names in the folder. */
async function filesOf(folder: string, format: CifarFormat): Promise<string[]> {
  if (!(await stat(folder)).isDirectory()) {
    const message = say`${folder} is a file; unpack it, and write the folder that it has as \`path\``;
    throw new AppError('data.read', `${message}; ${whereToGet(format)}`);
  }
  return readdir(folder);
}

function whereToGet(format: CifarFormat): string {
  const archive = `${format.replace('cifar', 'cifar-')}-binary.tar.gz`;
  return say`they are in ${archive} from https://www.cs.toronto.edu/~kriz/cifar.html`;
}

/** One a line; empty lines at the end. */
async function readNames(files: FileBytes, file: string): Promise<string[]> {
  const text = new TextDecoder().decode(await files.read(file));
  const names = text.split(/\r?\n/).filter((name) => name !== '');
  if (names.length < 2) throw unreadable(file, say('it names no classes'));
  return names;
}

interface Wanted {
  readonly labelBytes: number;
  /** Which of the label bytes. */
  readonly label: number;
  readonly classes: number;
}

/** Turns planes of colours into pixels of three. */
function unpack(bytes: Uint8Array, file: string, { labelBytes, label, classes }: Wanted): Samples {
  const record = labelBytes + channels * plane;
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    throw unreadable(
      file,
      say`${bytes.length} bytes are no whole number of records of ${record}; was it cut?`,
    );
  }
  const x = new Uint8Array(count * channels * plane);
  const y = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const start = i * record + labelBytes;
    y[i] = bytes[i * record + label]!;
    if (y[i]! >= classes)
      throw unreadable(
        file,
        say`image ${i} has the label ${y[i]!}, and there are ${classes} classes`,
      );
    for (let channel = 0; channel < channels; channel++) {
      const from = start + channel * plane;
      const to = i * channels * plane + channel;
      for (let pixel = 0; pixel < plane; pixel++) x[to + pixel * channels] = bytes[from + pixel]!;
    }
  }
  return { count, x, y };
}

function joined(batches: readonly Samples[]): Samples {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const x = new Uint8Array(count * channels * plane);
  const y = new Int32Array(count);
  let at = 0;
  for (const batch of batches) {
    x.set(batch.x, at * channels * plane);
    y.set(batch.y, at);
    at += batch.count;
  }
  return { count, x, y };
}
