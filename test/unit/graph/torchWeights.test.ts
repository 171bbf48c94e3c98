import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import { torchGenerator } from '../../../src/core/random/torchUniform.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { torchModel } from '../../kit/torchModel.ts';

/** The penguins net, with nothing said about initialisers. */
const textOf = (seed: string, initializer = '') => `
task: classification
seed: ${seed}
data: {path: a.csv, features: [a], target: b}
model:
  - {type: Dense, name: fc1, units: 10, activation: relu${initializer}}
  - {type: Dense, name: fc2, units: 10, activation: relu}
  - {type: Dense, name: fc3, units: 3, activation: softmax}
training: {epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy}
`;

describe('compat: pytorch', () => {
  it('alone gives a whole net the weights of torch.manual_seed(0), bit for bit', () => {
    const { config, document, diagnostics } = parseConfig(
      textOf('{value: 0, compat: pytorch}'),
      'f',
    );
    assert.deepEqual(diagnostics, []);
    const target = { kind: 'classes', classes: 3, names: [] } as const;
    const { model } = buildModel({
      config: config!,
      document,
      context: { inputShape: [5], target },
    });
    const torch = torchGenerator(0);
    const values = model!.tensors.map(({ initialize }, index) => [
      ...initialize({ seed: 0, index, torch }),
    ]);
    const { sizes, layers } = torchModel.initialWeights[0]!;
    assert.deepEqual(sizes, [5, 10, 10, 3]);
    layers.forEach(({ weight, bias }, i) => {
      const [inputs, units] = [sizes[i]!, sizes[i + 1]!];
      const kernel = values[2 * i]!;
      const transposed = weight.map(
        (_, j) => kernel[(j % inputs) * units + Math.floor(j / inputs)],
      );
      assert.deepEqual(transposed, weight);
      assert.deepEqual(values[2 * i + 1], bias);
    });
  });

  it('warns when a layer asks for another initialiser', () => {
    const { diagnostics } = parseConfig(
      textOf('{value: 0, compat: pytorch}', ', kernel_initializer: he_uniform'),
      'f',
    );
    assert.deepEqual(
      diagnostics.map(({ code, severity }) => `${severity} ${code}`),
      ['warning config.conflict'],
    );
  });

  it('left out gives the initialisers of Keras', () => {
    const { config } = parseConfig(textOf('0'), 'f');
    const [first] = config!.model;
    assert.ok(first?.type === 'Dense');
    assert.equal(first.kernel_initializer.type, 'glorot_uniform');
  });
});
