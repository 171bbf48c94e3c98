/** Convolutional nets on images: the sample's own digits, and real MNIST digits where they are at hand. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { RunEnd } from '../../src/shared/protocol/core.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;
const mnist = path.resolve(
  import.meta.dirname,
  '../../../shared/data/mnist/t10k-images-idx3-ubyte.gz',
);

/** 8,000 of the 10,000 test digits of MNIST to train on; the net of many a first lesson. */
const mnistConfig = `task: image_classification
data:
  path: ${JSON.stringify(mnist)}
  split: { train: 0.8, validation: 0.2, seed: 0 }
model:
  - { type: Conv2D, filters: 16, kernel_size: 3, activation: relu }
  - { type: MaxPooling2D, pool_size: 2 }
  - { type: Conv2D, filters: 32, kernel_size: 3, activation: relu }
  - { type: MaxPooling2D, pool_size: 2 }
  - Flatten
  - { type: Dropout, rate: 0.3 }
  - { type: Dense, units: 64, activation: relu }
  - { type: Dense, units: 10, activation: softmax }
training:
  epochs: 10
  batch_size: 32
  optimizer: { type: Adam, learning_rate: 0.001 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
`;

function rightOf({ verdict }: RunEnd): number {
  return Number(/^(\d+) of/.exec(verdict)?.[1]);
}

describe('digits', () => {
  const folder = temporaryFolder();

  it('of the sample are learnt in seconds, and predicted from a file', async function () {
    this.timeout(120_000);
    const overrides = { outputDirectory: folder() };
    const file = 'samples/digits/digits.train.yaml';
    const run = await startRun({ file, overrides, createBackend });
    const end = await run.done;
    assert.ok(rightOf(end) >= 146, end.verdict); // of 150
    const rows = [3, 8].map((digit) => ({ image: `images/${digit}/07.png` }));
    const found = await predictRun({ directory: run.info.directory, createBackend, rows });
    assert.deepEqual(
      found.map((prediction) => prediction.class),
      ['3', '8'],
    );
    const csvFile = path.resolve('samples/digits/images/3');
    const all = await predictRun({ directory: run.info.directory, createBackend, csvFile });
    assert.equal(all.length, 60);
    assert.deepEqual(all[0]?.input, { image: path.join('3', '00.png') });
    const right = all.filter((prediction) => prediction.class === '3').length;
    assert.ok(right >= 54, `${right} of 60 images of a folder`);
  });

  it('of MNIST are recognised, 97 % of 2,000 (needs ../shared)', async function () {
    if (!existsSync(mnist)) this.skip();
    this.timeout(300_000);
    const file = path.join(folder(), 'mnist.train.yaml');
    writeFileSync(file, mnistConfig);
    const run = await startRun({ file, overrides: {}, createBackend });
    const end = await run.done;
    assert.ok(rightOf(end) >= 1940, end.verdict);
  });
});
