import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { prepareData } from '../../../../src/core/data/prepareData.ts';
import type { PrepareResult } from '../../../../src/core/data/preparation.ts';
import { parseConfig } from '../../../../src/shared/model/parseConfig.ts';
import { assertClose } from '../../../kit/close.ts';
import {
  cifar10Files,
  idxFiles,
  npyFile,
  npzFile,
  pngFile,
  writeFiles,
} from '../../../kit/imageFiles.ts';
import { temporaryFolder } from '../../../kit/temporaryFolder.ts';
import { brief } from '../dataKit.ts';

const rest = `model: [Flatten, {type: Dense, units: 3, activation: softmax}]
training: {epochs: 1, optimizer: SGD, loss: sparse_categorical_crossentropy}`;

describe('prepared images', () => {
  const folder = temporaryFolder();

  async function prepare(yaml: string, task = 'image_classification'): Promise<PrepareResult> {
    const text = `task: ${task}\nseed: 5\ndata: {${yaml}}\n${rest}`;
    const configFile = path.join(folder(), 'a.train.yaml');
    const { config, document, diagnostics } = parseConfig(text, configFile);
    assert.ok(config, diagnostics.map(brief).join('\n'));
    return prepareData({ config, document, configFile });
  }

  /** Ten images of a pixel each, the pixel is the image's number; labels 0, 1, 2, 0, ... */
  function writeTen(): void {
    const labels = Array.from({ length: 10 }, (_, i) => i % 3);
    const x = Uint8Array.from({ length: 10 }, (_, i) => i);
    writeFiles(folder(), {
      'ten.npz': npzFile({
        x_train: npyFile(x, [10, 1, 1, 1]),
        y_train: npyFile(Int32Array.from(labels), [10]),
      }),
    });
  }

  it('are shared out by seed, each image in one part, labels with their images', async () => {
    writeTen();
    const yaml = 'path: ten.npz, split: {train: 0.5, validation: 0.3, test: 0.2}';
    const { data, diagnostics } = await prepare(yaml);
    assert.deepEqual(diagnostics, []);
    const { train, validation, test, source } = data!;
    assert.deepEqual([train.rows, validation.rows, test?.rows, source.rows], [5, 3, 2, 10]);
    const all = [train, validation, test!].flatMap(({ x }) => [...x]);
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    for (const { x, y } of [train, validation, test!]) {
      assert.deepEqual(
        [...y],
        [...x].map((image) => image % 3),
      );
    }
    assert.deepEqual((await prepare(yaml)).data!.train.x, train.x);
    const other = await prepare(`${yaml.slice(0, -1)}, seed: 6}`);
    assert.notDeepEqual(other.data!.train.x, train.x);
  });

  it('keep their test part for the end, or validate on it', async () => {
    writeFiles(path.join(folder(), 'c'), cifar10Files());
    const kept = (await prepare('format: cifar10, path: c, split: {validation: 0.2}')).data!;
    assert.deepEqual([kept.train.rows, kept.validation.rows, kept.test?.rows], [8, 2, 2]);
    const used = (await prepare('format: cifar10, path: c, validation: test, limit: 4')).data!;
    assert.deepEqual([used.train.rows, used.validation.rows, used.test], [4, 2, null]);
    assert.deepEqual([...used.train.y], [0, 1, 2, 0]);
    assert.deepEqual(used.target, {
      kind: 'classes',
      classes: 3,
      names: ['airplane', 'automobile', 'bird'],
    });
  });

  it('keep their bytes and say how the model scales them', async () => {
    writeFiles(path.join(folder(), 'c'), cifar10Files());
    const { data } = await prepare('format: cifar10, path: c');
    assert.ok(data!.train.x instanceof Uint8Array);
    assert.deepEqual(data!.inputScale, { dtype: 'u8', divisor: 255, mean: [0], std: [1] });
    const torch = 'normalize: {divide_by: 255, mean: [0.5, 0.4, 0.3], std: 0.5}';
    const scaled = await prepare(`format: cifar10, path: c, ${torch}`);
    assert.deepEqual(scaled.data!.inputScale, {
      dtype: 'u8',
      divisor: 255,
      mean: [0.5, 0.4, 0.3],
      std: [0.5],
    });
  });

  it('are measured on the training part, each channel by itself', async () => {
    // Two values a channel: the first channel 10 and 30, the second 5 throughout.
    const x = Uint8Array.of(10, 5, 30, 5, 10, 5, 30, 5, 200, 200, 200, 200);
    writeFiles(folder(), {
      'two.npz': npzFile({
        x_train: npyFile(x.subarray(0, 8), [4, 1, 1, 2]),
        y_train: npyFile(Int32Array.of(0, 1, 0, 1), [4]),
        x_test: npyFile(x.subarray(8), [2, 1, 1, 2]),
        y_test: npyFile(Int32Array.of(0, 1), [2]),
      }),
    });
    const measured = 'featurewise_center: true, featurewise_std_normalization: true';
    const yaml = (keys: string) =>
      `path: two.npz, validation: test, normalize: {divide_by: 10, ${keys}}`;
    const { data } = await prepare(yaml(measured));
    assertClose(data!.inputScale!.mean, [2, 0.5], { relative: 1e-12 });
    assertClose(data!.inputScale!.std, [1 + 1e-6, 1e-6], { relative: 1e-9 });
    // Each image by itself first: 1 and -1 of the first two values, and so on.
    const own = await prepare(yaml(`samplewise_center: true, ${measured}`));
    assert.deepEqual(own.data!.inputScale!.samplewise, { center: true, std: false });
    assertClose(own.data!.inputScale!.mean, [0.75, -0.75], { relative: 1e-12 });
    const { diagnostics } = await prepare(yaml('featurewise_center: true, mean: 3'));
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ['`featurewise_center` measures the `mean`, which is given too'],
    );
  });

  it('stratify by class', async () => {
    writeTen();
    const { data } = await prepare('path: ten.npz, split: {train: 0.7, stratify: true}');
    assert.deepEqual([...data!.validation.y].sort(), [0, 1, 2]);
  });

  it('may have numbers to predict', async () => {
    writeTen();
    const { data } = await prepare('path: ten.npz', 'regression');
    assert.deepEqual(data!.target, { kind: 'numbers', width: 1 });
    assert.ok(data!.train.y instanceof Float32Array);
  });

  it('warn of a class without images', async () => {
    for (const name of ['cat/a.png', 'cat/b.png', 'dog/a.png', 'dog/b.png', 'fox/a.txt']) {
      writeFiles(folder(), { [name]: pngFile({ height: 2, width: 2 }, () => [1, 2, 3]) });
    }
    const { diagnostics } = await prepare('format: images, path: .');
    assert.deepEqual(diagnostics.map(brief), [
      'a.train.yaml:3:30 warning data.emptyClass the folder fox has no PNG or JPEG files, so it is no class (put images in it, or remove it)',
    ]);
  });

  const wrong: readonly [what: string, yaml: string, expected: string][] = [
    [
      'crops that are larger than the images',
      'path: ten.npz, augmentation: [{type: RandomCrop, height: 1, width: 2}]',
      '3:75 error data.cropTooLarge RandomCrop takes 1 x 2 pixels out of images of 1 x 1 (crop less, or make the images larger with `image_size`)',
    ],
    [
      'fillings that are no pixels',
      'path: ten.npz, augmentation: [{type: RandomRotation, factor: 0.1, fill_mode: constant, cval: 300}]',
      '3:101 error config.outOfRange `cval` is 300, and the pixels of these images go from 0 to 255 (give a number in between)',
    ],
    [
      'files that are missing',
      'path: none.npz',
      '3:14 error data.read cannot read $/none.npz: there is no such file or folder (ENOENT)',
    ],
    [
      'too few class names',
      'path: ten.npz, class_names: [a, b]',
      '3:36 error data.classNames `class_names` has 2 names for 3 classes',
    ],
    [
      'a name for two classes',
      'path: ten.npz, class_names: [a, b, a]',
      '3:36 error data.classNames two classes have the name "a"',
    ],
    [
      'a test part they have not',
      'path: ten.npz, validation: test',
      '3:35 error data.noTestPart the data have no test part of their own (remove `validation: test`, or give shares under `split`)',
    ],
    [
      'means for other channels',
      'path: ten.npz, normalize: {mean: [1, 2, 3]}',
      '3:41 error data.channels `mean` has 3 values; the images have 1 channels',
    ],
    [
      'a split by a column',
      'path: ten.npz, split: {by: part}',
      '3:35 error config.conflict `split.by` is for tables (remove it)',
    ],
    [
      'labels that are no classes',
      'path: floats.npz',
      '3:14 error data.labels the label 0.5 is no class: classes are whole numbers from 0',
    ],
    [
      'one class only',
      'path: one-idx3-ubyte, labels: labels',
      '3:14 error data.labels all images are of one class: there is nothing to learn',
    ],
  ];

  for (const [what, yaml, expected] of wrong) {
    it(`refuse ${what}, at its place in the config`, async () => {
      writeTen();
      mkdirSync(path.join(folder(), 'empty'));
      const { images, labels } = idxFiles([0, 0], 2);
      writeFiles(folder(), {
        'floats.npz': npzFile({
          x: npyFile(Uint8Array.of(1, 2), [2, 1]),
          y: npyFile(Float32Array.of(0.5, 1), [2]),
        }),
        'one-idx3-ubyte': images,
        labels,
      });
      const { data, diagnostics } = await prepare(yaml);
      assert.equal(data, null);
      const found = diagnostics.map((d) => brief(d).replaceAll(folder(), '$'));
      assert.deepEqual(found, [`a.train.yaml:${expected}`]);
    });
  }
});
