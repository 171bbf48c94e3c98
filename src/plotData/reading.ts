/** Computations over points of which some may have to be read from the disk first. */
import type { BucketReader, Points } from './points.ts';
import type { Soon } from './soon.ts';

/** Says which buckets (ascending) it needs next, and goes on with what reads them. */
export type Reading<T> = Generator<readonly number[], T, BucketReader>;

/** Its result: at once where all that it asks for is in memory. @throws FileWasCut */
export function resultOf<T>(points: Points, reading: Reading<T>): Soon<T> {
  let step = reading.next();
  while (step.done !== true) {
    const read = points.inMemory(step.value);
    if (read === null) return resultWhenLoaded(points, reading, step.value);
    step = reading.next(read);
  }
  return step.value;
}

async function resultWhenLoaded<T>(
  points: Points,
  reading: Reading<T>,
  buckets: readonly number[],
): Promise<T> {
  let step = reading.next(await points.load(buckets));
  while (step.done !== true) step = reading.next(await points.load(step.value));
  return step.value;
}
