/** Clipping and weight decay by hand: a step of SGD with rate 1 from two tensors. */
import { createOptimizer } from '../../../src/core/optim/optimizers.ts';
import type { OptimizerConfig } from '../../../src/shared/model/optimizers.ts';
import type { Conventions } from '../../../src/shared/model/schemaKit.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';

const sgd = { type: 'SGD', learning_rate: 0.5, momentum: 0, nesterov: false } as const;

/** The gradients [3, 4] and [12] have norms 5 and 12, together 13; the parameters are [1, 2] and [10]. */
async function step(config: OptimizerConfig, conventions: Conventions): Promise<number[]> {
  const inputs = {
    p: { shape: [2], values: [1, 2] },
    q: { shape: [1], values: [10] },
    dp: { shape: [2], values: [3, 4] },
    dq: { shape: [1], values: [12] },
  };
  const { p, q } = await evaluate(inputs, (b, nodes) => {
    const optimizer = createOptimizer(config, conventions);
    const buffers = [b.buffer('p', 'state', 'f32', [2]), b.buffer('q', 'state', 'f32', [1])];
    const gradients = [nodes['dp']!, nodes['dq']!];
    const updates = buffers.map((buffer, i) => ({ buffer, gradient: gradients[i]! }));
    const learningRate = b.constant(0.5);
    const scalars = { learningRate, step: b.constant(1, [], 'i32') };
    const { stores } = optimizer.build(b, updates, scalars);
    const after = (name: string) => stores.find(({ buffer }) => buffer.name === name)!.value;
    return { p: after('p'), q: after('q') };
  });
  return [...p!, ...q!];
}

describe('gradients before the optimizer', () => {
  const cases: readonly (readonly [keys: object, conventions: Conventions, after: number[]])[] = [
    [{}, 'keras', [-0.5, 0, 4]],
    [{ clipvalue: 3.5 }, 'keras', [-0.5, 0.25, 8.25]],
    [{ clipnorm: 10 }, 'keras', [-0.5, 0, 5]],
    [{ clipnorm: 1 }, 'pytorch', [0.7, 1.6, 9.5]],
    [{ global_clipnorm: 6.5 }, 'keras', [0.25, 1, 7]],
    [{ global_clipnorm: 26 }, 'keras', [-0.5, 0, 4]],
    [
      { global_clipnorm: 6.5 },
      'pytorch',
      [
        1 - (0.5 * 3 * 6.5) / 13.000001,
        2 - (0.5 * 4 * 6.5) / 13.000001,
        10 - (6 * 6.5) / 13.000001,
      ],
    ],
    [{ weight_decay: 0.2 }, 'keras', [0.9 - 1.5, 1.8 - 2, 9 - 6]],
    [{ weight_decay: 0.2, clipvalue: 3.5 }, 'keras', [0.9 - 1.5, 1.8 - 1.75, 9 - 1.75]],
    [{ weight_decay: 0.2 }, 'pytorch', [0.9 - 1.5, 1.8 - 2, 9 - 6]],
  ];
  for (const [keys, conventions, after] of cases) {
    it(`${JSON.stringify(keys)} as in ${conventions}`, async () => {
      assertClose(await step({ ...sgd, ...keys }, conventions), after, { relative: 1e-12 });
    });
  }

  it("PyTorch's weight decay is scaled as a gradient is, that of Keras is not", async () => {
    const config = { ...sgd, type: 'RMSprop', rho: 0, epsilon: 1e-9, centered: false } as const;
    const adaptive = { ...config, weight_decay: 0.2 } as unknown as OptimizerConfig;
    assertClose(await step(adaptive, 'pytorch'), [0.5, 1.5, 9.5], { relative: 1e-6 });
    assertClose(await step(adaptive, 'keras'), [0.4, 1.3, 8.5], { relative: 1e-6 });
  });
});
