/**
 * Summaries of the points of one series, at several levels: one per bucket of 256 points, then one per 16 of
 * the level below. Grows at its end with the series; a stretch of whole buckets of any length is summarised
 * by visiting at most some 30 summaries per level. Takes about 14 bytes per 256 points.
 */
import { addPoints, emptySummary, type Summary } from './summary.ts';

export const bucketPoints = 256;
const fanOut = 16;

/** About what the objects of a series take beside their numbers: of a short one that is nearly all. */
const objectBytes = 800;

export class Pyramid {
  readonly #levels: Level[] = [new Level()];
  #count = 0;

  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.bytes, objectBytes);
  }

  append(values: Float32Array): void {
    const firstChanged = Math.floor(this.#count / bucketPoints);
    let taken = 0;
    while (taken < values.length) {
      const bucket = Math.floor(this.#count / bucketPoints);
      const end = Math.min(taken + (bucket + 1) * bucketPoints - this.#count, values.length);
      const summary = emptySummary();
      addPoints(summary, values, taken, end);
      this.#levels[0]!.merge(bucket, summary);
      this.#count += end - taken;
      taken = end;
    }
    this.#update(firstChanged);
  }

  /** Adds buckets `start` up to and without `end` to a summary; gives how many summaries it visited. */
  addBuckets(summary: Summary, start: number, end: number): number {
    let [from, to, visited] = [start, end, 0];
    const add = (level: Level, index: number): void => {
      level.addTo(summary, index);
      visited++;
    };
    for (let depth = 0; from < to; depth++) {
      const level = this.#levels[depth]!;
      const isTop = depth === this.#levels.length - 1;
      while (from < to && (isTop || from % fanOut !== 0)) add(level, from++);
      while (from < to && to % fanOut !== 0) add(level, --to);
      from /= fanOut;
      to /= fanOut;
    }
    return visited;
  }

  /** `pointFlags` of one bucket. */
  flags(bucket: number): number {
    return this.#levels[0]!.flags(bucket);
  }

  /** Brings the levels above up to date after buckets from `changed` on have. */
  #update(changed: number): void {
    let from = changed;
    for (let depth = 0; this.#levels[depth]!.length > fanOut; depth++) {
      const below = this.#levels[depth]!;
      const isNew = depth + 1 === this.#levels.length;
      if (isNew) this.#levels.push(new Level());
      const level = this.#levels[depth + 1]!;
      from = isNew ? 0 : Math.floor(from / fanOut);
      for (let parent = from; parent * fanOut < below.length; parent++) {
        const summary = emptySummary();
        const end = Math.min((parent + 1) * fanOut, below.length);
        for (let child = parent * fanOut; child < end; child++) below.addTo(summary, child);
        level.merge(parent, summary);
      }
    }
  }
}

const fields = 3;

/** Summaries side by side in typed arrays that double when full: there may be thousands of series of one bucket. */
class Level {
  #numbers = new Float32Array(fields);
  #flags = new Uint8Array(1);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#numbers.byteLength + this.#flags.byteLength;
  }

  flags(index: number): number {
    return this.#flags[index]!;
  }

  addTo(summary: Summary, index: number): void {
    const at = index * fields;
    const min = this.#numbers[at]!;
    const max = this.#numbers[at + 1]!;
    const minPositive = this.#numbers[at + 2]!;
    if (min < summary.min) summary.min = min;
    if (max > summary.max) summary.max = max;
    if (minPositive < summary.minPositive) summary.minPositive = minPositive;
    summary.flags |= this.#flags[index]!;
  }

  /** Adds to the summary at an index, or makes a new one behind the last. */
  merge(index: number, summary: Summary): void {
    if (index < this.#length) this.addTo(summary, index);
    else this.#reserve(index + 1);
    const at = index * fields;
    this.#numbers[at] = summary.min;
    this.#numbers[at + 1] = summary.max;
    this.#numbers[at + 2] = summary.minPositive;
    this.#flags[index] = summary.flags;
  }

  #reserve(length: number): void {
    this.#length = length;
    if (length <= this.#flags.length) return;
    const [numbers, flags] = [this.#numbers, this.#flags];
    this.#numbers = new Float32Array(2 * numbers.length);
    this.#flags = new Uint8Array(2 * flags.length);
    this.#numbers.set(numbers);
    this.#flags.set(flags);
  }
}
