/**
 * Losses as IR: means over the rows of a batch (and over the values of a row), exact for ragged batches.
 * Cross-entropies work on logits where the model has them, so that no probability is ever rounded to 0;
 * where there are only probabilities they are clipped to [1e-7, 1 - 1e-7] as in Keras.
 */
import type { LossConfig } from '../../shared/model/losses.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { logSoftmax, logSumExp, softplus } from '../ir/stableMath.ts';
import { numericTarget, selectTarget } from './targets.ts';
import type { Batch, Loss } from './types.ts';

type Entropy = Extract<LossConfig, { readonly from_logits: boolean }>;

const probabilityFloor = 1e-7;

export function createLoss(config: LossConfig): Loss {
  return {
    name: config.type,
    build(b, batch) {
      const terms = termsOf(b, batch, config);
      const { weights } = batch;
      return meanOf(b, weights ? b.mul(terms, b.reshape(weights, terms.type.shape)) : terms);
    },
    rows(b, batch) {
      const terms = termsOf(b, batch, config);
      const width = elementCount(terms.type.shape) / Math.max(1, batch.rows);
      if (width === 1) return b.reshape(terms, [batch.rows]);
      return b.div(b.reduce('sum', terms, [1]), width);
    },
  };
}

/** What the loss is the mean of: [rows], or [rows, width]. */
function termsOf(b: Builder, batch: Batch, config: LossConfig): Node {
  switch (config.type) {
    case 'sparse_categorical_crossentropy':
    case 'categorical_crossentropy':
      return categorical(b, batch, config);
    case 'binary_crossentropy':
      return binary(b, batch, config);
    case 'mean_squared_error':
      return squared(b, difference(b, batch));
    case 'mean_absolute_error':
      return b.unary('abs', difference(b, batch));
    case 'huber':
      return huber(b, difference(b, batch), config.delta);
  }
}

/** -log p(target) for class indices, -sum(target * log p) for rows of probabilities. */
function categorical(b: Builder, batch: Batch, { from_logits, label_smoothing }: Entropy): Node {
  const { target, rows } = batch;
  const logits = categoricalLogits(batch, from_logits); // [rows, classes]
  if (logits !== undefined && target.type.dtype === 'i32') {
    // Kept apart, the two halves have a gradient with one sum a row less than log(softmax) has.
    const { shifted, logSum } = logSumExp(b, logits);
    const own = smoothed(b, shifted, target, label_smoothing);
    return b.sub(b.reshape(logSum, [rows]), own);
  }
  const logs =
    logits === undefined ? logProbabilities(b, batch.output.value) : logSoftmax(b, logits);
  return b.unary('neg', smoothed(b, logs, target, label_smoothing));
}

/** f32[rows]: the score of the target, of which a share is taken from the mean over all classes. */
function smoothed(b: Builder, scores: Node, target: Node, share = 0): Node {
  const own = selectTarget(b, scores, target);
  if (share === 0) return own;
  const mean = b.div(b.reduce('sum', scores, [1]), scores.type.shape[1]!);
  return b.add(b.mul(own, 1 - share), b.mul(mean, share));
}

function categoricalLogits({ output }: Batch, fromLogits: boolean): Node | undefined {
  const { value, logits, activation } = output;
  // log_softmax of log_softmax changes nothing: the logits serve, whether or not it is taken for some.
  if (activation === 'log_softmax') return logits ?? value;
  if (fromLogits) return value;
  return activation === 'softmax' ? logits : undefined;
}

function logProbabilities(b: Builder, probabilities: Node): Node {
  const sum = b.reduce('sum', probabilities, [1], true);
  return b.unary('log', clip(b, b.div(probabilities, sum)));
}

/** -(y log p + (1 - y) log(1 - p)) = softplus(z) - y z for logits z. */
function binary(b: Builder, batch: Batch, { from_logits, label_smoothing = 0 }: Entropy): Node {
  const { value, logits, activation } = batch.output;
  const hard = numericTarget(b, batch);
  const y =
    label_smoothing === 0 ? hard : b.add(b.mul(hard, 1 - label_smoothing), label_smoothing / 2);
  const z = from_logits ? value : activation === 'sigmoid' ? logits : undefined;
  if (z !== undefined) return b.sub(softplus(b, z), b.mul(y, z));
  const p = clip(b, value);
  const whenOne = b.mul(y, b.unary('log', p));
  const whenZero = b.mul(b.sub(1, y), b.unary('log', b.sub(1, p)));
  return b.unary('neg', b.add(whenOne, whenZero));
}

function huber(b: Builder, error: Node, delta: number): Node {
  const size = b.unary('abs', error);
  const near = b.mul(squared(b, error), 0.5);
  const far = b.mul(b.sub(size, delta / 2), delta);
  return b.select(b.compare('le', size, delta), near, far);
}

function difference(b: Builder, batch: Batch): Node {
  return b.sub(batch.output.value, numericTarget(b, batch));
}

function squared(b: Builder, x: Node): Node {
  return b.mul(x, x);
}

function clip(b: Builder, probability: Node): Node {
  return b.binary('min', b.binary('max', probability, probabilityFloor), 1 - probabilityFloor);
}

/** Over all elements: rows, and the values of each. */
function meanOf(b: Builder, x: Node): Node {
  return b.div(b.reduce('sum', x), elementCount(x.type.shape));
}
