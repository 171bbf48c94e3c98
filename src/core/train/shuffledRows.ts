import { seededPermutation, streamOf } from '../random/threefry.ts';

/** The order in which an epoch (from 0) takes the training rows when it shuffles them. */
export function shuffledRows(
  rows: number,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): Int32Array {
  return Int32Array.from(seededPermutation({ seed, stream: streamOf('shuffle'), epoch }, rows));
}
