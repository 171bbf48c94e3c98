/**
 * IDX files, those of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the number of axes, the
 * length of each as a big-endian 32-bit number, then the values.
 */
import { say } from '../../../shared/language.ts';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { fileBytes, isThere, unreadable, type FileBytes } from './readBytes.ts';
import type { ReadSamplesOptions, Samples, SampleSet } from './samples.ts';

const unsignedByte = 0x08;

export interface IdxPlace {
  /** A file of images, or a folder with files under the names that MNIST has. */
  readonly place: string;
  /** Null: the file beside that of the images. */
  readonly labels: string | null;
}

/** @throws AppError `data.read` that names the file. */
export async function readIdx(
  { place, labels }: IdxPlace,
  { signal }: ReadSamplesOptions,
): Promise<SampleSet> {
  const files = fileBytes(signal);
  const isFolder = (await stat(place)).isDirectory();
  const names = isFolder ? await readdir(place) : [];
  const inFolder = (start: string): string | null => {
    const name = names.find((n) => n.startsWith(start) && /idx3-ubyte(?:\.gz)?$/.test(n));
    return name === undefined ? null : path.join(place, name);
  };
  const trainFile = isFolder ? inFolder('train-images') : place;
  if (trainFile === null) {
    const found = names.filter((name) => name.includes('idx'));
    const message =
      found.length === 0
        ? say`${place} has no IDX files; it needs train-images-idx3-ubyte and train-labels-idx1-ubyte, packed (.gz) or not`
        : say`${place} has no train-images-idx3-ubyte(.gz), only ${found.join(', ')}; name one file as path`;
    throw new AppError('data.read', message);
  }
  const train = await readPair(files, trainFile, labels);
  const testFile = isFolder ? inFolder('t10k-images') : null;
  const test = testFile === null ? null : await readPair(files, testFile, null);
  if (test !== null && test.shape.join() !== train.shape.join()) {
    throw unreadable(
      testFile!,
      say`its images are ${test.shape.join(' x ')}, not ${train.shape.join(' x ')}`,
    );
  }
  return { shape: train.shape, train, test, names: null, sha256: files.sha256() };
}

async function readPair(
  files: FileBytes,
  imageFile: string,
  labels: string | null,
): Promise<Samples & { readonly shape: readonly number[] }> {
  const labelFile = labels ?? (await labelsBeside(imageFile));
  const images = parseIdx(await files.read(imageFile), imageFile, 3);
  const targets = parseIdx(await files.read(labelFile), labelFile, 1);
  const [count = 0, height = 0, width = 0] = images.lengths;
  if (targets.lengths[0] !== count) {
    throw unreadable(labelFile, say`it has ${targets.lengths[0]!} labels for ${count} images`);
  }
  const y = Int32Array.from(targets.values);
  return { shape: [height, width, 1], count, x: images.values, y };
}

/** `train-images-idx3-ubyte.gz` has its labels in `train-labels-idx1-ubyte.gz`. */
async function labelsBeside(file: string): Promise<string> {
  const name = path.basename(file);
  const other = name.replace('images', 'labels').replace('idx3', 'idx1');
  const beside = path.join(path.dirname(file), other);
  // Of a pair, one may have been unpacked.
  const unpacked = beside.replace(/\.gz$/, '');
  for (const place of [beside, unpacked, `${unpacked}.gz`]) {
    if (other !== name && (await isThere(place))) return place;
  }
  throw new AppError('data.read', say`say where the labels of ${file} are: data.labels`);
}

function parseIdx(bytes: Uint8Array, file: string, axes: number) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
    const due = `00 00 08 0${axes}`;
    throw unreadable(
      file,
      say`it is no IDX file: it begins with ${start.join(' ') || '-'}, not with ${due}`,
    );
  }
  if (bytes[2] !== unsignedByte) throw unreadable(file, say('its values are no unsigned bytes'));
  if (bytes[3] !== axes) {
    const reason = axes === 1 ? say('labels have one axis') : say('images have three axes');
    throw unreadable(file, say`it has ${bytes[3]!} axes, and ${reason}: is it the right file?`);
  }
  if (bytes.length < 4 + 4 * axes) throw unreadable(file, say('it is cut; get it again'));
  const lengths = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const values = bytes.subarray(4 + 4 * axes);
  const expected = lengths.reduce((a, b) => a * b);
  if (values.length !== expected) {
    throw unreadable(
      file,
      say`it has ${values.length} values where ${lengths.join(' x ')} are due`,
    );
  }
  return { lengths, values };
}
