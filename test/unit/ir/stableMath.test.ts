import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { logSoftmax, softmax } from '../../../src/core/ir/stableMath.ts';
import { topological } from '../../../src/core/ir/traverse.ts';
import { evaluate } from '../../kit/evaluate.ts';

describe('a detached value', () => {
  it('is the value, and a constant to gradients', async () => {
    const inputs = { x: { shape: [3], values: [2, -3, 0.5] } };
    const { value, gradient } = await evaluate(inputs, (b, { x }) => {
      const product = b.mul(b.detach(x!), x!);
      return { value: product, gradient: gradients(b, b.reduce('sum', product), [x!])[0]! };
    });
    assert.deepEqual(value, [4, 9, 0.25]);
    assert.deepEqual(gradient, [2, -3, 0.5]);
  });

  for (const [name, lower] of Object.entries({ softmax, logSoftmax })) {
    it(`keeps the maximum out of the gradient of ${name}`, () => {
      const b = new Builder();
      const x = b.load(b.buffer('x', 'data', 'f32', [2, 3]));
      const [gradient] = gradients(b, b.reduce('sum', lower(b, x), [0]), [x]);
      const ops = topological([gradient!]).map(({ op }) => op.kind);
      assert.ok(!ops.includes('compare'), ops.join());
    });
  }
});
