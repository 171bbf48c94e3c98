/**
 * From rows of the data to what the model gets, as IR: images are float32 from here on, those of training augmented,
 * then scaled. Buffers: `data/<split>/x` as the data have it, `data/whitening` where inputs are whitened, and `draws`,
 * the random numbers of all training rows for the epoch, which the host writes.
 */
import { elementCount, type Shape } from '../../shared/tensor/tensorType.ts';
import { augment, drawCount, withoutChance } from '../augment/augmentation.ts';
import { smallDeviation, type InputScale, type Model } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { BufferDecl, Node } from '../ir/program.ts';
import type { BatchLoop } from './batchLoops.ts';
import type { RowBlock } from './rowBlocks.ts';

/** Which rows an iteration takes. */
export interface RowSource {
  readonly loop: BatchLoop;
  /** i32[rows]: the order in which rows are taken; null for that of the data. */
  readonly order: BufferDecl | null;
  /** Of the batch; all of it by default. */
  readonly block?: RowBlock | undefined;
}

export interface InputSource extends RowSource {
  readonly split: 'train' | 'validation' | 'predict';
  /** Of the split. */
  readonly rows: number;
}

/** f32 [rows taken, ...inputShape] */
export function takeInputs(b: Builder, model: Model, source: InputSource): Node {
  const { split, rows } = source;
  const { inputShape, inputScale = null, augmented = null } = model.context;
  const shape = [rows, ...(augmented?.shape ?? inputShape)];
  const buffer = b.buffer(`data/${split}/x`, 'data', inputScale?.dtype ?? 'f32', shape);
  let x = b.convert(takeRows(b, buffer, source), 'f32');
  if (augmented !== null) {
    const { augmentation } = augmented;
    const count = drawCount(augmentation);
    if (split === 'train' && count > 0) {
      const all = b.buffer('draws', 'state', 'f32', [rows, count]);
      x = augment(b, x, { augmentation, draws: takeRows(b, all, source) });
    } else {
      x = withoutChance(b, x, augmentation);
    }
  }
  return inputScale === null ? x : scaled(b, x, inputScale);
}

function scaled(b: Builder, inputs: Node, scale: InputScale): Node {
  const { divisor, samplewise, mean, std, whitening } = scale;
  const perChannel = (values: readonly number[]): Node => b.constant(values, [values.length]);
  let x = divisor === 1 ? inputs : b.div(inputs, divisor);
  if (samplewise !== undefined) x = standardised(b, x, samplewise);
  if (mean.some((value) => value !== 0)) x = b.sub(x, perChannel(mean));
  if (std.some((value) => value !== 1)) x = b.div(x, perChannel(std));
  if (whitening === undefined) return x;
  const { shape } = x.type;
  const matrix = b.buffer('data/whitening', 'data', 'f32', [whitening.values, whitening.values]);
  const flat = b.reshape(x, [shape[0]!, elementCount(shape.slice(1))]);
  return b.reshape(b.matmul(flat, b.load(matrix)), shape);
}

/** Each sample by its own mean and deviation over all of its values. */
function standardised(
  b: Builder,
  x: Node,
  { center, std }: NonNullable<InputScale['samplewise']>,
): Node {
  const sample: Shape = x.type.shape.slice(1);
  const axes = sample.map((_, axis) => axis + 1);
  const mean = (values: Node): Node =>
    b.div(b.reduce('sum', values, axes, true), elementCount(sample));
  const centred = b.sub(x, mean(x));
  if (!std) return center ? centred : x;
  const deviation = b.unary('sqrt', mean(b.mul(centred, centred)));
  return b.div(center ? centred : x, b.add(deviation, smallDeviation));
}

export function takeRows(b: Builder, data: BufferDecl, source: RowSource): Node {
  const { loop, order, block = { first: 0, rows: loop.rows } } = source;
  const { first, rows } = block;
  const start = firstRow(b, loop, first);
  if (order === null) return b.dynamicRows(b.load(data), start, rows);
  return b.gatherRows(b.load(data), b.dynamicRows(b.load(order), start, rows));
}

/** i32[]: where the batch's row `inBatch` lies in the split. */
function firstRow(b: Builder, { rows, firstRow }: BatchLoop, inBatch: number): Node {
  if (firstRow > 0) return b.constant(firstRow + inBatch, [], 'i32');
  const start = b.mul(b.iteration(), rows);
  return inBatch === 0 ? start : b.add(start, inBatch);
}
