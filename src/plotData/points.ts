/** What a query needs of a series: summaries of whole buckets at once, and the values of some buckets. */
import type { Pyramid } from './pyramid.ts';

/** The values of a bucket that was loaded; at least those that the series had when it was loaded. */
export type BucketReader = (bucket: number) => Float32Array;

export interface Points {
  /** Unlike that of any others, also of those of a file that was cut and written anew. */
  readonly id: number;
  /** Points so far; may grow while a query waits for the disk. */
  readonly count: number;
  /** Step of point 0; null while the file has no header yet. */
  readonly firstStep: number | null;
  readonly pyramid: Pyramid;
  /** Buckets (ascending) as they are in memory; null where some must be loaded. */
  inMemory(buckets: readonly number[]): BucketReader | null;
  /** Reads buckets (ascending) where they are not in memory. @throws FileWasCut */
  load(buckets: readonly number[]): Promise<BucketReader>;
}

let created = 0;

export function newPointsId(): number {
  return created++;
}

/** What the engine did since it began: tests hold it to bounds where times would be noise. */
export interface WorkDone {
  pointsScanned: number;
  summariesVisited: number;
  bytesRead: number;
}

/** Neighbouring columns ask for the same bucket again and again. */
export function rememberLast(read: BucketReader): BucketReader {
  let last = -1;
  let values: Float32Array = new Float32Array();
  return (bucket) => {
    if (bucket !== last) [last, values] = [bucket, read(bucket)];
    return values;
  };
}
