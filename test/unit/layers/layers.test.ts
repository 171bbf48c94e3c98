/** Each layer kind by hand, and its gradients against finite differences: add a case with a layer. */
import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import type { ModelTensor } from '../../../src/core/graph/model.ts';
import type { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import type { Layer } from '../../../src/core/layers/layer.ts';
import { inferLayer } from '../../../src/core/layers/layerRules.ts';
import type { LayerConfig } from '../../../src/shared/model/layers.ts';
import type { Conventions } from '../../../src/shared/model/schemaKit.ts';
import { assertClose } from '../../kit/close.ts';
import { type Input, evaluate, forwardContext } from '../../kit/evaluate.ts';
import { torchModel, wave } from '../../kit/torchModel.ts';

interface Case {
  readonly title: string;
  readonly config: LayerConfig;
  /** With the batch axis. */
  readonly shape: readonly number[];
  readonly x: readonly number[];
  /** By role; those not given are as initialised. */
  readonly tensors?: Readonly<Record<string, readonly number[]>>;
  readonly training?: boolean;
  readonly conventions?: Conventions;
  readonly outputShape: readonly number[];
  readonly y: readonly number[];
}

const zeros = { type: 'zeros' } as const;
const dense = (units: number, use_bias = true): LayerConfig => ({
  type: 'Dense',
  units,
  use_bias,
  activation: { type: 'relu' },
  kernel_initializer: zeros,
  bias_initializer: zeros,
});
const batchNormalization = (epsilon: number, momentum = 0.9): LayerConfig => ({
  type: 'BatchNormalization',
  momentum,
  epsilon,
  center: true,
  scale: true,
});

const cases: Case[] = [
  {
    title: 'Dense is x · kernel + bias, its activation left to the graph',
    config: dense(2),
    shape: [2, 3],
    x: [1, 2, 3, -1, 0, 1],
    tensors: { kernel: [1, 10, 2, 20, 3, 30], bias: [0.5, -0.5] },
    outputShape: [2, 2],
    y: [14.5, 139.5, 2.5, 19.5],
  },
  {
    title: 'Dense of one input and one unit without bias',
    config: dense(1, false),
    shape: [1, 1],
    x: [3],
    tensors: { kernel: [-2] },
    outputShape: [1, 1],
    y: [-6],
  },
  {
    title: 'Dense works on the last of several axes',
    config: dense(1),
    shape: [1, 3, 2],
    x: [1, 2, 3, 4, 5, 6],
    tensors: { kernel: [1, -1], bias: [10] },
    outputShape: [1, 3, 1],
    y: [9, 9, 9],
  },
  {
    title: 'Flatten joins the axes of a row',
    config: { type: 'Flatten' },
    shape: [2, 1, 3],
    x: [1, 2, 3, 4, 5, 6],
    outputShape: [2, 3],
    y: [1, 2, 3, 4, 5, 6],
  },
  {
    title: 'Flatten makes a vector of a single value a row',
    config: { type: 'Flatten' },
    shape: [2],
    x: [1, 2],
    outputShape: [2, 1],
    y: [1, 2],
  },
  {
    title: 'Reshape fills the free size',
    config: { type: 'Reshape', target_shape: [-1, 2] },
    shape: [1, 6],
    x: [1, 2, 3, 4, 5, 6],
    outputShape: [1, 3, 2],
    y: [1, 2, 3, 4, 5, 6],
  },
  {
    title: 'Rescaling multiplies, then adds',
    config: { type: 'Rescaling', scale: 0.5, offset: -1 },
    shape: [1, 3],
    x: [0, 2, -4],
    outputShape: [1, 3],
    y: [-1, 0, -3],
  },
  {
    title:
      'Normalization uses what was measured of each feature; one that never changes stays finite',
    config: { type: 'Normalization' },
    shape: [2, 2],
    x: [1, 3, 5, 3],
    tensors: { mean: [3, 3], variance: [4, 0] },
    outputShape: [2, 2],
    y: [-1, 0, 1, 0],
  },
  {
    title: 'Normalization uses the numbers that it is given, one for all features or one for each',
    config: { type: 'Normalization', mean: 1, variance: [4, 16] },
    shape: [1, 2, 2],
    x: [1, 1, 5, 9],
    outputShape: [1, 2, 2],
    y: [0, 0, 2, 2],
  },
  {
    title: 'Dropout does nothing outside training',
    config: { type: 'Dropout', rate: 0.5 },
    shape: [1, 3],
    x: [1, 2, 3],
    outputShape: [1, 3],
    y: [1, 2, 3],
  },
  {
    title: 'Dropout of nothing does nothing in training',
    config: { type: 'Dropout', rate: 0 },
    training: true,
    shape: [1, 3],
    x: [1, 2, 3],
    outputShape: [1, 3],
    y: [1, 2, 3],
  },
  {
    title: 'Activation is the identity until the graph applies it',
    config: { type: 'Activation', activation: { type: 'tanh' } },
    shape: [1, 2],
    x: [1, -2],
    outputShape: [1, 2],
    y: [1, -2],
  },
  {
    title: 'Input passes the data on',
    config: { type: 'Input', shape: [2] },
    shape: [1, 2],
    x: [1, -2],
    outputShape: [1, 2],
    y: [1, -2],
  },
  {
    title: 'BatchNormalization uses the moving averages outside training',
    config: batchNormalization(1),
    shape: [2, 2],
    x: [1, 2, 5, 6],
    tensors: { gamma: [2, 1], beta: [10, 0], moving_mean: [1, 2], moving_variance: [3, 15] },
    outputShape: [2, 2],
    y: [10, 0, 14, 1],
  },
  {
    title: 'BatchNormalization uses the mean and biased variance of the batch in training',
    config: batchNormalization(1),
    training: true,
    shape: [2, 1],
    x: [1, 1 + 2 * Math.sqrt(3)],
    tensors: { gamma: [2], beta: [10] },
    outputShape: [2, 1],
    y: [10 - Math.sqrt(3), 10 + Math.sqrt(3)],
  },
  {
    title: 'BatchNormalization normalises the last axis over all others',
    config: batchNormalization(1e-12),
    training: true,
    shape: [1, 2, 2],
    x: [1, 10, 3, 30],
    outputShape: [1, 2, 2],
    y: [-1, -1, 1, 1],
  },
];

function layerOf({ config, shape, conventions = 'keras' }: Omit<Case, 'y' | 'outputShape'>): Layer {
  const found = inferLayer(config, {
    name: 'it',
    inputs: [{ shape: shape.slice(1), from: 'test' }],
    conventions,
  });
  assert.ok(!('problem' in found));
  return found;
}

function inputsOf(layer: Layer, c: Case): Record<string, Input> {
  const given = (tensor: ModelTensor): Input => ({
    shape: tensor.shape,
    values: c.tensors?.[tensor.name.slice('it/'.length)] ?? [
      ...tensor.initialize({ seed: 0, index: 0 }),
    ],
  });
  const tensors = layer.tensors.map((tensor) => [tensor.name, given(tensor)] as const);
  return { x: { shape: c.shape, values: c.x }, ...Object.fromEntries(tensors) };
}

/** The output, and the gradients of sum(weights * output) for x and all tensors that are trained. */
function lowerWithGradients(layer: Layer, training: boolean) {
  return (b: Builder, nodes: Readonly<Record<string, Node>>): Record<string, Node> => {
    const y = layer.lower([nodes['x']!], forwardContext(b, training, nodes));
    const count = y.type.shape.reduce((product, size) => product * size, 1);
    const loss = b.reduce('sum', b.mul(y, b.constant(wave(count), y.type.shape)));
    const wrt = ['x', ...layer.tensors.filter((t) => t.trainable).map((t) => t.name)];
    const found = gradients(
      b,
      loss,
      wrt.map((name) => nodes[name]!),
    );
    return { y, loss, ...Object.fromEntries(wrt.map((name, i) => [`d ${name}`, found[i]!])) };
  };
}

async function finiteDifferences(
  inputs: Record<string, Input>,
  name: string,
  lossAt: (inputs: Record<string, Input>) => Promise<number>,
): Promise<number[]> {
  const step = 1e-5;
  const { shape, values } = inputs[name]!;
  const moved = (i: number, by: number) =>
    lossAt({ ...inputs, [name]: { shape, values: values.with(i, values[i]! + by) } });
  const slopes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    slopes.push(((await moved(i, step)) - (await moved(i, -step))) / (2 * step));
  }
  return slopes;
}

