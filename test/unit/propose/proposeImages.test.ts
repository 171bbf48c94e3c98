/** From folders of images, arrays and the files of MNIST to configs, each of which trains as it is. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { holdsImages, inspectImages } from '../../../src/core/inspect/inspectImages.ts';
import { proposeImages } from '../../../src/core/propose/images/proposeImages.ts';
import { prepareTraining } from '../../../src/core/train/prepareTraining.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { idxFiles, jpegFile, npyFile, npzFile, pngFile, writeFiles } from '../../kit/imageFiles.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';
import { brief } from '../data/dataKit.ts';

const red = () => [200, 20, 30] as const;
const grey = (y: number, x: number) =>
  [(y * 9 + x) % 256, (y * 9 + x) % 256, (y * 9 + x) % 256] as const;

type Files = Readonly<Record<string, Uint8Array>>;

/** `count` files for each class. */
function classFiles(
  classes: readonly string[],
  count: number,
  content: (i: number) => Uint8Array,
): Files {
  const names = classes.flatMap((name) =>
    Array.from({ length: count }, (_, i) => [`${name}/${i}.png`, content(i)] as const),
  );
  return Object.fromEntries(names);
}

describe('a config proposed from images', () => {
  const folder = temporaryFolder();

  /** The proposal for a file or folder, which must be without any fault of its own, and what training makes of it. */
  async function propose(place: string) {
    const text = proposeImages(await inspectImages(place, {}), folder());
    const file = path.join(folder(), 'proposed.train.yaml');
    writeFileSync(file, text);
    const { config, diagnostics } = parseConfig(text, file);
    assert.deepEqual(diagnostics.map(brief), [], text);
    const { prepared, diagnostics: found } = await prepareTraining({
      text,
      file,
      configFile: file,
    });
    // Which the proposal itself says.
    const told = ['data.emptyClass'];
    const faults = found.filter(
      ({ severity, code }) => severity !== 'info' && !told.includes(code),
    );
    assert.deepEqual(faults.map(brief), [], text);
    return { text, config: config!, data: prepared!.data };
  }

  const write = (name: string, files: Files) => writeFiles(path.join(folder(), name), files);

  it('takes small images of one size as they are, and finds that they have no colours', async () => {
    const place = write(
      'a',
      classFiles(['no', 'yes'], 6, () => pngFile({ height: 16, width: 20 }, grey)),
    );
    const { text, data } = await propose(place);
    assert.deepEqual(data.inputShape, [16, 20, 1]);
    assert.match(text, /^task: image_classification # 2 classes .*: no 6, yes 6$/m);
    assert.match(text, /All are of one size: 16 x 20 x 1/);
    assert.match(text, /color_mode: grayscale #/);
    assert.match(text, /^ {2}- \{ image: a\/no\/0\.png \}$/m);
  });

  it('resizes images of several sizes, and keeps their colours', async () => {
    const sizes = [40, 50, 60, 200];
    const files = classFiles(['a class', 'ñandú'], 8, (i) => {
      const side = sizes[i % sizes.length]!;
      return i % 2 === 0
        ? pngFile({ height: side, width: 30 }, red)
        : jpegFile({ height: side, width: 30 }, [10, 200, 90]);
    });
    const { text, data } = await propose(write('b', files));
    assert.deepEqual(data.inputShape, [64, 32, 3]);
    assert.match(
      text,
      /image_size: \[64, 32\] # one size for all: they are from 40 x 30 to 200 x 30/,
    );
    assert.match(text, /color_mode: rgb #/);
  });

  it('makes large images smaller', async () => {
    const files = classFiles(['a', 'b'], 3, () =>
      jpegFile({ height: 120, width: 160 }, [9, 9, 90]),
    );
    const { text } = await propose(write('c', files));
    assert.match(text, /image_size: \[48, 64\] # smaller than their 120 x 160/);
  });

  it('validates on a folder of that name, and keeps one of tests', async () => {
    const images = (part: string) =>
      classFiles([`${part}/a`, `${part}/b`], 5, () => pngFile({ height: 12, width: 12 }, red));
    const validated = await propose(write('v', { ...images('train'), ...images('validation') }));
    assert.match(validated.text, /^ {2}validation: test # the images in the folder validation$/m);
    assert.equal(validated.data.validation.rows, 10);
    const tested = await propose(write('t', { ...images('train'), ...images('test') }));
    assert.match(tested.text, /10 images to train on, 10 for tests\.$/m);
    assert.equal(tested.data.test?.rows, 10);
    assert.ok(tested.data.validation.rows > 0);
  });

  it('says which folders hold no images', async () => {
    const place = write(
      'd',
      classFiles(['a', 'b'], 3, () => pngFile({ height: 9, width: 9 }, red)),
    );
    mkdirSync(path.join(place, 'notes'));
    assert.match((await propose(place)).text, /# the folder notes has no PNG or JPEG files/);
  });

  it('names the metrics that see a rare class', async () => {
    const image = () => pngFile({ height: 9, width: 9 }, red);
    const files = { ...classFiles(['common'], 30, image), ...classFiles(['rare'], 5, image) };
    assert.match(
      (await propose(write('e', files))).text,
      /metrics: \[accuracy, precision, recall, f1\]/,
    );
  });

  it('takes the files of MNIST, whichever of them is named', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 4);
    const { images, labels: classes } = idxFiles(labels, 12);
    const place = write('m', {
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': classes,
    });
    for (const each of [
      place,
      ...['images-idx3', 'labels-idx1'].map((n) => path.join(place, `train-${n}-ubyte`)),
    ]) {
      const { text, data } = await propose(each);
      assert.match(text, /^ {2}format: idx$/m);
      assert.deepEqual(data.inputShape, [12, 12, 1]);
    }
  });

  it('takes arrays: pixels without a channel, other numbers, and numbers as labels', async () => {
    const y = npyFile(
      Int32Array.from({ length: 30 }, (_, i) => i % 3),
      [30],
    );
    const pixels = npyFile(
      Uint8Array.from({ length: 30 * 100 }, (_, i) => i % 256),
      [30, 10, 10],
    );
    const place = write('n', { 'digits.npz': npzFile({ x_train: pixels, y_train: y }) });
    const digits = await propose(path.join(place, 'digits.npz'));
    assert.match(digits.text, /Reshape, target_shape: \[10, 10, 1\]/);
    assert.match(digits.text, /Conv2D/);

    const many = Float32Array.from({ length: 30 * 7 }, (_, i) => 500 * Math.sin(i));
    const prices = npyFile(
      Float32Array.from({ length: 30 }, (_, i) => 1e5 + 37.5 * i),
      [30],
    );
    write('n', { 'x_train.npy': npyFile(many, [30, 7]), 'y_train.npy': prices });
    const numbers = await propose(path.join(place, 'x_train.npy'));
    assert.match(numbers.text, /^task: regression/m);
    assert.match(numbers.text, /labels: n\/y_train\.npy/);
    assert.match(numbers.text, /featurewise_center: true/);
    assert.doesNotMatch(numbers.text, /Conv2D|Flatten/);
  });

  it('is told from a table', async () => {
    assert.equal(await holdsImages(folder()), true);
    assert.equal(await holdsImages(path.join(folder(), 'a.csv')), false);
  });

  const png = () => pngFile({ height: 9, width: 9 }, red);
  for (const [what, files, name, expected] of [
    [
      'a folder without images',
      { 'a/x.txt': Buffer.from('x') },
      '',
      /no PNG or JPEG files in it; each class/,
    ],
    ['images without folders', { 'a.png': png() }, '', /it has no folders; each class needs one/],
    ['one image', { 'a.png': png() }, 'a.png', /it is one image; choose the folder/],
    [
      'a folder too far up',
      classFiles(['images/a', 'images/b'], 3, png),
      '',
      /below images: choose that folder, .*images$/,
    ],
    ['a single class', classFiles(['only'], 9, png), '', /in one folder, only; each class needs/],
    ['too few images', classFiles(['a', 'b'], 1, png), '', /2 images to train on: too few/],
    [
      'a damaged file',
      { ...classFiles(['a', 'b'], 3, png), 'a/bad.png': Buffer.from('no') },
      '',
      /damaged: .*bad\.png; mend/,
    ],
    [
      'an array without labels',
      { 'pixels.npy': npyFile(new Uint8Array(8), [2, 4]) },
      'pixels.npy',
      /cannot find the labels of .*pixels_labels\.npy/,
    ],
    [
      'labels that are rows of 0 and 1',
      {
        'a.npz': npzFile({
          x: npyFile(new Uint8Array(8), [2, 4]),
          y: npyFile(Uint8Array.of(1, 0, 0, 1), [2, 2]),
        }),
      },
      'a.npz',
      /np\.argmax\(y, axis=1\)/,
    ],
  ] as readonly (readonly [string, Files, string, RegExp])[]) {
    it(`is refused for ${what}`, async () => {
      await assert.rejects(propose(path.join(write('refused', files), name)), expected);
    });
  }
});
