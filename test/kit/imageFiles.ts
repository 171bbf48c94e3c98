/** Small image data in the true formats, for tests. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { dump } from 'npyjs';
import { PNG } from 'pngjs';
import { pack } from 'tar-stream';

/** A byte for every place, so that a value read from the wrong one is seen. */
export function pixelAt(image: number, y: number, x: number, channel: number): number {
  return (image * 131 + y * 17 + x * 7 + channel * 61) % 256;
}

/** Records of CIFAR: label bytes, then planes of 32 x 32. */
export function cifarBatch(
  first: number,
  labels: readonly (readonly number[])[],
  pixel: typeof pixelAt = pixelAt,
): Buffer {
  const records = labels.map((label, i) => {
    const planes = [0, 1, 2].flatMap((channel) =>
      Array.from({ length: 1024 }, (_, at) => pixel(first + i, at >> 5, at & 31, channel)),
    );
    return Buffer.from([...label, ...planes]);
  });
  return Buffer.concat(records);
}

export const cifarNames = ['airplane', 'automobile', 'bird'];

/** Two images a batch; image n has the label n % 3. */
export function cifar10Files(): Readonly<Record<string, Buffer>> {
  const batch = (n: number) => cifarBatch(2 * n, [[(2 * n) % 3], [(2 * n + 1) % 3]]);
  const batches = [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, batch(n - 1)] as const);
  return {
    ...Object.fromEntries(batches),
    'test_batch.bin': batch(5),
    'batches.meta.txt': Buffer.from(`${cifarNames.join('\n')}\n\n`),
  };
}

/** The config of a sample, told to find the data set beside itself. */
export function cifarSample(name: 'cifar10-net' | 'cifar10-keras'): string {
  const file = path.resolve(import.meta.dirname, `../../samples/${name}/${name}.train.yaml`);
  const found = 'format: cifar10\n  path: cifar-10-batches-bin\n ';
  return readFileSync(file, 'utf8').replace('format: cifar10', found);
}

export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

/** An archive as the author's site has it: the files in one folder. */
export async function tarGz(
  folder: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<Buffer> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) {
    archive.entry({ name: `${folder}/${name}` }, bytes);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

/** Images of `size` x `size` and their labels, as MNIST has them. */
export function idxFiles(labels: readonly number[], size: number) {
  const header = (axes: readonly number[]) => {
    const bytes = Buffer.alloc(4 + 4 * axes.length);
    bytes.set([0, 0, 8, axes.length]);
    axes.forEach((length, i) => bytes.writeUInt32BE(length, 4 + 4 * i));
    return bytes;
  };
  const pixels = labels.flatMap((_, image) =>
    Array.from({ length: size * size }, (__, at) =>
      pixelAt(image, Math.floor(at / size), at % size, 0),
    ),
  );
  return {
    images: Buffer.concat([header([labels.length, size, size]), Buffer.from(pixels)]),
    labels: Buffer.concat([header([labels.length]), Buffer.from(labels)]),
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

/** An RGB image whose pixels `color` gives. */
export function pngFile(
  { height, width }: Size,
  color: (y: number, x: number) => readonly [number, number, number],
): Buffer {
  const image = new PNG({ height, width });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set([...color(y, x), 255], 4 * (y * width + x));
  }
  return PNG.sync.write(image);
}

/** Of one colour: what JPEG keeps nearly as it is. */
export function jpegFile({ height, width }: Size, color: readonly number[]): Buffer {
  const data = Buffer.from(Array.from({ length: height * width }, () => [...color, 255]).flat());
  return jpeg.encode({ height, width, data }, 95).data;
}

export function npyFile(
  values: Uint8Array | Float32Array | Int32Array,
  shape: readonly number[],
): Uint8Array {
  return new Uint8Array(dump(values, [...shape]));
}

export function npzFile(arrays: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes] as const);
  return zipSync(Object.fromEntries(entries));
}