describe('layers', () => {
  for (const c of cases) {
    it(c.title, async () => {
      const layer = layerOf(c);
      assert.deepEqual([c.shape[0], ...layer.outputShape], c.outputShape);
      const inputs = inputsOf(layer, c);
      const lower = lowerWithGradients(layer, c.training ?? false);
      const result = await evaluate(inputs, lower);
      assertClose(result['y']!, c.y, { relative: 1e-11 });
      const lossAt = async (at: typeof inputs) => (await evaluate(at, lower))['loss']![0]!;
      for (const name of Object.keys(result).filter((key) => key.startsWith('d '))) {
        const expected = await finiteDifferences(inputs, name.slice(2), lossAt);
        assertClose(result[name]!, expected, { relative: 1e-5 });
      }
    });
  }
});

describe('Dropout in training', () => {
  const apply = (count: number, rate: number, streams = 1) => {
    const shape = [1, count];
    const layer = layerOf({ title: '', config: { type: 'Dropout', rate }, shape, x: [] });
    return evaluate({ x: { shape, values: new Array<number>(count).fill(3) } }, (b, { x }) => {
      const context = forwardContext(b, true);
      const all = Array.from({ length: streams }, () => layer.lower([x!], context));
      return Object.fromEntries(all.map((y, i) => [String(i), y]));
    });
  };

  it('drops the share it is told to and scales the rest', async () => {
    const { '0': y } = await apply(20_000, 0.25);
    assert.deepEqual([...new Set(y)].sort(), [0, 4]);
    const dropped = y!.filter((value) => value === 0).length / y!.length;
    assert.ok(Math.abs(dropped - 0.25) < 5 * Math.sqrt((0.25 * 0.75) / 20_000), `${dropped}`);
  });

  it('drops others in each layer', async () => {
    const { '0': first, '1': second } = await apply(100, 0.5, 2);
    assert.notDeepEqual(first, second);
  });
});

