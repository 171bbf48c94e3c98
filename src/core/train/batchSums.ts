/**
 * Statistics over batches, summed by the host in float64 in the order of the batches, so that they do not
 * depend on slices. Both meanings of "loss of an epoch" come from here.
 */
import type { TensorValues } from '../../shared/tensor/tensorType.ts';
import type { DirectAccess, Executable } from '../backends/backend.ts';
import type { Metric } from '../optim/types.ts';
import type { BatchLoop } from './batchLoops.ts';
import type { Range } from './slices.ts';

export type EpochLoss = 'sample_weighted' | 'mean_of_batches';

/** Sums so far; plain data, exact in JSON. */
export interface BatchSums {
  readonly rows: number;
  readonly batches: number;
  readonly lossSum: number;
  readonly metricSums: readonly (readonly number[])[];
}

export interface Statistics {
  readonly loss: number;
  /** In the order of the metrics. */
  readonly metrics: readonly number[];
}

/** What a range of batches gave. */
export interface BatchColumns {
  /** Mean loss of each batch. */
  readonly loss: Float32Array;
  /** Row-major [batches, width], one for each metric. */
  readonly metrics: readonly Float32Array[];
}

export function noSums(metrics: readonly Metric[]): BatchSums {
  const metricSums = metrics.map(({ width }) => new Array<number>(width).fill(0));
  return { rows: 0, batches: 0, lossSum: 0, metricSums };
}

/** Sums that change in place: an epoch may take microseconds. */
export class RunningSums {
  readonly #metrics: readonly Metric[];
  readonly #kind: EpochLoss;
  readonly #metricSums: number[][];
  #rows: number;
  #batches: number;
  #lossSum: number;

  constructor(metrics: readonly Metric[], kind: EpochLoss, start = noSums(metrics)) {
    this.#metrics = metrics;
    this.#kind = kind;
    this.#rows = start.rows;
    this.#batches = start.batches;
    this.#lossSum = start.lossSum;
    this.#metricSums = start.metricSums.map((sums) => [...sums]);
  }

  get batches(): number {
    return this.#batches;
  }

  /** A copy. */
  get sums(): BatchSums {
    const metricSums = this.#metricSums.map((sums) => [...sums]);
    return { rows: this.#rows, batches: this.#batches, lossSum: this.#lossSum, metricSums };
  }

  /** `rows` is the size of each batch. */
  add({ loss, metrics }: BatchColumns, rows: number): void {
    const weight = this.#kind === 'sample_weighted' ? rows : 1;
    let sum = this.#lossSum;
    for (let i = 0; i < loss.length; i++) sum += loss[i]! * weight;
    this.#lossSum = sum;
    for (let m = 0; m < metrics.length; m++) addRows(this.#metricSums[m]!, metrics[m]!);
    this.#batches += loss.length;
    this.#rows += loss.length * rows;
  }

  finish(): Statistics {
    const rows = this.#rows;
    const weight = this.#kind === 'sample_weighted' ? rows : this.#batches;
    return {
      loss: this.#lossSum / weight,
      metrics: this.#metrics.map((metric, m) => metric.finish(this.#metricSums[m]!, rows)),
    };
  }

  clear(): void {
    this.#rows = 0;
    this.#batches = 0;
    this.#lossSum = 0;
    for (const sums of this.#metricSums) sums.fill(0);
  }
}

/** Adds the rows of [batches, width] in order. A step may take a microsecond: plain loops. */
function addRows(sums: number[], rows: Float32Array): void {
  const width = sums.length;
  for (let row = 0; row < rows.length; row += width) {
    for (let j = 0; j < width; j++) sums[j] = sums[j]! + rows[row + j]!;
  }
}

/** The values of a metric for each batch on its own, the per-step series, from sums [batches, width] into `values`. */
export function valuesPerBatch(
  metric: Metric,
  { sums, rows }: { readonly sums: Float32Array; readonly rows: number },
  values: Float32Array,
): void {
  const { width } = metric;
  const batch = new Array<number>(width).fill(0);
  for (let i = 0; i * width < sums.length; i++) {
    for (let j = 0; j < width; j++) batch[j] = sums[i * width + j]!;
    values[i] = metric.finish(batch, rows);
  }
}

/** Of a loop: its loss column and one for each metric, with the values that each batch has there. */
export interface LoopColumns {
  readonly columns: readonly { readonly name: string; readonly width: number }[];
}

export function loopColumns(loop: BatchLoop, metrics: readonly Metric[]): LoopColumns['columns'] {
  return [
    { name: `${loop.name}/loss`, width: 1 },
    ...metrics.map(({ width }, i) => ({ name: `${loop.name}/metric/${i}`, width })),
  ];
}

/** Everything is asked for before the first is awaited: a device answers it together. */
export async function readBatches(
  executable: Executable,
  ranges: readonly Range<LoopColumns>[],
): Promise<BatchColumns[]> {
  const reads: Promise<TensorValues>[] = [];
  for (const { loop, from, to } of ranges) {
    for (const { name, width } of loop.columns) {
      reads.push(executable.read(name, from * width, (to - from) * width));
    }
  }
  const values = (await Promise.all(reads)) as Float32Array[];
  let at = 0;
  return ranges.map(({ loop }) => {
    const loss = values[at]!;
    const metrics = values.slice(at + 1, at + loop.columns.length);
    at += loop.columns.length;
    return { loss, metrics };
  });
}

/** A loop with the memory of its columns: to look it up by name takes longer than what is done with it. */
export interface DirectLoop extends LoopColumns {
  readonly name: string;
  readonly count: number;
  /** Null where the backend has to be waited for. */
  readonly memory: BatchColumns | null;
}

export function columnMemory(
  direct: DirectAccess | undefined,
  columns: LoopColumns['columns'],
): BatchColumns | null {
  if (direct === undefined) return null;
  const [loss, ...metrics] = columns.map(({ name }) => direct.view(name) as Float32Array);
  return { loss: loss!, metrics };
}

/** Runs and reads without waiting and without copies: what it gives is to be used before the loop runs again. */
export function runDirectly(
  direct: DirectAccess,
  { loop, from, to }: Range<DirectLoop>,
): BatchColumns {
  direct.run(loop.name, from, to);
  const memory = loop.memory!;
  if (to - from === loop.count) return memory;
  const part = (values: Float32Array, column: number): Float32Array => {
    const { width } = loop.columns[column]!;
    return values.subarray(from * width, to * width);
  };
  return {
    loss: part(memory.loss, 0),
    metrics: memory.metrics.map((values, m) => part(values, m + 1)),
  };
}
