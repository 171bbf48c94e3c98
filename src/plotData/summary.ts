/** What is known of a stretch of points: enough to draw it into one pixel column, on either scale. */
import { pointFlags } from '../shared/plot/plotAnswer.ts';

/** Mutable, so that millions of points can be added without garbage. */
export interface Summary {
  /** Of the finite values: +Infinity and -Infinity when there is none. */
  min: number;
  max: number;
  /** Of the finite values above zero. */
  minPositive: number;
  /** `pointFlags` */
  flags: number;
}

export function emptySummary(): Summary {
  return { min: Infinity, max: -Infinity, minPositive: Infinity, flags: 0 };
}

export function clearSummary(summary: Summary): void {
  summary.min = Infinity;
  summary.max = -Infinity;
  summary.minPositive = Infinity;
  summary.flags = 0;
}

/** Adds the points from `start` up to and without `end`. */
export function addPoints(
  summary: Summary,
  values: Float32Array,
  start: number,
  end: number,
): void {
  let { min, max, minPositive, flags } = summary;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value - value === 0) {
      if (value < min) min = value;
      if (value > max) max = value;
      if (value <= 0) flags |= pointFlags.notPositive;
      else if (value < minPositive) minPositive = value;
    } else {
      flags |= flagOf(value);
    }
  }
  summary.min = min;
  summary.max = max;
  summary.minPositive = minPositive;
  summary.flags = flags;
}

/** Of a value that is not finite. */
function flagOf(value: number): number {
  if (value > 0) return pointFlags.positiveInfinity;
  return value < 0 ? pointFlags.negativeInfinity : pointFlags.nan;
}
