/** samples/cifar10-keras on a few images in the true format: the net of the Horovod lesson with its augmentation. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import { cifar10Files, cifarSample, writeFiles } from '../kit/imageFiles.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

describe('samples/cifar10-keras', () => {
  const folder = temporaryFolder();

  it('trains on files of the data set, augmented, and is evaluated on images as they are', async function () {
    this.timeout(120_000);
    const bin = writeFiles(path.join(folder(), 'cifar-10-batches-bin'), cifar10Files());
    const names = Array.from({ length: 10 }, (_, i) => `thing ${i}`).join('\n');
    writeFileSync(path.join(bin, 'batches.meta.txt'), names);
    const text = cifarSample('cifar10-keras')
      .replace('epochs: 25', 'epochs: 2')
      .replace('batch_size: 32', 'batch_size: 4');
    const file = path.join(folder(), 'keras.train.yaml');
    writeFileSync(file, text);
    const createBackend = trainingBackends.wasm;
    const run = await startRun({ file, overrides: {}, createBackend });
    const { info } = run;
    assert.deepEqual([info.trainingRows, info.validationRows, info.stepsPerEpoch], [10, 2, 3]);
    const { tensors } = run.prepared.model;
    const counts = tensors.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    assert.equal(
      counts.reduce((a, b) => a + b),
      1_250_858, // as the lesson's summary says
    );
    const end = await run.done;
    assert.equal(end.status, 'completed');
    const found = await evaluateRun({ directory: info.directory, createBackend });
    assert.deepEqual([found.part, found.rows], ['validation', 2]);
    // Of ten classes, knowing little: ln 10 = 2.303.
    assert.ok(Math.abs(found.loss - 2.303) < 0.5, String(found.loss));
  });
});
