/** Runs with random changes of their images give the same bits wherever they are interrupted, and to whoever asks. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { readColumns } from '../../src/core/runs/openRun.ts';
import { Explainer } from '../../src/core/train/explain/explainer.ts';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { resumeRun, startRun } from '../../src/core/train/run.ts';
import type { BackendFactory, TrainingRun } from '../../src/core/train/trainingRun.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { lastState, trainingBackends } from '../kit/trainRun.ts';

const digits = path.resolve('samples/digits/images');

function configText(
  options: { batch?: number; data?: string; augmentation?: string } = {},
): string {
  const { batch = 7, data = '', augmentation = everyTransform } = options;
  return `task: image_classification
seed: 5
data:
  format: images
  path: ${JSON.stringify(digits)}
  color_mode: grayscale
  limit: 90
  split: { train: 0.5, validation: 0.5, stratify: false }
${augmentation}${data}
model:
  - { type: Conv2D, filters: 3, kernel_size: 3, activation: relu }
  - Flatten
  - { type: Dropout, rate: 0.2 }
  - { type: Dense, name: out, units: 10, activation: softmax }
training:
  epochs: 2
  batch_size: ${batch}
  optimizer: { type: Adam, learning_rate: 0.003 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
predict:
  - { image: ${JSON.stringify(path.join(digits, '3/07.png'))} }
`;
}

const everyTransform = `  augmentation:
    - { type: RandomFlip, mode: horizontal }
    - { type: RandomTranslation, height_factor: 0.1, width_factor: 0.1, fill_mode: nearest }
    - { type: RandomRotation, factor: 0.05, fill_mode: nearest }
    - { type: RandomContrast, factor: 0.3 }
    - { type: RandomZoom, height_factor: 0.2, fill_mode: constant, cval: 10 }
    - { type: RandomShear, x_factor: 0.2, fill_mode: wrap }
    - { type: RandomCrop, height: 14, width: 15 }
    - { type: RandomBrightness, factor: 0.2 }
    - { type: RandomChannelShift, factor: 0.1 }
`;

async function finished(run: TrainingRun, stopAt?: number): Promise<string> {
  if (stopAt !== undefined) {
    while (run.step < stopAt) await run.takeStep();
    await run.stop();
  }
  const end = await run.done;
  assert.equal(end.status, stopAt === undefined ? 'completed' : 'stopped');
  return run.info.directory;
}

describe('augmented training', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let files = 0;
  const config = (text: string): string => {
    const file = path.join(folder(), `augmented${files++}.train.yaml`);
    writeFileSync(file, text);
    return file;
  };
  const start = (text: string, createBackend: BackendFactory, startPaused = false) =>
    startRun({ file: config(text), overrides: {}, createBackend, startPaused });

  for (const [name, createBackend] of Object.entries(trainingBackends)) {
    it(`gives the bits of the uninterrupted run on ${name}, wherever it is stopped`, async () => {
      const whole = await finished(await start(configText(), createBackend));
      for (const stopAt of [0, 3, 7, 10]) {
        const part = await finished(await start(configText(), createBackend, true), stopAt);
        await finished(await resumeRun({ directory: part, createBackend }));
        assert.deepEqual(await lastState(part), await lastState(whole), `stopped at ${stopAt}`);
        assert.deepEqual(await readColumns(part), await readColumns(whole));
      }
    });
  }

  it('gives the same bits on any number of threads, images changed a step ahead or not, and resumed', async () => {
    const wide = configText({ batch: 15 }).replace('filters: 3', 'filters: 40');
    const [first, ...others] = [1, 2, 3].flatMap((threads) =>
      [false, true].map((ahead) => () => Promise.resolve(createWasmBackend({ threads, ahead }))),
    );
    const whole = await lastState(await finished(await start(wide, first!)));
    for (const createBackend of others) {
      const directory = await finished(await start(wide, createBackend, true), 2);
      await finished(await resumeRun({ directory, createBackend }));
      assert.deepEqual(await lastState(directory), whole);
    }
  });

  it('changes images by the seed, anew each epoch', async () => {
    const createBackend = trainingBackends.wasm;
    // Without learning only the images differ from epoch to epoch.
    const still = configText({ batch: 45 })
      .replace('learning_rate: 0.003', 'learning_rate: 0')
      .replace('rate: 0.2', 'rate: 0');
    const lossesOf = async (text: string): Promise<number[]> => {
      const { loss } = await readColumns(await finished(await start(text, createBackend)));
      return [...loss!];
    };
    const [first, second] = await lossesOf(still);
    assert.notEqual(first, second);
    assert.deepEqual(await lossesOf(still), [first, second]);
    assert.notDeepEqual(await lossesOf(still.replace('seed: 5', 'seed: 6')), [first, second]);
    const [plain, again] = await lossesOf(still.replace(everyTransform, ''));
    assert.ok(Math.abs(plain! - again!) < 1e-6);
  });

  it('explains the step that training takes, with its changed images', async () => {
    const createBackend = trainingBackends.wasm;
    const directory = await finished(await start(configText(), createBackend, true), 2);
    const resumed = await finished(await resumeRun({ directory, createBackend }));
    const { loss } = await readColumns(resumed);
    const explainer = new Explainer();
    const run = await start(configText(), createBackend, true);
    try {
      while (run.step < 9) await run.takeStep();
      const place = { directory: run.info.directory, step: null, batch: null, row: 0 };
      const told = await explainer.explain(
        { ...place, units: {}, weight: null },
        { createBackend, run },
      );
      assert.equal(told.step, 9);
      assert.equal(Math.fround(told.loss.batch), loss![9]);
      await run.stop();
    } finally {
      explainer.forget();
    }
  });

  it('measures images once, on the training part, and predicts with what it measured', async () => {
    const createBackend = trainingBackends.wasm;
    for (const keys of [
      'featurewise_center: true, featurewise_std_normalization: true',
      'samplewise_center: true, samplewise_std_normalization: true',
      'zca_whitening: true, zca_epsilon: 0.1',
    ]) {
      const augmentation = everyTransform.replace(/.*RandomCrop.*\n/, '');
      const data = `  normalize: { divide_by: 255, ${keys} }\n`;
      const text = configText({ augmentation, data });
      const directory = await finished(await start(text, createBackend, true), 4);
      const again = await finished(await resumeRun({ directory, createBackend }));
      const whole = await finished(await start(text, createBackend));
      assert.deepEqual(await lastState(again), await lastState(whole), keys);
      const [found] = await predictRun({ directory, createBackend });
      const [same] = await predictRun({ directory: whole, createBackend });
      assert.deepEqual(found!.probabilities, same!.probabilities);
      assert.ok(Object.values(found!.probabilities!).every(Number.isFinite));
    }
  });
});
