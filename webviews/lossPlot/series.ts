/**
 * From the run's numbers to the columns a chart draws. x counts epochs: step s (from 0) of n steps an epoch lies at
 * (s + 1) / n, so that an epoch's own values lie at whole numbers.
 *
 * More steps than the chart has pixels are thinned by buckets to their minimum, maximum and last value, in the order
 * they came. So no spike is lost and the end is always exact; a NaN in a bucket stays a gap.
 */
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';

export interface Points {
  readonly x: readonly number[];
  /** null is a gap. */
  readonly y: readonly (number | null)[];
}

/**
 * One column of x, then one of y per series, as uPlot wants them: null breaks the line, undefined (no point of
 * this series at that x) does not.
 */
export type ChartColumns = [number[], ...(number | null | undefined)[][]];

const valuesPerBucket = 3;

/** Loss per step in at most about three points a pixel. */
export function stepLoss({ loss, stepsPerEpoch }: LossPlotState, pixels: number): Points {
  const bucketSize = Math.max(1, Math.ceil(loss.length / Math.max(1, pixels)));
  const x: number[] = [];
  const y: (number | null)[] = [];
  for (let start = 0; start < loss.length; start += bucketSize) {
    const end = Math.min(loss.length, start + bucketSize);
    for (const step of bucketSize <= valuesPerBucket
      ? range(start, end)
      : extremes(loss, start, end)) {
      x.push((step + 1) / Math.max(1, stepsPerEpoch));
      y.push(finiteOrGap(loss[step]!));
    }
  }
  return { x, y };
}

/** Steps of the bucket's first gap (or else its minimum and maximum) and of its last value, ascending. */
function extremes(values: Float32Array, start: number, end: number): readonly number[] {
  let least = start;
  let most = start;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) return i === end - 1 ? [i] : [i, end - 1];
    if (value < values[least]!) least = i;
    if (value > values[most]!) most = i;
  }
  return [...new Set([least, most, end - 1])].sort((a, b) => a - b);
}

/** One value per epoch; records without the value leave a gap. */
export function epochValues(
  records: readonly EpochRecord[],
  value: (record: EpochRecord) => number | undefined,
): Points {
  return {
    x: records.map((record) => record.epoch),
    y: records.map((record) => finiteOrGap(value(record) ?? Number.NaN)),
  };
}

/** A level line from the first to the last x of the chart. */
export function levelLine(value: number | undefined, lastX: number): Points {
  return value === undefined ? { x: [], y: [] } : { x: [0, lastX], y: [value, value] };
}

/** Joins series with different x to columns over all x. */
export function joinSeries(series: readonly Points[]): ChartColumns {
  const all = new Set<number>();
  for (const { x } of series) for (const at of x) all.add(at);
  const x = [...all].sort((a, b) => a - b);
  const index = new Map(x.map((at, i) => [at, i]));
  const columns = series.map((points) => {
    const column = new Array<number | null | undefined>(x.length).fill(undefined);
    points.x.forEach((at, i) => (column[index.get(at)!] = points.y[i] ?? null));
    return column;
  });
  return [x, ...columns];
}

function finiteOrGap(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
