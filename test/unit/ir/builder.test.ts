import assert from 'node:assert/strict';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { tensorType } from '../../../src/shared/tensor/tensorType.ts';

const geometry = { strides: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;

/** Each must throw an internal error that matches. */
const wrong: readonly [string, RegExp, (b: Builder, x: Node, ints: Node) => unknown][] = [
  [
    'add of shapes that do not broadcast',
    /\[2,3\] and \[2\]/,
    (b, x) => b.add(x, b.constant(0, [2])),
  ],
  ['add of f32 and i32', /operands differ/, (b, x) => b.binary('add', x, b.iota([2, 3], 0))],
  ['exp of i32', /needs f32/, (b, _, ints) => b.unary('exp', ints)],
  ['not of f32', /needs bool/, (b, x) => b.unary('not', x)],
  ['and of f32', /needs bool/, (b, x) => b.binary('and', x, x)],
  ['select by f32', /condition must be bool/, (b, x) => b.select(x, x, x)],
  ['reshape to another count', /element count/, (b, x) => b.reshape(x, [5])],
  ['transpose by no permutation', /no permutation/, (b, x) => b.transpose(x, [0, 0])],
  ['slice out of bounds', /out of bounds/, (b, x) => b.slice(x, [0, 2], [2, 2])],
  [
    'concat of parts that differ',
    /differ off the axis/,
    (b, x) => b.concat([x, b.constant(0, [2, 2])], 0),
  ],
  ['matmul of sizes that differ', /inner sizes differ/, (b, x) => b.matmul(x, x)],
  ['matmul of a vector', /two matrices/, (b, x) => b.matmul(x, b.constant(0, [3]))],
  ['reduce over a missing axis', /axis out of range/, (b, x) => b.reduce('sum', x, [2])],
  ['gather by floats', /i32\[m\] indices/, (b, x) => b.gatherRows(x, b.constant(0, [2]))],
  [
    'convolution of other channels',
    /channels differ/,
    (b) => b.conv2d(b.constant(0, [1, 3, 3, 2]), b.constant(0, [2, 2, 3, 1]), geometry),
  ],
  [
    'convolution by a filter that is too large',
    /shape has a bad size/,
    (b) => b.conv2d(b.constant(0, [1, 2, 2, 1]), b.constant(0, [4, 4, 1, 1]), geometry),
  ],
  [
    'gradient of a convolution for an input that could not give it',
    /output should be \[1,2,2,1\]/,
    (b) => {
      const grad = b.constant(0, [1, 3, 3, 1]);
      return b.conv2dInputGrad(grad, b.constant(0, [2, 2, 1, 1]), [1, 3, 3, 1], geometry);
    },
  ],
  ['constant of too few values', /needs 3 values/, (b) => b.constant([1, 2], [3])],
  [
    'scan whose carry changes its shape',
    /carry changes its type/,
    (b, x) => {
      const carry = b.scanInput('carry', x.type);
      const carries = [b.reshape(carry, [6])];
      return b.scan({ count: 2, inputs: [carry], carries, outputs: [] }, [x], []);
    },
  ],
  [
    'scan over a sequence of another length',
    /one element for each turn/,
    (b, x) => {
      const element = b.scanInput('element', tensorType('f32', [3]));
      return b.scan({ count: 5, inputs: [element], carries: [], outputs: [element] }, [], [x]);
    },
  ],
];

describe('IR builder', () => {
  it('gives the same node for the same value', () => {
    const b = new Builder();
    const x = b.load(b.buffer('x', 'data', 'f32', [2]));
    assert.equal(b.add(x, 1), b.add(x, b.constant(1, [2])));
    assert.notEqual(b.add(x, 1), b.add(x, 2));
    assert.notEqual(b.constant(0), b.constant(-0));
    assert.notEqual(b.constant(NaN), b.constant(Infinity));
    assert.notEqual(b.constant(1), b.constant(1, [], 'i32'));
  });

  it('never joins two inputs of scans', () => {
    const b = new Builder();
    const type = tensorType('f32', []);
    assert.notEqual(b.scanInput('h', type), b.scanInput('h', type));
  });

  it('rejects one name for two kinds of buffer', () => {
    const b = new Builder();
    b.buffer('x', 'data', 'f32', [2]);
    assert.throws(() => b.buffer('x', 'data', 'f32', [3]), /internal: buffer x declared twice/);
  });

  for (const [name, message, build] of wrong) {
    it(`rejects ${name}`, () => {
      const b = new Builder();
      const x = b.load(b.buffer('x', 'data', 'f32', [2, 3]));
      const ints = b.load(b.buffer('i', 'data', 'i32', [2, 3]));
      assert.throws(() => build(b, x, ints), message);
    });
  }
});
