/** Every image format, from small files in its true form. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { publicSet } from '../../../../src/core/data/images/publicSets.ts';
import { readSamples } from '../../../../src/core/data/images/readSamples.ts';
import type { SampleSet } from '../../../../src/core/data/images/samples.ts';
import { parseConfig } from '../../../../src/shared/model/parseConfig.ts';
import type { ImageData } from '../../../../src/shared/model/imageData.ts';
import {
  cifar10Files,
  cifarBatch,
  cifarNames,
  idxFiles,
  jpegFile,
  npyFile,
  npzFile,
  pixelAt,
  pngFile,
  tarGz,
  writeFiles,
} from '../../../kit/imageFiles.ts';
import { temporaryFolder } from '../../../kit/temporaryFolder.ts';

const rest = `model: [Flatten, {type: Dense, units: 3, activation: softmax}]
training: {epochs: 1, optimizer: SGD, loss: sparse_categorical_crossentropy}`;

function dataOf(yaml: string): ImageData {
  const text = `task: image_classification\ndata: {${yaml}}\n${rest}`;
  const { config, diagnostics } = parseConfig(text, 'a.train.yaml');
  assert.ok(config, diagnostics.map(({ message }) => message).join('\n'));
  return config.data as ImageData;
}

describe('images', () => {
  const folder = temporaryFolder();

  async function read(yaml: string): Promise<SampleSet> {
    const { samples } = await readSamples({
      data: dataOf(yaml),
      folder: folder(),
      onProgress: () => undefined,
      signal: undefined,
      download: {},
    });
    return samples;
  }

  /** Of a set whose pixels are those of `pixelAt`. */
  function assertPixels({ shape, train }: SampleSet, image: number, stored = image): void {
    const [height, width, channels] = shape as [number, number, number];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          const found = train.x[((stored * height + y) * width + x) * channels + c];
          assert.equal(found, pixelAt(image, y, x, c), `image ${image} at ${y}, ${x}, ${c}`);
        }
      }
    }
  }

  it('of CIFAR-10: planes become pixels, in the order of the batches', async () => {
    writeFiles(path.join(folder(), 'bin'), cifar10Files());
    const set = await read('format: cifar10, path: bin');
    assert.deepEqual(set.shape, [32, 32, 3]);
    assert.deepEqual([...set.train.y], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    assert.deepEqual([...set.test!.y], [1, 2]);
    assert.deepEqual(set.names, cifarNames);
    for (const image of [0, 3, 9]) assertPixels(set, image);
    assert.match(set.sha256, /^[0-9a-f]{64}$/);
  });

  it('of CIFAR-100, with fine or coarse labels', async () => {
    writeFiles(path.join(folder(), 'bin'), {
      'train.bin': cifarBatch(0, [
        [1, 2],
        [0, 1],
      ]),
      'test.bin': cifarBatch(2, [[1, 0]]),
      'fine_label_names.txt': Buffer.from('apple\nbear\nbed\n'),
      'coarse_label_names.txt': Buffer.from('fruit\nmammal\n'),
    });
    const fine = await read('format: cifar100, path: bin');
    assert.deepEqual(
      [[...fine.train.y], fine.names],
      [
        [2, 1],
        ['apple', 'bear', 'bed'],
      ],
    );
    assertPixels(fine, 1);
    const coarse = await read('format: cifar100, path: bin, labels: coarse');
    assert.deepEqual(
      [[...coarse.train.y], coarse.names],
      [
        [1, 0],
        ['fruit', 'mammal'],
      ],
    );
  });

  it('of IDX files, packed or not, alone or in a folder', async () => {
    const train = idxFiles([3, 1, 2], 5);
    const test = idxFiles([0], 5);
    writeFiles(folder(), {
      'train-images-idx3-ubyte': train.images,
      'train-labels-idx1-ubyte': train.labels,
      't10k-images-idx3-ubyte.gz': gzipSync(test.images),
      't10k-labels-idx1-ubyte.gz': gzipSync(test.labels),
    });
    const all = await read('format: idx, path: .');
    assert.deepEqual(all.shape, [5, 5, 1]);
    assert.deepEqual([[...all.train.y], [...all.test!.y]], [[3, 1, 2], [0]]);
    assertPixels(all, 2);
    const one = await read('path: t10k-images-idx3-ubyte.gz');
    assert.deepEqual([[...one.train.y], one.test], [[0], null]);
  });

  it('of folders by class: PNG and JPEG, by their content', async () => {
    const red = pngFile({ height: 2, width: 3 }, (y, x) => [200 + x, 10 * y, 5]);
    const grey = jpegFile({ height: 2, width: 3 }, [90, 90, 90]);
    writeFiles(folder(), {
      'train/red/a.png': red,
      'train/red/deeper/b.PNG': red,
      'train/grey/c.png': grey,
      'test/grey/d.jpg': grey,
      'train/.hidden/e.png': red,
      'train/red/notes.txt': Buffer.from('no image'),
    });
    const set = await read('format: images, path: .');
    assert.deepEqual(set.names, ['grey', 'red']);
    assert.deepEqual(set.shape, [2, 3, 3]);
    assert.deepEqual([[...set.train.y], [...set.test!.y]], [[0, 1, 1], [0]]);
    const size = 18;
    assert.ok(set.train.x.subarray(0, size).every((value) => Math.abs(value - 90) <= 2));
    assert.deepEqual(
      [...set.train.x.subarray(size, 2 * size)],
      [200, 0, 5, 201, 0, 5, 202, 0, 5, 200, 10, 5, 201, 10, 5, 202, 10, 5],
    );
  });

  it('of a CSV file of paths and labels, resized, in grey', async () => {
    const wide = pngFile({ height: 2, width: 4 }, () => [255, 0, 0]);
    const tall = pngFile({ height: 6, width: 3 }, () => [0, 0, 255]);
    writeFiles(folder(), {
      'pictures/a.png': wide,
      'pictures/b.png': tall,
      'list.csv': Buffer.from('file,what\npictures/a.png,1\npictures/b.png,0\n'),
    });
    const set = await read(
      'format: images, path: list.csv, image_column: file, label_column: what, image_size: [2, 2], color_mode: grayscale',
    );
    assert.deepEqual(
      [set.shape, set.names],
      [
        [2, 2, 1],
        ['0', '1'],
      ],
    );
    assert.deepEqual([...set.train.y], [1, 0]);
    // ITU-R BT.601: 0.299 of red, 0.114 of blue.
    assert.deepEqual([...set.train.x], [76, 76, 76, 76, 29, 29, 29, 29]);
  });

  it('of NumPy arrays', async () => {
    const x = Uint8Array.from({ length: 12 }, (_, i) => i);
    const floats = Float32Array.from({ length: 6 }, (_, i) => i / 4);
    writeFiles(folder(), {
      'both.npz': npzFile({
        x_train: npyFile(x, [3, 2, 2]),
        y_train: npyFile(Int32Array.of(1, 0, 1), [3, 1]),
        x_test: npyFile(x.slice(0, 4), [1, 2, 2]),
        y_test: npyFile(Int32Array.of(0), [1]),
      }),
      'x.npy': npyFile(floats, [3, 2]),
      'y.npy': npyFile(Int32Array.of(0, 1, 2), [3]),
    });
    const both = await read('path: both.npz');
    assert.deepEqual([both.shape, both.train.count, both.test?.count], [[2, 2], 3, 1]);
    assert.deepEqual([both.train.x, [...both.train.y]], [x, [1, 0, 1]]);
    const single = await read('path: x.npy, labels: y.npy');
    assert.deepEqual([single.shape, single.train.x], [[2], floats]);
  });

  const broken: readonly [
    what: string,
    yaml: string,
    files: () => Readonly<Record<string, Uint8Array>>,
    message: RegExp,
  ][] = [
    [
      'a folder that is not there',
      'format: images, path: no',
      () => ({}),
      /no file or folder .*no$/,
    ],
    [
      'one image for all',
      'format: images, path: a.png',
      () => ({ 'a.png': pngFile({ height: 2, width: 2 }, () => [1, 2, 3]) }),
      /a\.png: it is one image; name a folder/,
    ],
    [
      'arrays for image files',
      'format: images, path: a.npz',
      () => ({ 'a.npz': Buffer.alloc(3) }),
      /a\.npz: it is no image data of `format: images`: name a folder, or a CSV file/,
    ],
    [
      'a list with an image that is not there',
      'format: images, path: l.csv',
      () => ({ 'l.csv': Buffer.from('path,label\nno.png,x\n') }),
      /cannot read .*no\.png: .*\(ENOENT\); row 1 of .*l\.csv/,
    ],
    [
      'an archive of CIFAR in place of its folder',
      'format: cifar10, path: a.tar.gz',
      () => ({ 'a.tar.gz': Buffer.alloc(9) }),
      /a\.tar\.gz is a file; unpack it, .*cifar-10-binary\.tar\.gz from https:/,
    ],
    [
      'IDX files that are no whole gzip files',
      'format: idx, path: a, labels: a',
      () => ({ a: gzipSync(idxFiles([1, 2], 3).images).subarray(0, 30) }),
      /a: it is packed with gzip and damaged or cut/,
    ],
    [
      'IDX labels in place of images',
      'format: idx, path: b, labels: b',
      () => ({ b: idxFiles([1, 2], 3).labels }),
      /b: it has 1 axes, and images have three axes: is it the right file\?/,
    ],
    [
      'a folder without IDX files',
      'format: idx, path: .',
      () => ({ 'a.txt': Buffer.alloc(1) }),
      /has no IDX files; it needs train-images-idx3-ubyte and train-labels/,
    ],
    [
      'an array that was cut',
      'path: x.npy, labels: y.npy',
      () => ({
        'x.npy': npyFile(new Uint8Array(200), [100, 2]).subarray(0, 180),
        'y.npy': npyFile(new Uint8Array(100), [100]),
      }),
      /x\.npy: it has \d+ values where 100 x 2 are due/,
    ],
    [
      'numbers that are none',
      'path: a.npz',
      () => ({
        'a.npz': npzFile({
          x: npyFile(Float32Array.of(1, 2, NaN, 4), [2, 2]),
          y: npyFile(Int32Array.of(0, 1), [2]),
        }),
      }),
      /a\.npz: x: sample 1 has the value NaN; replace it/,
    ],
    [
      'CIFAR files that are missing',
      'format: cifar10, path: .',
      () => ({ 'test_batch.bin': Buffer.alloc(1) }),
      /lacks data_batch_1\.bin, .*batches\.meta\.txt of the binary version/,
    ],
    [
      'a CIFAR file that was cut',
      'format: cifar10, path: .',
      () => ({ ...cifar10Files(), 'data_batch_2.bin': Buffer.alloc(100) }),
      /data_batch_2\.bin: 100 bytes are no whole number of records of 3073/,
    ],
    [
      'a label beyond the names',
      'format: cifar10, path: .',
      () => ({ ...cifar10Files(), 'data_batch_1.bin': cifarBatch(0, [[7]]) }),
      /image 0 has the label 7, and there are 3 classes/,
    ],
    [
      'what is no IDX file',
      'format: idx, path: a, labels: a',
      () => ({ a: Buffer.alloc(40, 1) }),
      /a: it is no IDX file: it begins with 01 01 01 01, not with 00 00 08 03/,
    ],
    [
      'IDX labels for other images',
      'format: idx, path: a, labels: b',
      () => ({ a: idxFiles([1, 2], 3).images, b: idxFiles([1], 3).labels }),
      /b: it has 1 labels for 2 images/,
    ],
    [
      'IDX images without labels',
      'format: idx, path: a',
      () => ({ a: idxFiles([1, 2], 3).images }),
      /say where the labels of .*a are: data\.labels/,
    ],
    [
      'a folder without classes',
      'format: images, path: .',
      () => ({ 'a.png': Buffer.alloc(3) }),
      /has no folders/,
    ],
    [
      'classes without images',
      'format: images, path: .',
      () => ({ 'cat/a.txt': Buffer.alloc(3) }),
      /there are no PNG or JPEG files/,
    ],
    [
      'a file that is no image',
      'format: images, path: .',
      () => ({ 'cat/a.png': Buffer.from('GIF89a') }),
      /a\.png: it is neither PNG nor JPEG/,
    ],
    [
      'an image that was cut',
      'format: images, path: .',
      () => ({ 'cat/a.png': pngFile({ height: 9, width: 9 }, () => [1, 2, 3]).subarray(0, 50) }),
      /a\.png: the image is damaged/,
    ],
    [
      'images of several sizes',
      'format: images, path: .',
      () => ({
        'cat/a.png': pngFile({ height: 2, width: 3 }, () => [1, 2, 3]),
        'dog/b.png': pngFile({ height: 3, width: 3 }, () => [1, 2, 3]),
      }),
      /b\.png: it is 3 x 3, not 2 x 3 as .*a\.png; set image_size: \[2, 3\]/,
    ],
    [
      'a CSV file without the column',
      'format: images, path: l.csv',
      () => ({ 'l.csv': Buffer.from('file,label\na.png,1\n') }),
      /l\.csv cannot be read/,
    ],
    [
      'an archive without the arrays',
      'path: a.npz',
      () => ({ 'a.npz': npzFile({ z: npyFile(Uint8Array.of(1), [1]) }) }),
      /it has z; x_train and y_train are needed, or x and y/,
    ],
    [
      'what is no archive',
      'path: a.npz',
      () => ({ 'a.npz': Buffer.from('no') }),
      /it is no npz file/,
    ],
    [
      'arrays of other lengths',
      'path: x.npy, labels: y.npy',
      () => ({
        'x.npy': npyFile(Uint8Array.of(1, 2), [2, 1]),
        'y.npy': npyFile(Uint8Array.of(1), [1]),
      }),
      /y\.npy: it has 1 labels for 2 samples/,
    ],
  ];

  for (const [what, yaml, files, message] of broken) {
    it(`refuse ${what}`, async () => {
      writeFiles(folder(), files());
      await assert.rejects(read(yaml), { message });
    });
  }

  it('of a public set are downloaded and unpacked once', async () => {
    const archive = await tarGz('cifar-10-batches-bin', cifar10Files());
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const sha256 = createHash('sha256').update(archive).digest('hex');
    const url = `http://127.0.0.1:${port}/cifar-10-binary.tar.gz`;
    const options = { directory: folder(), allowLoopback: true };
    try {
      const bad = publicSet('cifar10', { ...options, source: { url, sha256: '0'.repeat(64) } });
      await assert.rejects(bad, {
        code: 'data.download',
        message: /checksum is .*put its folder cifar-10-batches-bin into /,
      });
      const place = await publicSet('cifar10', { ...options, source: { url, sha256 } });
      assert.equal(place, path.join(folder(), 'cifar-10-batches-bin'));
      assert.equal(await publicSet('cifar10', { ...options, source: { url, sha256 } }), place);
      assert.equal(asked, 2);
    } finally {
      server.close();
    }
    const set = await read('format: cifar10, path: cifar-10-batches-bin');
    assert.equal(set.train.count, 10);
  });
});
