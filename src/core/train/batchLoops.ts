/** A loop over batches of one size: all full ones, or the one ragged batch at the end. */
export interface BatchLoop {
  readonly name: string;
  /** Batches. */
  readonly count: number;
  /** Rows in each. */
  readonly rows: number;
  /** First row of the split that the loop takes. */
  readonly firstRow: number;
  /** Batches of the loops before it. */
  readonly firstBatch: number;
}

/** One loop, two when the rows do not divide into batches, none without rows. */
export function batchLoops(name: string, rows: number, batchSize: number): BatchLoop[] {
  const full = Math.floor(rows / batchSize);
  const rest = rows - full * batchSize;
  const loops: BatchLoop[] = [
    { name, count: full, rows: batchSize, firstRow: 0, firstBatch: 0 },
    { name: `${name}/last`, count: 1, rows: rest, firstRow: full * batchSize, firstBatch: full },
  ];
  return loops.filter((loop) => loop.count * loop.rows > 0);
}