describe('BatchNormalization', () => {
  const lower = (layer: Layer) => (b: Builder, nodes: Readonly<Record<string, Node>>) => {
    const context = forwardContext(b, true, nodes);
    layer.lower([nodes['x']!], context);
    return Object.fromEntries(context.updates);
  };
  const conventions = {
    keras: { momentum: 0.9, mean: 0.9 * 4 + 0.1 * 3, variance: 0.9 * 9 + 0.1 * 4 },
    pytorch: { momentum: 0.1, mean: 0.9 * 4 + 0.1 * 3, variance: 0.9 * 9 + 0.1 * 8 },
  } as const;
  for (const [name, { momentum, mean, variance }] of Object.entries(conventions)) {
    it(`moves its averages as ${name} does`, async () => {
      const c = { title: '', config: batchNormalization(1, momentum), shape: [2, 1], x: [1, 5] };
      const tensors = { moving_mean: [4], moving_variance: [9] };
      const layer = layerOf({ ...c, conventions: name as Conventions });
      const inputs = inputsOf(layer, { ...c, tensors, outputShape: [], y: [] });
      const updates = await evaluate(inputs, lower(layer));
      assertClose(updates['it/moving_mean']!, [mean], { relative: 1e-12 });
      assertClose(updates['it/moving_variance']!, [variance], { relative: 1e-12 });
    });
  }

  it('keeps finite averages on a last batch of one row', async () => {
    const c = { title: '', config: batchNormalization(1, 0.1), shape: [1, 1], x: [5] };
    const layer = layerOf({ ...c, conventions: 'pytorch' });
    const inputs = inputsOf(layer, { ...c, outputShape: [], y: [] });
    const updates = await evaluate(inputs, lower(layer));
    assertClose(updates['it/moving_variance']!, [0.9], { relative: 1e-12 });
  });

  it('follows nn.BatchNorm1d through ragged batches and into inference', async () => {
    const { features, gamma, beta, steps, inference } = torchModel.batchNormalization;
    const config = batchNormalization(1e-5, 0.1);
    const step = { title: '', config, conventions: 'pytorch' as const, outputShape: [], y: [] };
    let state: Record<string, readonly number[]> = { gamma, beta };
    for (const { rows, x, seed, y, gradients: expected, ...averages } of steps) {
      const c: Case = { ...step, shape: [rows, features], x, tensors: state };
      const layer = layerOf(c);
      const inputs = { ...inputsOf(layer, c), seed: { shape: c.shape, values: seed } };
      const result = await evaluate(inputs, (b, nodes) => {
        const context = forwardContext(b, true, nodes);
        const out = layer.lower([nodes['x']!], context);
        const wrt = ['x', 'it/gamma', 'it/beta'].map((name) => nodes[name]!);
        const [dx, dGamma, dBeta] = gradients(b, b.reduce('sum', b.mul(out, nodes['seed']!)), wrt);
        return {
          y: out,
          dx: dx!,
          dGamma: dGamma!,
          dBeta: dBeta!,
          ...Object.fromEntries(context.updates),
        };
      });
      assertClose(result['y']!, y, { relative: 1e-11 });
      assertClose(result['dx']!, expected.x, { relative: 1e-10 });
      assertClose(result['dGamma']!, expected.gamma, { relative: 1e-11 });
      assertClose(result['dBeta']!, expected.beta, { relative: 1e-11 });
      for (const role of ['moving_mean', 'moving_variance'] as const) {
        assertClose(result[`it/${role}`]!, averages[role], { relative: 1e-11 });
      }
      state = { gamma, beta, ...averages };
    }
    const c: Case = { ...step, shape: [5, features], x: inference.x, tensors: state };
    const layer = layerOf(c);
    const { y } = await evaluate(inputsOf(layer, c), lowerWithGradients(layer, false));
    assertClose(y!, inference.y, { relative: 1e-11 });
  });
});
