import assert from 'node:assert/strict';
import { gradients } from '../../../src/core/autodiff/gradients.ts';
import type { Output } from '../../../src/core/graph/model.ts';
import type { Builder } from '../../../src/core/ir/builder.ts';
import type { Node } from '../../../src/core/ir/program.ts';
import { activate } from '../../../src/core/layers/activations.ts';
import { createLoss } from '../../../src/core/optim/losses.ts';
import type { LossConfig } from '../../../src/shared/model/losses.ts';
import { torchModel } from '../../kit/torchModel.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate } from '../../kit/evaluate.ts';

type Activation = 'softmax' | 'log_softmax' | 'sigmoid' | 'linear';

interface Case {
  readonly config: LossConfig;
  readonly activation: Activation;
  readonly shape: readonly [number, number];
  readonly x: readonly number[];
  readonly target: readonly number[];
  /** As a model whose last activation is not known to the loss. */
  readonly hideLogits?: boolean;
}

function outputOf(b: Builder, x: Node, { activation, hideLogits }: Case): Output {
  const value = activate(b, x, { type: activation });
  if (activation === 'linear' || hideLogits) return { value, activation: 'other' };
  return { value, logits: x, activation };
}

async function lossOf(c: Case): Promise<{ loss: number; gradient: number[] }> {
  const [rows] = c.shape;
  const indices = c.target.length === rows && !/^mean|huber/.test(c.config.type);
  const target = indices
    ? { shape: [rows], values: c.target, dtype: 'i32' as const }
    : { shape: c.shape, values: c.target };
  const inputs = { x: { shape: c.shape, values: c.x }, target };
  const result = await evaluate(inputs, (b, { x, target: node }) => {
    const batch = { output: outputOf(b, x!, c), target: node!, rows };
    const loss = createLoss(c.config).build(b, batch);
    return { loss, gradient: gradients(b, loss, [x!])[0]! };
  });
  return { loss: result['loss']![0]!, gradient: result['gradient']! };
}

describe('losses', () => {
  for (const c of torchModel.losses) {
    const title = `${JSON.stringify(c.config)} after ${c.activation} on [${c.shape.join()}]`;
    it(`${title} has the value and gradient of PyTorch`, async () => {
      const { loss, gradient } = await lossOf(c);
      assertClose([loss], [c.loss], { relative: 1e-12 });
      assertClose(gradient, c.gradient, { relative: 1e-11 });
    });
  }

  const handmade: { title: string; case: Case; loss: number }[] = [
    {
      title: 'cross-entropy on plain probabilities takes the log of the right one',
      case: {
        config: { type: 'sparse_categorical_crossentropy', from_logits: false },
        activation: 'linear',
        shape: [2, 3],
        x: [0.2, 0.3, 0.5, 0.1, 0.8, 0.1],
        target: [2, 1],
      },
      loss: -(Math.log(0.5) + Math.log(0.8)) / 2,
    },
    {
      title: 'cross-entropy on plain probabilities first makes them sum to 1',
      case: {
        config: { type: 'categorical_crossentropy', from_logits: false },
        activation: 'linear',
        shape: [1, 3],
        x: [0.5, 0.5, 1],
        target: [0],
      },
      loss: Math.log(4),
    },
    {
      title: 'cross-entropy on a probability of 0 is clipped as in Keras',
      case: {
        config: { type: 'sparse_categorical_crossentropy', from_logits: false },
        activation: 'linear',
        shape: [1, 2],
        x: [1, 0],
        target: [1],
      },
      loss: -Math.log(1e-7),
    },
    ...(['softmax', 'linear'] as const).map((activation) => ({
      title: `label smoothing spreads a share of the target over all classes, after ${activation}`,
      case: {
        config: {
          type: 'sparse_categorical_crossentropy' as const,
          from_logits: false,
          label_smoothing: 0.3,
        },
        activation,
        shape: [1, 3] as const,
        x:
          activation === 'softmax' ? [Math.log(1), Math.log(2), Math.log(5)] : [0.125, 0.25, 0.625],
        target: [1],
      },
      loss: -0.1 * Math.log(0.125) - 0.8 * Math.log(0.25) - 0.1 * Math.log(0.625),
    })),
    {
      title: 'label smoothing of two classes',
      case: {
        config: { type: 'binary_crossentropy', from_logits: false, label_smoothing: 0.2 },
        activation: 'sigmoid',
        shape: [1, 1],
        x: [Math.log(3)],
        target: [1],
      },
      loss: -0.9 * Math.log(0.75) - 0.1 * Math.log(0.25),
    },
    {
      title: 'binary cross-entropy on plain probabilities',
      case: {
        config: { type: 'binary_crossentropy', from_logits: false },
        activation: 'sigmoid',
        hideLogits: true,
        shape: [2, 1],
        x: [Math.log(3), Math.log(4)],
        target: [1, 0],
      },
      loss: -(Math.log(0.75) + Math.log(0.2)) / 2,
    },
    {
      title: 'cross-entropy on softmax output does not overflow where probabilities are 0',
      case: {
        config: { type: 'sparse_categorical_crossentropy', from_logits: false },
        activation: 'softmax',
        shape: [1, 2],
        x: [5000, 0],
        target: [1],
      },
      loss: 5000,
    },
    {
      title: 'softmax given as logits is squashed twice, as Keras does',
      case: {
        config: { type: 'sparse_categorical_crossentropy', from_logits: true },
        activation: 'softmax',
        shape: [1, 2],
        x: [0, Math.log(3)],
        target: [1],
      },
      loss: Math.log1p(Math.exp(-0.5)),
    },
  ];
  for (const { title, case: c, loss } of handmade) {
    it(title, async () => assertClose([(await lossOf(c)).loss], [loss], { relative: 1e-12 }));
  }

  it('a ragged batch weighs each row the same', async () => {
    const config: LossConfig = { type: 'mean_squared_error' };
    const of = (x: number[]) =>
      lossOf({ config, activation: 'linear', shape: [x.length, 1], x, target: x.map(() => 0) });
    const [whole, head, tail] = [await of([1, 2, 3]), await of([1, 2]), await of([3])];
    assert.equal(whole.loss * 3, head.loss * 2 + tail.loss);
  });
});
