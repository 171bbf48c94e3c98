import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { activate } from '../../../src/core/layers/activations.ts';
import type { ActivationConfig } from '../../../src/shared/model/activations.ts';
import { torchModel } from '../../kit/torchModel.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';

describe('activations', () => {
  for (const { config, shape, x, y, seed, gradient } of torchModel.activations) {
    it(`${JSON.stringify(config)} of [${shape.join()}] has the value and gradient of PyTorch`, async () => {
      const inputs = { x: { shape, values: x }, seed: { shape, values: seed } };
      const result = await evaluate(inputs, (b, nodes) => {
        const value = activate(b, nodes['x']!, config);
        const sum = b.reduce('sum', b.mul(value, nodes['seed']!));
        return { value, gradient: gradients(b, sum, [nodes['x']!])[0]! };
      });
      assertClose(result['value']!, y, { relative: 1e-12 });
      assertClose(result['gradient']!, gradient, { relative: 1e-11 });
    });
  }

  const at = async (config: ActivationConfig, values: number[]) =>
    evaluate({ x: { shape: [values.length], values } }, (b, { x }) => {
      const value = activate(b, x!, config);
      return { value, gradient: gradients(b, b.reduce('sum', value), [x!])[0]! };
    });

  const extremes: [ActivationConfig, number[], number[], number[]][] = [
    [{ type: 'softplus' }, [-800, 0, 800], [0, Math.LN2, 800], [0, 0.5, 1]],
    [{ type: 'softplus' }, [-Infinity, Infinity], [0, Infinity], [0, 1]],
    [{ type: 'elu', alpha: 1 }, [-800, 0, 800], [-1, 0, 800], [0, 1, 1]],
    [{ type: 'sigmoid' }, [-800, 0, 800], [0, 0.5, 1], [0, 0.25, 0]],
    [{ type: 'relu' }, [-1, 0, 2], [0, 0, 2], [0, 0, 1]],
    [{ type: 'swish' }, [-800, 0, 800], [-0, 0, 800], [0, 0.5, 1]],
    [{ type: 'log_softmax' }, [0, 1000], [-1000, 0], [1, -1]],
  ];
  for (const [config, x, value, gradient] of extremes) {
    it(`${config.type} stays exact and differentiable at ${x.join(', ')}`, async () => {
      const result = await at(config, x);
      assertClose(result['value']!, value, { relative: 1e-15 });
      assertClose(result['gradient']!, gradient, { relative: 1e-15 });
    });
  }

  it('passes NaN on', async () => {
    const all: ActivationConfig[] = torchModel.activations.map(({ config }) => config);
    for (const config of all) {
      const { value } = await at(config, [NaN]);
      assert.ok(Number.isNaN(value![0]), config.type);
    }
  });
});
