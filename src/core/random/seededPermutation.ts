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
    let k = 0;
    while (k < count) {
      if (next === drawn.length) {
        fillWords(drawn, key, counter);
        counter += drawn.length / 2;
        next = 0;
      }
      const end = Math.min(drawn.length, next + count - k);
      for (; next < end; next++) {
        const word = drawn[next]!;
        const choices = last - k + 1;
        if (!favours(word, choices)) places[k++] = highWord(word, choices);
      }
    }
  };
}

/** 2^32 is no multiple of `choices`: the lowest 2^32 mod `choices` scaled words of each choice are left out. */
function favours(word: number, choices: number): boolean {
  const low = Math.imul(word, choices) >>> 0;
  return low < choices && low < (2 ** 32 - choices) % choices;
}

/** floor(a * b / 2^32) of unsigned words, whose product a float64 does not hold. */
function highWord(a: number, b: number): number {
  const lowA = a & 0xffff;
  const highA = a >>> 16;
  const lowB = b & 0xffff;
  const highB = b >>> 16;
  const one = Math.imul(lowA, highB);
  const other = Math.imul(highA, lowB);
  const middle = (Math.imul(lowA, lowB) >>> 16) + (one & 0xffff) + (other & 0xffff);
  return Math.imul(highA, highB) + (one >>> 16) + (other >>> 16) + (middle >>> 16);
}
