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
  readonly views: readonly Float32Array[];
}

export function columnViews(
  direct: DirectAccess | undefined,
  columns: LoopColumns['columns'],
): Float32Array[] {
  if (direct === undefined) return [];
  return columns.map(({ name }) => direct.view(name) as Float32Array);
}

/** Runs and reads without waiting and without copies: what it gives is to be used before the next run. */
export function runDirectly(
  direct: DirectAccess,
  ranges: readonly Range<DirectLoop>[],
): BatchColumns[] {
  return ranges.map(({ loop, from, to }) => {
    direct.run(loop.name, from, to);
    const values = loop.views.map((whole, column) => {
      const { width } = loop.columns[column]!;
      const [begin, end] = [from * width, to * width];
      return end - begin === whole.length ? whole : whole.subarray(begin, end);
    });
    return { loss: values[0]!, metrics: values.slice(1) };
  });
}

/** `rows` is the size of each batch. */
export function addBatches(
  sums: BatchSums,
  columns: BatchColumns,
  rows: number,
  kind: EpochLoss,
): BatchSums {
  const weight = kind === 'sample_weighted' ? rows : 1;
  let { lossSum } = sums;
  for (const loss of columns.loss) lossSum += loss * weight;
  const metricSums = sums.metricSums.map((old, m) => addRows(old, columns.metrics[m]!));
  const batches = columns.loss.length;
  return { rows: sums.rows + batches * rows, batches: sums.batches + batches, lossSum, metricSums };
}

export function finishSums(
  sums: BatchSums,
  metrics: readonly Metric[],
  kind: EpochLoss,
): Statistics {
  const weight = kind === 'sample_weighted' ? sums.rows : sums.batches;
  return {
    loss: sums.lossSum / weight,
    metrics: metrics.map((metric, m) => metric.finish(sums.metricSums[m]!, sums.rows)),
  };
}

/** The value of a metric for each batch on its own: the per-step series. */
export function valuesPerBatch(metric: Metric, sums: Float32Array, rows: number): Float32Array {
  const { width } = metric;
  const values = new Float32Array(sums.length / width);
  const batch = new Array<number>(width).fill(0);
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < width; j++) batch[j] = sums[i * width + j]!;
    values[i] = metric.finish(batch, rows);
  }
  return values;
}

/** `total` plus the rows of [batches, width], in order. A step may take a microsecond: plain loops. */
function addRows(total: readonly number[], rows: Float32Array): number[] {
  const sums = [...total];
  const width = sums.length;
  for (let row = 0; row < rows.length; row += width) {
    for (let j = 0; j < width; j++) sums[j] = sums[j]! + rows[row + j]!;
  }
  return sums;
}
