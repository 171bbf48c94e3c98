/**
 * IDX files, those of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, the number of axes, the
 * length of each as a big-endian 32-bit number, then the values.
 */
import { say } from '../../../shared/language.ts';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { fileBytes, unreadable, type FileBytes } from './readBytes.ts';
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
    const found =
      names.filter((name) => name.includes('idx')).join(', ') || say('none of that form');
    const message = say`${place} has no train-images-idx3-ubyte(.gz), only ${found}; name one file as path`;
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
  const labelFile = labels ?? labelsBeside(imageFile);
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
function labelsBeside(file: string): string {
  const name = path.basename(file);
  const other = name.replace('images', 'labels').replace('idx3', 'idx1');
  if (other === name) {
    throw new AppError('data.read', say`say where the labels of ${file} are: data.labels`);
  }
  return path.join(path.dirname(file), other);
}

function parseIdx(bytes: Uint8Array, file: string, axes: number) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 + 4 * axes || view.getUint16(0) !== 0) {
    throw unreadable(file, say('it is no IDX file'));
  }
  if (bytes[2] !== unsignedByte) throw unreadable(file, say('its values are no unsigned bytes'));
  if (bytes[3] !== axes) throw unreadable(file, say`it has ${bytes[3]!} axes, expected ${axes}`);
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
