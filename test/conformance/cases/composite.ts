import type { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { logSoftmax, softmax, softplus } from '../../../src/core/ir/stableMath.ts';
import { tensorType } from '../../../src/shared/tensor/tensorType.ts';
import { type OpCase, given, indices, normal, positive } from '../opCase.ts';

/** Weighted sum with a mask: what a ragged batch needs. */
function maskedMean(b: Builder, x: Node, mask: Node): Node {
  const kept = b.select(mask, x, 0);
  return b.div(b.reduce('sum', kept), b.reduce('sum', b.convert(mask, 'f32')));
}

/** h' = tanh(x W + h U + bias) over 5 turns; the weights are captured from outside. */
function recurrent(b: Builder, [xs, h0, w, u, bias]: readonly Node[]): Node[] {
  const [turns = 0, batch = 0, features = 0] = xs!.type.shape;
  const h = b.scanInput('h', h0!.type);
  const x = b.scanInput('x', tensorType('f32', [batch, features]));
  const sum = b.add(b.add(b.matmul(x, w!), b.matmul(h, u!)), bias!);
  const next = b.unary('tanh', sum);
  return b.scan({ count: turns, inputs: [h, x], carries: [next], outputs: [next] }, [h0!], [xs!]);
}

function layerNormalization(b: Builder, x: Node, scale: Node): Node {
  const width = x.type.shape[1]!;
  const mean = b.div(b.reduce('sum', x, [1], true), width);
  const centred = b.sub(x, mean);
  const variance = b.div(b.reduce('sum', b.mul(centred, centred), [1], true), width);
  return b.mul(b.mul(centred, b.unary('rsqrt', b.add(variance, 1e-3))), scale);
}

export const compositeCases: readonly OpCase[] = [
  ...[1, 2, 7, 20].map((rows): OpCase => ({
    name: `dense layer with relu, ${rows} rows`,
    family: 'composite',
    inputs: [normal([rows, 5], 1), normal([5, 10], 2), normal([10], 3)],
    build: (b, [x, kernel, bias]) => b.binary('max', b.add(b.matmul(x, kernel), bias), 0),
    differentiable: true,
  })),
  {
    name: 'softmax, log_softmax and softplus',
    family: 'composite',
    inputs: [normal([5, 3])],
    build: (b, [x]) => [softmax(b, x), logSoftmax(b, x), softplus(b, x)],
    differentiable: true,
  },
  {
    name: 'softmax, log_softmax and softplus of large numbers',
    family: 'composite',
    inputs: [given('f32', [2, 3], [1000, 0, -1000, -500, -500, -500])],
    build: (b, [x]) => [softmax(b, x), logSoftmax(b, x), softplus(b, x)],
    expected: [
      [1, 0, 0, 1 / 3, 1 / 3, 1 / 3],
      [0, -1000, -2000, -Math.log(3), -Math.log(3), -Math.log(3)],
      [1000, Math.LN2, 0, 0, 0, 0],
    ],
  },
  {
    name: 'sparse cross-entropy by a one-hot mask',
    family: 'composite',
    inputs: [normal([7, 3]), indices([7], 3)],
    build: (b, [logits, labels]) => {
      const hot = b.compare('eq', b.iota([7, 3], 1), b.reshape(labels, [7, 1]));
      return b.div(b.reduce('sum', b.select(hot, logSoftmax(b, logits), 0)), -7);
    },
    differentiable: true,
  },
  {
    name: 'mean over a mask',
    family: 'composite',
    inputs: [normal([5]), given('bool', [5], [1, 0, 1, 1, 0])],
    build: (b, [x, mask]) => maskedMean(b, x, mask),
    differentiable: true,
  },
  {
    name: 'layer normalization',
    family: 'composite',
    inputs: [normal([3, 11], 1), positive([11], 2)],
    build: (b, [x, scale]) => layerNormalization(b, x, scale),
    differentiable: true,
  },
  {
    name: 'recurrent cell over 5 turns',
    family: 'composite',
    inputs: [
      normal([5, 2, 3], 1),
      normal([2, 4], 2),
      normal([3, 4], 3),
      normal([4, 4], 4),
      normal([4], 5),
    ],
    build: recurrent,
    differentiable: true,
  },
  {
    name: 'scan with i32 and f32 carries: Fibonacci and powers of a half',
    family: 'exact',
    inputs: [given('i32', [2], [0, 1]), given('f32', [], [1])],
    build: (b, [pair, one]) => {
      const last = b.scanInput('last', pair.type);
      const scale = b.scanInput('scale', one.type);
      const rows = [b.slice(last, [1], [1]), b.reduce('sum', last, [0])];
      const next = b.concat([rows[0]!, b.reshape(rows[1]!, [1])], 0);
      const inputs = [last, scale];
      const carries = [next, b.mul(scale, 0.5)];
      return b.scan({ count: 6, inputs, carries, outputs: [scale] }, [pair, one], []);
    },
    expected: [[8, 13], [2 ** -6], [1, 0.5, 0.25, 0.125, 0.0625, 0.03125]],
  },
  {
    name: 'dropout mask from random bits',
    family: 'exact',
    inputs: [normal([3, 7]), given('i32', [3], [7, 2, 5])],
    build: (b, [x, position]) => {
      const scalar = (i: number): Node => b.reshape(b.slice(position, [i], [1]), []);
      const counter = { seed: scalar(0), epoch: scalar(1), step: scalar(2) };
      const bits = b.randomBits(3, counter, [3, 7]);
      const keep = b.compare('ge', b.unary('uniform24', bits), 0.5);
      return [bits, b.select(keep, b.mul(x, 2), 0)];
    },
  },
  {
    name: 'random bits of later rows are those of the whole',
    family: 'exact',
    inputs: [given('i32', [], [9])],
    build: (b, [seed]) => {
      const counter = { seed, epoch: seed, step: seed };
      const later = (firstRow: number, rows: number): Node =>
        b.randomBits(3, { ...counter, firstRow }, [rows, 5]);
      const whole = b.randomBits(3, counter, [31, 5]);
      const same = [later(4, 6), later(10, 21)].map((part, i) => {
        const own = b.slice(whole, [i === 0 ? 4 : 10, 0], part.type.shape);
        return b.convert(b.compare('eq', part, own), 'i32');
      });
      return same.map((each) => b.reduce('sum', each));
    },
    expected: [[30], [105]],
  },
  {
    name: 'uint8 pixels to centred floats',
    family: 'sum',
    inputs: [given('u8', [1, 2, 2, 1], [0, 255, 128, 51])],
    build: (b, [pixels]) => b.sub(b.mul(b.convert(pixels, 'f32'), 2 / 255), 1),
    expected: [[-1, 1, 256 / 255 - 1, -0.6]],
  },
  {
    name: 'Adam update: several outputs of one graph',
    family: 'composite',
    inputs: [normal([7, 3], 1), normal([7, 3], 2), normal([7, 3], 3), positive([7, 3], 4)],
    build: (b, [w, g, m0, v0]) => {
      const m = b.add(b.mul(m0, 0.9), b.mul(g, 0.1));
      const v = b.add(b.mul(v0, 0.999), b.mul(b.mul(g, g), 0.001));
      const step = b.div(b.mul(m, 0.01), b.add(b.unary('sqrt', v), 1e-7));
      return [b.sub(w, step), m, v];
    },
  },
  {
    name: 'a value that is stored and summed',
    family: 'sum',
    inputs: [normal([3, 5])],
    build: (b, [x]) => {
      const y = b.unary('neg', x);
      return [y, b.reduce('sum', y)];
    },
    differentiable: true,
  },
  {
    name: 'a value that is used twice, transposed and reduced',
    family: 'composite',
    inputs: [normal([5, 7])],
    build: (b, [x]) => {
      const y = b.unary('sigmoid', x);
      return [b.matmul(y, b.transpose(y, [1, 0])), b.reduce('sum', y, [0]), b.mul(y, y)];
    },
    differentiable: true,
  },
];
