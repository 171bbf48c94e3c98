/**
 * Random orders from the words of Threefry: one word for each place, scaled to its range; the few words that would favour
 * some places are passed over (D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019).
 */
import { type DrawPlaces, permute } from './permutation.ts';
import { fillWords, type RandomPosition, stepKey, type Words } from './threefry.ts';

/** Made at a time. Kept, since an order of a few hundred rows takes less time than making room for them would. */
const drawn = new Uint32Array(256);

/** 0 .. count - 1 in random order (Fisher-Yates without bias). */
export function seededPermutation(at: RandomPosition, count: number): Uint32Array {
  const order = new Uint32Array(count);
  permuteSeeded(order, at);
  return order;
}

/** The same into an array that is there: of a large table one is made for every epoch. */
export function permuteSeeded(order: Uint32Array, at: RandomPosition): void {
  permute(order, seededPlaces(stepKey(at)));
}

/** Successive words from the first counter on. One order is made at a time. */
export function seededPlaces(key: Words): DrawPlaces {
  let [next, counter] = [drawn.length, 0];
  return (places, last, count) => {
    let [k, at] = [0, next];
    while (k < count) {
      if (at === drawn.length) {
        fillWords(drawn, key, counter);
        counter += drawn.length / 2;
        at = 0;
      }
      const end = Math.min(drawn.length, at + count - k);
      for (; at < end; at++) {
        const choices = last - k + 1;
        const product = drawn[at]! * choices;
        const low = Math.imul(drawn[at]!, choices) >>> 0;
        if (low < choices && favours(low, choices)) continue;
        // Its high word: float64 rounds the product, but by less than 2^11.
        places[k++] = (product - low) / 2 ** 32 + 0.5;
      }
    }
    next = at;
  };
}

/** 2^32 is no multiple of `choices`: words whose products end in one of the lowest 2^32 mod `choices` are too many. */
function favours(low: number, choices: number): boolean {
  return low < (2 ** 32 - choices) % choices;
}
