/** Conventions and structure of gradients; their values are in test/conformance/gradients.test.ts. */
import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import type { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { tensorType } from '../../../src/shared/tensor/tensorType.ts';
import { evaluate } from '../../kit/evaluate.ts';

interface Convention {
  readonly name: string;
  readonly x: readonly number[];
  readonly loss: (b: Builder, x: Node) => Node;
  readonly gradient: readonly number[];
}

const conventions: readonly Convention[] = [
  {
    name: 'relu has slope 0 at 0',
    x: [-1, 0, 2],
    loss: (b, x) => b.binary('max', x, 0),
    gradient: [0, 0, 1],
  },
  {
    name: 'abs has slope 0 at 0',
    x: [-3, 0, 2],
    loss: (b, x) => b.unary('abs', x),
    gradient: [-1, 0, 1],
  },
  {
    name: 'a reduced maximum shares among ties',
    x: [4, 1, 4],
    loss: (b, x) => b.reduce('max', x),
    gradient: [0.5, 0, 0.5],
  },
  {
    name: 'floor and conversions to integers have none',
    x: [1.5, 2.5, -1],
    loss: (b, x) => b.add(b.unary('floor', x), b.convert(b.convert(x, 'i32'), 'f32')),
    gradient: [0, 0, 0],
  },
  {
    name: 'detach stops gradients',
    x: [1, 2, 3],
    loss: (b, x) => b.mul(x, b.detach(x)),
    gradient: [1, 2, 3],
  },
  {
    name: 'a loss that does not depend on x gives zeros',
    x: [1, 2, 3],
    loss: (b) => b.constant(5),
    gradient: [0, 0, 0],
  },
  {
    name: 'several uses add up',
    x: [1, 2, 3],
    loss: (b, x) => b.add(b.mul(x, x), b.mul(x, 3)),
    gradient: [5, 7, 9],
  },
  {
    name: 'x to the power 2 has slope 0 at 0',
    x: [-1, 0, 2],
    loss: (b, x) => b.binary('pow', x, 2),
    gradient: [-2, 0, 4],
  },
];

describe('gradients', () => {
  for (const { name, x, loss, gradient } of conventions) {
    it(name, async () => {
      const values = await evaluate({ x: { shape: [x.length], values: x } }, (b, nodes) => ({
        gradient: gradients(b, loss(b, nodes.x!), [nodes.x!])[0]!,
      }));
      assert.deepEqual(
        values.gradient!.map((v) => v + 0),
        gradient,
      );
    });
  }

  it('flow to an intermediate value too', async () => {
    const { gx, gy } = await evaluate({ x: { shape: [2], values: [3, 4] } }, (b, { x }) => {
      const y = b.mul(x!, 2);
      const [toX, toY] = gradients(b, b.mul(y, y), [x!, y]);
      return { gx: toX!, gy: toY! };
    });
    assert.deepEqual(gy, [12, 16]);
    assert.deepEqual(gx, [24, 32]);
  });

  it('can be differentiated again', async () => {
    const { second } = await evaluate({ x: { shape: [2], values: [3, -2] } }, (b, { x }) => {
      const [first] = gradients(b, b.mul(b.mul(x!, x!), x!), [x!]);
      return { second: gradients(b, first!, [x!])[0]! };
    });
    assert.deepEqual(second, [18, -12]);
  });

  it('of a scan equal those of the same loop unrolled, also where only the last carry is used', async () => {
    const cell = (b: Builder, h: Node, x: Node, w: Node): Node =>
      b.unary('tanh', b.add(b.mul(h, w), x));
    const { scanned, unrolled, scannedW, unrolledW } = await evaluate(
      {
        xs: { shape: [3, 2], values: [0.1, -0.2, 0.3, 0.5, -0.7, 0.9] },
        w: { shape: [2], values: [0.5, -1.5] },
      },
      (b, { xs, w }) => {
        const h = b.scanInput('h', tensorType('f32', [2]));
        const x = b.scanInput('x', tensorType('f32', [2]));
        const scan = { count: 3, inputs: [h, x], carries: [cell(b, h, x, w!)], outputs: [] };
        const [last] = b.scan(scan, [b.constant(0.25, [2])], [xs!]);
        let state = b.constant(0.25, [2]);
        for (let turn = 0; turn < 3; turn++) {
          const row = b.reshape(b.slice(xs!, [turn, 0], [1, 2]), [2]);
          state = cell(b, state, row, w!);
        }
        const [a, aw] = gradients(b, b.mul(last!, last!), [xs!, w!]);
        const [u, uw] = gradients(b, b.mul(state, state), [xs!, w!]);
        return { scanned: a!, unrolled: u!, scannedW: aw!, unrolledW: uw! };
      },
    );
    assert.deepEqual(scanned, unrolled);
    assert.deepEqual(scannedW, unrolledW);
  });
});
