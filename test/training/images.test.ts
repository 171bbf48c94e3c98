/** Images from files to a trained run and back: training, evaluating, predicting, on both backends. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { runImage, runInputs } from '../../src/core/train/runInputs.ts';
import { startRun } from '../../src/core/train/run.ts';
import { pngFile, writeFiles } from '../kit/imageFiles.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { lastState, resume, trainingBackends } from '../kit/trainRun.ts';

const config = `task: image_classification
seed: 3
data:
  format: images
  path: bars
  color_mode: grayscale
  split: { train: 0.75, validation: 0.25, seed: 1, stratify: true }
model:
  - Flatten
  - { type: Dense, units: 8, activation: relu }
  - { type: Dense, units: 2, activation: softmax }
training:
  epochs: 30
  batch_size: 4
  optimizer: { type: Adam, learning_rate: 0.02 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
`;

/** A bright bar that stands or lies, at any place, over noise. */
function bar(stands: boolean, n: number): Buffer {
  return pngFile({ height: 6, width: 6 }, (y, x) => {
    const bright = (stands ? x : y) === n % 6;
    const value = bright ? 230 : (n * 37 + y * 11 + x * 5) % 60;
    return [value, value, value];
  });
}

describe('images', () => {
  const folder = temporaryFolder();
  beforeEach(() => {
    for (let n = 0; n < 24; n++) {
      writeFiles(path.join(folder(), 'bars'), {
        [`lying/${n}.png`]: bar(false, n),
        [`standing/${n}.png`]: bar(true, n),
      });
    }
    writeFileSync(path.join(folder(), 'bars.train.yaml'), config);
  });

  for (const [name, createBackend] of Object.entries(trainingBackends)) {
    it(`train, evaluate, predict and resume on ${name}`, async function () {
      this.timeout(60_000);
      const file = path.join(folder(), 'bars.train.yaml');
      const run = await startRun({ file, overrides: {}, createBackend });
      const end = await run.done;
      assert.equal(end.status, 'completed');
      assert.match(end.verdict, /^1[0-2] of 12 right/);
      const { directory } = run.info;

      const own = await evaluateRun({ directory, createBackend });
      assert.deepEqual([own.part, own.rows, own.verdict], ['validation', 12, end.verdict]);
      const bars = path.join(folder(), 'bars');
      const all = await evaluateRun({ directory, dataFile: bars, createBackend });
      assert.equal(all.rows, 48);

      assert.deepEqual((await runInputs(directory)).fields, [
        { kind: 'image', name: 'image', fill: null },
      ]);
      writeFiles(folder(), { 'new.png': bar(true, 30) });
      const rows = [{ image: 'new.png' }, { image: path.join(bars, 'lying/0.png') }];
      const classes = (await predictRun({ directory, rows, createBackend })).map((p) => p.class);
      assert.deepEqual(classes, ['standing', 'lying']);
      const wrong = predictRun({ directory, rows: [{ image: 'no.png' }], createBackend });
      await assert.rejects(wrong, {
        code: 'input.invalid',
        message: /row 1: cannot read .*no\.png/,
      });

      // The folder of whoever asks goes before that of the config.
      const elsewhere = path.join(folder(), 'elsewhere');
      writeFiles(elsewhere, { 'new.png': bar(false, 31) });
      const asked = { directory, rows: [{ image: 'new.png' }], folder: elsewhere, createBackend };
      assert.equal((await predictRun(asked))[0]?.class, 'lying');
      const seen = await runImage(directory, { image: 'new.png' });
      assert.equal(seen.pixels.length, seen.height * seen.width * seen.channels);
      await assert.rejects(runImage(directory, { image: 'no.png' }), { code: 'data.read' });

      const more = await resume(directory, { createBackend, epochs: 31 });
      assert.equal(more.end.status, 'completed');
    });
  }

  it('train the same after a stop, bit for bit', async () => {
    const createBackend = trainingBackends.wasm;
    const file = path.join(folder(), 'bars.train.yaml');
    const whole = await startRun({ file, overrides: { epochs: 4 }, createBackend });
    await whole.done;
    const parted = await startRun({
      file,
      overrides: { epochs: 4 },
      createBackend,
      startPaused: true,
    });
    while (parted.step < 13) await parted.takeStep();
    await parted.stop();
    await resume(parted.info.directory, { createBackend, epochs: 4 });
    assert.deepEqual(await lastState(parted.info.directory), await lastState(whole.info.directory));
  });
});
