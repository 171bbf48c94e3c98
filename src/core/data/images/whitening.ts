/**
 * ZCA whitening as ImageDataGenerator does it (Krizhevsky 2009, appendix A): the matrix U (L + epsilon)^-1/2 U^T of the
 * covariance U L U^T of all values of an image, which makes them uncorrelated and changes them as little as can be.
 */
import type { Whitening } from '../../graph/model.ts';
import { symmetricEigen, type EigenWatch } from './symmetricEigen.ts';

/** Of an image: the matrix has the square of it. */
export const mostWhitenedValues = 4096;
const mostImages = 10_000;

export interface WhiteningInput {
  readonly images: number;
  /** Of one image. */
  readonly values: number;
  /** Writes image i, standardised, into `target`. */
  readonly read: (i: number, target: Float64Array) => void;
  readonly epsilon: number;
}

export interface WhiteningWatch extends EigenWatch {
  /** Called now and then with the share that is done; may wait. */
  readonly pause: Pause;
}

type Pause = (done: number) => Promise<void>;

/**
 * From at most 10,000 images, evenly taken. The signs of the eigenvectors cancel out, so the matrix is the same whichever
 * are found; and a run keeps it (preprocessing.json), so that resuming it measures nothing again.
 */
export async function fitWhitening(
  input: WhiteningInput,
  { pause, ...watch }: WhiteningWatch,
): Promise<Whitening> {
  const { values: n, read, epsilon } = input;
  const images = Math.min(input.images, mostImages);
  const place = (i: number): number => Math.floor((i * input.images) / images);
  const covariance = await gram(
    n,
    images,
    (i, row) => read(place(i), row),
    (d) => pause(d * 0.5),
  );
  for (let i = 0; i < n * n; i++) covariance[i]! /= images;
  const { values, vectors } = await symmetricEigen({ matrix: covariance, n }, watch);
  // Rounding may make a variance of zero a little less than that.
  const scale = values.map((value) => (Math.max(value, 0) + epsilon) ** -0.25);
  const readVector = (i: number, row: Float64Array) => {
    for (let j = 0; j < n; j++) row[j] = vectors[i * n + j]! * scale[i]!;
  };
  const matrix = await gram(n, n, readVector, (d) => pause(0.9 + d * 0.1));
  return { values: n, matrix: toBase64(Float32Array.from(matrix)) };
}

/** The matrix as the device gets it. */
export function whiteningMatrix({ matrix }: Whitening): Float32Array {
  const bytes = Buffer.from(matrix, 'base64');
  const values = new Float32Array(bytes.length / 4);
  for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(i * 4);
  return values;
}

function toBase64(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return bytes.toString('base64');
}

/** Rows multiplied at a time. */
const block = 16;

/** X^T X of `rows` rows of n numbers, [n, n], row-major. */
async function gram(
  n: number,
  rows: number,
  read: (row: number, target: Float64Array) => void,
  pause: Pause,
): Promise<Float64Array> {
  const sums = new Float64Array(n * n);
  const row = new Float64Array(n);
  const lanes = new Float64Array(n * block);
  for (let first = 0; first < rows; first += block) {
    await pause(first / rows);
    lanes.fill(0);
    for (let k = 0; k < block && first + k < rows; k++) {
      read(first + k, row);
      for (let j = 0; j < n; j++) lanes[j * block + k] = row[j]!;
    }
    addProducts(sums, lanes, n);
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sums[i * n + j] = sums[j * n + i]!;
  return sums;
}

/** Above the diagonal only. */
function addProducts(sums: Float64Array, lanes: Float64Array, n: number): void {
  const own = new Float64Array(block);
  for (let i = 0; i < n; i++) {
    own.set(lanes.subarray(i * block, (i + 1) * block));
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0, at = j * block; k < block; k++, at++) sum += own[k]! * lanes[at]!;
      sums[i * n + j]! += sum;
    }
  }
}
