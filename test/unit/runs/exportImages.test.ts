/** A net over images predicts in PyTorch what it predicts here. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import { flattenedImages } from '../../../src/core/graph/flattenedImages.ts';
import type { Model } from '../../../src/core/graph/model.ts';
import { encodeStateDict } from '../../../src/core/runs/export/pytorch.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate, forwardContext } from '../../kit/evaluate.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';
import { wave } from '../../kit/torchModel.ts';

const layers = [
  '{type: Conv2D, name: conv, filters: 4, kernel_size: [3, 2], activation: relu}',
  '{type: DepthwiseConv2D, name: each, kernel_size: 2, depth_multiplier: 2}',
  '{type: Conv2DTranspose, name: up, filters: 5, kernel_size: 2}',
  '{type: GroupNormalization, name: group, groups: 1}',
  '{type: SeparableConv2D, name: sep, filters: 3, kernel_size: 2, depth_multiplier: 2}',
  '{type: MaxPooling2D, strides: 1}',
  'Flatten',
  '{type: BatchNormalization, name: norm}',
  '{type: Dropout, rate: 0.5}',
  '{type: Dense, name: fc, units: 3, activation: softmax}',
];

function modelOf(model: readonly string[], inputShape: readonly number[]): Model {
  const text = `task: classification
data: {path: a.csv, features: [a], target: b}
model: [${model.join(', ')}]
training: {epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy}
`;
  const { config, document, diagnostics } = parseConfig(text, 'f');
  assert.deepEqual(diagnostics, []);
  const target = { kind: 'classes', classes: 3, names: [] } as const;
  const built = buildModel({ config: config!, document, context: { inputShape, target } });
  assert.deepEqual(built.diagnostics, []);
  return built.model!;
}

describe('export of nets over images', () => {
  const folder = temporaryFolder();

  it('gives a state_dict with which PyTorch predicts the same (needs torch)', async function () {
    this.timeout(60_000);
    if (!pythonHas('torch')) this.skip();
    const model = modelOf(layers, [6, 5, 2]);
    const tensors = model.tensors.map(({ name, shape }, i) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const values = Float32Array.from(wave(count, { scale: 0.5, phase: i }));
      // A variance is not negative.
      return {
        name,
        dtype: 'f32',
        shape,
        values: values.map((v) => (/variance/.test(name) ? v * v : v)),
      } as const;
    });
    const file = path.join(folder(), 'net.pt');
    writeFileSync(file, encodeStateDict(tensors, { steps: 1, flattened: flattenedImages(model) }));
    const theirs = JSON.parse(runPython('test/unit/runs/convNet.py', [file])) as number[];
    const weights = tensors.map(
      ({ name, shape, values }) => [name, { shape, values: [...values] }] as const,
    );
    const x = { shape: [3, 6, 5, 2], values: wave(3 * 6 * 5 * 2).map(Math.fround) };
    const { y } = await evaluate({ x, ...Object.fromEntries(weights) }, (b, nodes) => ({
      y: model.forward(nodes['x']!, forwardContext(b, false, nodes)).value,
    }));
    assertClose(theirs, y!, { relative: 2e-5 });
  });

  it('follows the order of a flattened image to the next Dense only', () => {
    const found = flattenedImages(modelOf(layers, [6, 5, 2]));
    assert.deepEqual(
      [...found].map(([name, shape]) => [name, shape.join()]),
      [
        ['norm/gamma', '2,2,3'],
        ['norm/beta', '2,2,3'],
        ['norm/moving_mean', '2,2,3'],
        ['norm/moving_variance', '2,2,3'],
        ['fc/kernel', '2,2,3'],
      ],
    );
    const plain = flattenedImages(
      modelOf(['Flatten', '{type: Dense, units: 3, activation: softmax}'], [6]),
    );
    assert.equal(plain.size, 0);
  });
});
