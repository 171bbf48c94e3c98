import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import type { Model } from '../../../src/core/graph/model.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { createLoss } from '../../../src/core/optim/losses.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { assertClose } from '../../kit/close.ts';
import { type Input, evaluate, forwardContext } from '../../kit/evaluate.ts';
import { wave } from '../../kit/torchModel.ts';

function modelOf(layers: readonly string[], inputs: number, classes: number): Model {
  const text = `task: classification
data: {format: csv, path: a.csv, features: [{name: a}], target: b}
model: [${layers.join(', ')}]
training: {epochs: 1, optimizer: Adam, loss: {type: sparse_categorical_crossentropy, from_logits: true}}
`;
  const { config, document, diagnostics } = parseConfig(text, 'f');
  assert.deepEqual(diagnostics, []);
  const target = { kind: 'classes', classes, names: [] } as const;
  const { model } = buildModel({
    config: config!,
    document,
    context: { inputShape: [inputs], target },
  });
  return model!;
}

const heads: [layers: string[], activation: string, hasLogits: boolean][] = [
  [['{type: Dense, units: 3, activation: softmax}'], 'softmax', true],
  [['{type: Dense, units: 3, activation: sigmoid}'], 'sigmoid', true],
  [['{type: Dense, units: 3}', '{type: Activation, activation: log_softmax}'], 'log_softmax', true],
  [['{type: Dense, units: 3}'], 'other', false],
  [['{type: Dense, units: 3, activation: softmax}', '{type: Dropout, rate: 0.5}'], 'other', false],
];

describe('the forward pass', () => {
  for (const [layers, activation, hasLogits] of heads) {
    it(`${hasLogits ? 'keeps' : 'has no'} logits after ${layers.join(', ')}`, () => {
      const model = modelOf(layers, 2, 3);
      const b = new Builder();
      const tensors = Object.fromEntries(
        model.tensors.map(({ name, shape }) => [
          name,
          b.load(b.buffer(name, 'state', 'f32', shape)),
        ]),
      );
      const x = b.load(b.buffer('x', 'data', 'f32', [4, 2]));
      const output = model.forward(x, forwardContext(b, false, tensors));
      assert.equal(output.activation, activation);
      assert.equal(output.logits !== undefined, hasLogits);
      assert.notEqual(output.logits, output.value);
    });
  }

  for (const rows of [1, 3]) {
    it(`of a whole model has the gradients of finite differences for ${rows} rows`, async () => {
      const layers = [
        '{type: Dense, name: fc1, units: 5, activation: tanh}',
        ...(rows > 1 ? ['{type: BatchNormalization, name: bn}'] : []),
        '{type: Reshape, target_shape: [5, 1]}',
        '{type: Dense, units: 2, activation: gelu, name: each}',
        'Flatten',
        '{type: Dense, name: out, units: 3}',
      ];
      const model = modelOf(layers, 2, 3);
      const inputs: Record<string, Input> = {
        x: { shape: [rows, 2], values: wave(rows * 2) },
        target: { shape: [rows], values: [2, 0, 1].slice(0, rows), dtype: 'i32' },
      };
      model.tensors.forEach(({ name, shape, initialize }, index) => {
        inputs[name] = { shape, values: [...initialize({ seed: 5, index })] };
      });
      const trained = model.tensors.filter(({ trainable }) => trainable).map(({ name }) => name);
      const lower = (b: Builder, nodes: Readonly<Record<string, Node>>): Record<string, Node> => {
        const output = model.forward(nodes['x']!, forwardContext(b, true, nodes));
        const loss = createLoss({ type: 'sparse_categorical_crossentropy', from_logits: true });
        const value = loss.build(b, { output, target: nodes['target']!, rows });
        const slopes = gradients(
          b,
          value,
          trained.map((name) => nodes[name]!),
        );
        return { loss: value, ...Object.fromEntries(trained.map((name, i) => [name, slopes[i]!])) };
      };
      const result = await evaluate(inputs, lower);
      for (const name of trained) {
        const { shape, values } = inputs[name]!;
        for (const i of [0, values.length - 1]) {
          const at = async (by: number): Promise<number> => {
            const moved = { shape, values: values.with(i, values[i]! + by) };
            return (await evaluate({ ...inputs, [name]: moved }, lower))['loss']![0]!;
          };
          const slope = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
          assertClose([result[name]![i]!], [slope], { relative: 1e-5, absolute: 1e-9 });
        }
      }
    });
  }
});
