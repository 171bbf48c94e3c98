import assert from 'node:assert/strict';
import { initialValues } from '../../../src/core/layers/initializers.ts';
import { streamOf, threefry2x32, uniform24 } from '../../../src/core/random/threefry.ts';
import { torchGenerator } from '../../../src/core/random/torchUniform.ts';
import type { InitializerConfig } from '../../../src/shared/model/initializers.ts';
import { torchModel } from '../../kit/torchModel.ts';

const seed = { seed: 7, index: 3 };
const fans = { fanIn: 200, fanOut: 100 };
const shape = [200, 100];

interface Expected {
  readonly config: InitializerConfig;
  readonly mean?: number;
  readonly variance: number;
  readonly bound: number;
}

const uniform = (bound: number) => ({ bound, variance: bound ** 2 / 3 });
/** Cut at two standard deviations of the wider normal it is taken from. */
const truncated = (variance: number) => ({
  variance,
  bound: (2 * Math.sqrt(variance)) / 0.87962566103423978,
});
const cases: Expected[] = [
  { config: { type: 'glorot_uniform' }, ...uniform(Math.sqrt(6 / 300)) },
  { config: { type: 'he_uniform' }, ...uniform(Math.sqrt(6 / 200)) },
  { config: { type: 'lecun_uniform' }, ...uniform(Math.sqrt(3 / 200)) },
  { config: { type: 'pytorch_default' }, ...uniform(1 / Math.sqrt(200)) },
  { config: { type: 'glorot_normal' }, ...truncated(2 / 300) },
  { config: { type: 'he_normal' }, ...truncated(2 / 200) },
  { config: { type: 'lecun_normal' }, ...truncated(1 / 200) },
  {
    config: { type: 'random_uniform', minval: 1, maxval: 3 },
    mean: 2,
    variance: 1 / 3,
    bound: 3,
  },
  { config: { type: 'random_normal', mean: 5, stddev: 0.5 }, mean: 5, variance: 0.25, bound: 8 },
];

describe('initialisers', () => {
  for (const { config, mean = 0, variance, bound } of cases) {
    it(`${config.type} has its mean, variance and bound`, () => {
      const values = initialValues(config, shape, fans, seed);
      const n = values.length;
      const average = values.reduce((sum, x) => sum + x, 0) / n;
      const spread = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / n;
      const deviation = Math.sqrt(variance);
      // 20 000 values: five standard errors of the mean, and of the variance of a normal.
      assert.ok(Math.abs(average - mean) < (5 * deviation) / Math.sqrt(n), `mean ${average}`);
      assert.ok(Math.abs(spread / variance - 1) < 5 * Math.sqrt(2 / n), `variance ${spread}`);
      const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      assert.ok(largest <= Math.fround(bound), `largest ${largest}`);
      if (config.type !== 'random_normal') assert.ok(largest > 0.99 * bound, `largest ${largest}`);
    });
  }

  it('fill with constants', () => {
    const fill = (config: InitializerConfig) => [...initialValues(config, [2], fans, seed)];
    assert.deepEqual(fill({ type: 'zeros' }), [0, 0]);
    assert.deepEqual(fill({ type: 'ones' }), [1, 1]);
    assert.deepEqual(fill({ type: 'constant', value: 0.5 }), [0.5, 0.5]);
  });

  it('depend on the seed and the tensor, and on nothing else', () => {
    const draw = (s: number, index: number) =>
      initialValues({ type: 'glorot_uniform' }, [3], fans, { seed: s, index }).join();
    assert.equal(draw(1, 2), draw(1, 2));
    assert.notEqual(draw(1, 2), draw(1, 3));
    assert.notEqual(draw(1, 2), draw(2, 2));
  });

  it('take the words of Threefry in order, from the stream of the tensor', () => {
    const key = threefry2x32([7, streamOf('initialize', 3)], [0, 0]);
    const words = [0, 1].flatMap((counter) => threefry2x32(key, [counter, 0]));
    const expected = words.map((word) => Math.fround(-0.5 + uniform24(word)));
    const config: InitializerConfig = { type: 'random_uniform', minval: -0.5, maxval: 0.5 };
    assert.deepEqual([...initialValues(config, [2, 2], fans, seed)], expected);
  });
});

describe('initial weights with compat: pytorch', () => {
  for (const { seed: value, sizes, layers } of torchModel.initialWeights) {
    it(`are those of torch.manual_seed(${value}) for ${sizes.join('-')}, bit for bit`, () => {
      const torch = torchGenerator(value);
      layers.forEach(({ weight, bias }, i) => {
        const [inputs, units] = [sizes[i]!, sizes[i + 1]!];
        const draw = (tensorShape: number[]) =>
          initialValues(
            { type: 'pytorch_default' },
            tensorShape,
            { fanIn: inputs, fanOut: units },
            { seed: value, index: 0, torch },
          );
        const kernel = draw([inputs, units]);
        const transposed = weight.map(
          (_, j) => kernel[(j % inputs) * units + Math.floor(j / inputs)],
        );
        assert.deepEqual(transposed, weight);
        assert.deepEqual([...draw([units])], bias);
      });
    });
  }

  for (const { seed: value, low, high, values } of torchModel.uniform) {
    it(`uniform_(${low}, ${high}) is PyTorch's, bit for bit`, () => {
      assert.deepEqual([...torchGenerator(value).uniform(values.length, low, high)], values);
    });
  }
});
