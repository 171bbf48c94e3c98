/** A step on images laid open: pictures as the network gets them, and layers as maps. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Explainer } from '../../src/core/train/explain/explainer.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { ExplainedStep } from '../../src/shared/protocol/explainStep.ts';
import { npyFile } from '../kit/imageFiles.ts';
import { scratchFolder } from '../kit/scratchFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const [height, width] = [70, 6];

/** One filter that adds one to twice the middle of its window, so that maps can be told by hand. */
const config = `task: image_classification
seed: 3
data: { path: x.npy, labels: y.npy, normalize: { divide_by: 1 }, split: { train: 1, validation: 0 } }
model:
  - { type: Conv2D, name: conv, filters: 2, kernel_size: 1, kernel_initializer: { type: constant, value: 2 }, bias_initializer: { type: constant, value: 1 } }
  - { type: MaxPooling2D, name: pool, pool_size: 2 }
  - Flatten
  - { type: Dense, name: out, units: 4, activation: softmax }
training:
  epochs: 1
  batch_size: 3
  shuffle: false
  class_weight: { 1: 3 }
  optimizer: { type: SGD, learning_rate: 0.001 }
  loss: sparse_categorical_crossentropy
`;

describe('a step on images', () => {
  const folder = scratchFolder();
  const images = 4;
  const pixels = Float32Array.from({ length: images * height * width }, (_, i) => (i * 37) % 101);
  let step: ExplainedStep;

  before(async () => {
    const file = (name: string) => path.join(folder, name);
    writeFileSync(file('x.npy'), npyFile(pixels, [images, height, width, 1]));
    writeFileSync(file('y.npy'), npyFile(Int32Array.of(0, 1, 2, 3), [images]));
    writeFileSync(file('maps.train.yaml'), config);
    const createBackend = trainingBackends.wasm;
    const run = await startRun({
      file: file('maps.train.yaml'),
      overrides: {},
      createBackend,
      startPaused: true,
    });
    const explainer = new Explainer();
    const place = { directory: run.info.directory, step: null, batch: null, row: 1 };
    step = await explainer.explain({ ...place, units: {}, weight: null }, { createBackend, run });
    explainer.forget();
    await run.stop();
    await run.done;
  });

  /** The split shuffles: each image has a class of its own. */
  const ofRow = (row: number) => {
    const image = Number(step.data.rows[row]!.target);
    return pixels.subarray(image * height * width, (image + 1) * height * width);
  };

  it('shows each row as the picture that the network gets, and how much it counts', () => {
    assert.equal(step.data.rows.length, 3);
    for (const { target, weight } of step.data.rows) assert.equal(weight, target === '1' ? 3 : 1);
    const { picture } = step.data.rows[1]!;
    assert.deepEqual([picture!.height, picture!.width, picture!.channels], [height, width, 1]);
    const [least, most] = [Math.min(...ofRow(1)), Math.max(...ofRow(1))];
    // In the order of the rounding: one factor for all values.
    const scale = 255 / (most - least);
    const expected = Uint8Array.from(ofRow(1), (x) => Math.round((x - least) * scale));
    assert.deepEqual(picture!.pixels, expected);
  });

  it('tells maps by hand: means of blocks where an image is large, statistics of all values', () => {
    const { maps } = step.layers[0]!;
    assert.deepEqual(
      [maps!.height, maps!.width, maps!.channels, maps!.shown, maps!.block],
      [height, width, 2, 2, 2],
    );
    const out = Array.from(ofRow(1), (x) => 2 * x + 1);
    const mean = (y: number, x: number) =>
      (out[y * width + x]! +
        out[y * width + x + 1]! +
        out[(y + 1) * width + x]! +
        out[(y + 1) * width + x + 1]!) /
      4;
    const blocks = Array.from({ length: 35 * 3 }, (_, i) =>
      mean(2 * Math.floor(i / 3), 2 * (i % 3)),
    );
    assert.deepEqual([...maps!.values], [...blocks, ...blocks]);
    const { finite, count, zeros } = maps!.statistics;
    assert.equal(count, 2 * height * width);
    assert.equal(zeros, 0);
    assert.deepEqual([finite!.min, finite!.max], [Math.min(...out), Math.max(...out)]);
    const pooled = step.layers[1]!.maps!;
    assert.deepEqual([pooled.height, pooled.width, pooled.block], [35, 3, 1]);
    assert.equal(pooled.values[0], Math.max(out[0]!, out[1]!, out[width]!, out[width + 1]!));
  });

  it('has maps for gradients too, and none for what is no image', () => {
    assert.deepEqual(step.layers[0]!.signalMaps!.height, height);
    const [, , flat, dense] = step.layers;
    for (const layer of [flat!, dense!])
      assert.deepEqual([layer.maps, layer.signalMaps], [null, null]);
  });
});
