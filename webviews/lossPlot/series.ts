/**
 * From the run's numbers to the columns a chart draws. x counts epochs: step s (from 0) of n steps an epoch lies at
 * (s + 1) / n, so that an epoch's own values lie at whole numbers.
 *
 * More values than the chart has pixels are thinned by buckets to their minimum, maximum and last value, in the order
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

/** A series before thinning. */
interface Source {
  readonly length: number;
  readonly x: (index: number) => number;
  readonly y: (index: number) => number;
}

/** Loss per step. */
export function stepLoss({ loss, stepsPerEpoch }: LossPlotState, pixels: number): Points {
  const x = (step: number) => (step + 1) / Math.max(1, stepsPerEpoch);
  return thinned({ length: loss.length, x, y: (step) => loss[step]! }, pixels);
}

/** One value per epoch; records without the value leave a gap. */
export function epochValues(
  records: readonly EpochRecord[],
  value: (record: EpochRecord) => number | undefined,
  pixels: number,
): Points {
  const x = (index: number) => records[index]!.epoch;
  const y = (index: number) => value(records[index]!) ?? Number.NaN;
  return thinned({ length: records.length, x, y }, pixels);
}

/** At most about three points a pixel. */
function thinned(source: Source, pixels: number): Points {
  const { length } = source;
  const bucketSize = Math.max(1, Math.ceil(length / Math.max(1, pixels)));
  const x: number[] = [];
  const y: (number | null)[] = [];
  for (let start = 0; start < length; start += bucketSize) {
    const end = Math.min(length, start + bucketSize);
    const kept = bucketSize <= valuesPerBucket ? range(start, end) : extremes(source, start, end);
    for (const index of kept) {
      x.push(source.x(index));
      y.push(finiteOrGap(source.y(index)));
    }
  }
  return { x, y };
}

/** The bucket's first gap, or else its minimum and maximum, and its last value; ascending. */
function extremes({ y }: Source, start: number, end: number): readonly number[] {
  let least = start;
  let most = start;
  for (let i = start; i < end; i++) {
    const value = y(i);
    if (!Number.isFinite(value)) return i === end - 1 ? [i] : [i, end - 1];
    if (value < y(least)) least = i;
    if (value > y(most)) most = i;
  }
  return [...new Set([least, most, end - 1])].sort((a, b) => a - b);
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
