/**
 * Equality by 53-bit hashes, so that a million rows cost 8 MB. Two different values share a hash with a probability
 * of about 1e-4 for a million of them (birthday bound n² / 2^54).
 */

/** A hash that grows item by item; `value` is an integer below 2^53. */
export interface Hash {
  add(item: number): void;
  addText(text: string): void;
  /** The hash so far; starts anew. */
  take(): number;
}

/** The mixing of cyrb53 (public domain, bryc): two multiplications per item. */
export function createHash53(): Hash {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const add = (item: number): void => {
    high = Math.imul(high ^ item, 2654435761);
    low = Math.imul(low ^ item, 1597334677);
  };
  return {
    add,
    addText(text) {
      for (let i = 0; i < text.length; i++) add(text.charCodeAt(i));
    },
    take() {
      high =
        Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
      low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
      const value = 4294967296 * (2097151 & low) + (high >>> 0);
      high = 0xdeadbeef;
      low = 0x41c6ce57;
      return value;
    },
  };
}

export interface Repeats {
  /** Items that are equal to an earlier one. */
  readonly count: number;
  /** Places of the first few of them, with the place of what they repeat. */
  readonly examples: readonly { readonly at: number; readonly first: number }[];
}

/** `hashes` in the order of the rows; left as they are. */
export function findRepeats(hashes: Float64Array, mostExamples = 3): Repeats {
  const sorted = hashes.slice().sort();
  let count = 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) count++;
  const examples: { at: number; first: number }[] = [];
  const seen = new Map<number, number>();
  for (let at = 0; at < hashes.length && examples.length < Math.min(count, mostExamples); at++) {
    const hash = hashes[at]!;
    const first = seen.get(hash);
    if (first !== undefined) examples.push({ at, first });
    else if (isRepeated(sorted, hash)) seen.set(hash, at);
  }
  return { count, examples };
}

function isRepeated(sorted: Float64Array, value: number): boolean {
  return sorted[firstPlace(sorted, value) + 1] === value;
}

/** How many of these are in a sorted array. */
export function countKnown(values: Float64Array, sorted: Float64Array): number {
  return values.reduce(
    (count, value) => count + (sorted[firstPlace(sorted, value)] === value ? 1 : 0),
    0,
  );
}

/** Binary search: the place of the first value that is not smaller. */
function firstPlace(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Different values; sorts the array. */
export function countDistinct(values: Float64Array): number {
  values.sort();
  let count = values.length > 0 ? 1 : 0;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) count++;
  return count;
}
