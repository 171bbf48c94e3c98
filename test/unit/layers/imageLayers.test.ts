/** Layers over images and sequences: values and gradients are those of PyTorch; the same by finite differences. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import type { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import type { Layer } from '../../../src/core/layers/layer.ts';
import { inferLayer } from '../../../src/core/layers/layerRules.ts';
import { type LayerConfig, layerSchema } from '../../../src/shared/model/layers.ts';
import { assertClose } from '../../kit/close.ts';
import { type Input, evaluate, forwardContext } from '../../kit/evaluate.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { wave } from '../../kit/torchModel.ts';

interface TorchLayer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  /** By role, in order. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly outputShape: readonly number[];
  readonly y: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const script = 'test/fixtures/model/torch_layers.py';
const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/model/torch_layers.json', import.meta.url), 'utf8'),
) as TorchLayer[];

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function layerOf({ config, shape }: TorchLayer): Layer {
  const parsed: LayerConfig = layerSchema('keras').parse(config);
  const inputs = [{ shape: shape.slice(1), from: 'test' }] as const;
  const layer = inferLayer(parsed, { name: 'it', inputs, conventions: 'keras' });
  assert.ok(!('problem' in layer), JSON.stringify(layer));
  return layer;
}

function inputsOf({ shape, tensors }: TorchLayer): Record<string, Input> {
  const weights = Object.entries(tensors).map(([role, of], i): [string, Input] => [
    `it/${role}`,
    { shape: of, values: wave(size(of), { phase: 1 + i }) },
  ]);
  return { x: { shape, values: wave(size(shape)) }, ...Object.fromEntries(weights) };
}

function lowered(layer: Layer, inputs: Record<string, Input>) {
  return (b: Builder, nodes: Readonly<Record<string, Node>>): Record<string, Node> => {
    const y = layer.lower([nodes['x']!], forwardContext(b, true, nodes));
    const weights = b.constant(wave(size(y.type.shape), { phase: 9 }), y.type.shape);
    const loss = b.reduce('sum', b.mul(y, weights));
    const names = Object.keys(inputs);
    const found = gradients(
      b,
      loss,
      names.map((name) => nodes[name]!),
    );
    return { y, loss, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, found[i]!])) };
  };
}

/** The slope along a direction without pattern, by central differences; and the one that the gradients give. */
async function slopes(layer: Layer, inputs: Record<string, Input>) {
  const step = 1e-6;
  const ways = Object.entries(inputs).map(([name, input], i) => {
    const way = wave(input.values.length, { scale: 1, phase: 20 + i });
    return { name, input, way };
  });
  const lossAt = async (by: number): Promise<number> => {
    const moved = ways.map(({ name, input, way }): [string, Input] => [
      name,
      { ...input, values: input.values.map((value, i) => value + by * way[i]!) },
    ]);
    return (await evaluate(Object.fromEntries(moved), lowered(layer, inputs)))['loss']![0]!;
  };
  const result = await evaluate(inputs, lowered(layer, inputs));
  const exact = ways.reduce(
    (sum, { name, way }) => result[`d ${name}`]!.reduce((s, g, i) => s + g * way[i]!, sum),
    0,
  );
  return { exact, measured: ((await lossAt(step)) - (await lossAt(-step))) / (2 * step) };
}

describe('layers over images and sequences', () => {
  for (const c of cases) {
    it(`${JSON.stringify(c.config)} of [${c.shape.join()}] is as in PyTorch`, async () => {
      const layer = layerOf(c);
      assert.deepEqual([c.shape[0], ...layer.outputShape], c.outputShape);
      assert.deepEqual(
        Object.fromEntries(layer.tensors.map(({ name, shape }) => [name.slice(3), [...shape]])),
        c.tensors,
      );
      const inputs = inputsOf(c);
      const result = await evaluate(inputs, lowered(layer, inputs));
      assertClose(result['y']!, c.y, { relative: 1e-10 });
      for (const [role, expected] of Object.entries(c.gradients)) {
        const name = role === 'x' ? 'd x' : `d it/${role}`;
        assertClose(result[name]!, expected, { relative: 1e-9 });
      }
      const { exact, measured } = await slopes(layer, inputs);
      assertClose([exact], [measured], { relative: 1e-5 });
    });
  }

  it('are stored as PyTorch here gives them (needs torch in /usr/bin/python3)', function () {
    this.timeout(120_000);
    if (!pythonHas('torch')) this.skip();
    const now = JSON.parse(runPython(script)) as TorchLayer[];
    assert.equal(now.length, cases.length);
    now.forEach((live, i) => {
      assert.deepEqual(live.config, cases[i]!.config);
      assertClose(live.y, cases[i]!.y, { relative: 1e-9 });
      for (const [role, values] of Object.entries(live.gradients)) {
        assertClose(values, cases[i]!.gradients[role]!, { relative: 1e-9 });
      }
    });
  });
});
