/** Random orders from any source of 32-bit words, the same steps as NumPy's `RandomState.permutation`. */

/** Each call gives the next uniform word, 0 .. 2^32 - 1. */
export type RandomWords = () => number;

/** Uniform integer 0 .. max inclusive, without bias: draws are masked and those above `max` rejected. */
export function randomInterval(words: RandomWords, max: number): number {
  if (max === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(max);
  let value: number;
  do value = (words() & mask) >>> 0;
  while (value > max);
  return value;
}

/** Places drawn before any is used: of a long list they lie far apart, and so the processor fetches many at a time. */
const drawnAhead = 256;

/** Shuffles in place, Fisher-Yates from the last element down. */
export function shuffle(values: Uint32Array, words: RandomWords): void {
  const places = new Uint32Array(drawnAhead);
  for (let last = values.length - 1; last > 0; last -= drawnAhead) {
    const count = Math.min(drawnAhead, last);
    for (let k = 0; k < count; k++) places[k] = randomInterval(words, last - k);
    for (let k = 0; k < count; k++) {
      const swapped = values[last - k]!;
      values[last - k] = values[places[k]!]!;
      values[places[k]!] = swapped;
    }
  }
}

/** 0 .. count - 1 in random order. */
export function permutation(count: number, words: RandomWords): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  shuffle(order, words);
  return order;
}
