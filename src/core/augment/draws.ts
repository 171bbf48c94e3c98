import { stepKey, streamOf, threefry2x32, uniform24 } from '../random/threefry.ts';

/**
 * The uniform numbers in [0, 1) that images take in an epoch (from 0): f32 [images, count], a row for each of `rows`,
 * which are places among the training rows. A row's numbers depend on seed, epoch and place alone: not on the batch it
 * is in, the order of the epoch, the backend, or where a run was interrupted.
 */
export function drawNumbers(
  rows: Iterable<number> & { readonly length: number },
  { seed, epoch, count }: { readonly seed: number; readonly epoch: number; readonly count: number },
): Float32Array {
  const key = stepKey({ seed, stream: streamOf('augment'), epoch });
  const drawn = new Float32Array(rows.length * count);
  let at = 0;
  for (const row of rows) {
    for (let i = 0; i < count; i += 2) {
      const [first, second] = threefry2x32(key, [row, i / 2]);
      drawn[at++] = uniform24(first);
      if (i + 1 < count) drawn[at++] = uniform24(second);
    }
  }
  return drawn;
}

/** 0 .. count - 1. */
export function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}
