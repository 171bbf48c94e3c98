import { permuteSeeded } from '../random/seededPermutation.ts';
import { streamOf } from '../random/threefry.ts';

interface ShuffleMoment {
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
}

/** The order in which an epoch takes the training rows when it shuffles them. */
export function shuffledRows(rows: number, moment: ShuffleMoment): Int32Array {
  const order = new Int32Array(rows);
  shuffleRows(order, moment);
  return order;
}

/** The same into an array that is there. */
export function shuffleRows(order: Int32Array, { seed, epoch }: ShuffleMoment): void {
  const words = new Uint32Array(order.buffer, order.byteOffset, order.length);
  permuteSeeded(words, { seed, stream: streamOf('shuffle'), epoch });
}
