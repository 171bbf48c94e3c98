/**
 * Threefry-2x32-20 of Random123 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * a counter-based generator, so a random number is a pure function of where it is used. The same bits
 * come out of every backend (op `randomBits`) and of the host functions below.
 */

/** Two 32-bit words. */
export type Words = readonly [number, number];

/** Where in a training a number is drawn. */
export interface RandomPosition {
  readonly seed: number;
  /** Tells apart what is drawn in one step: initial values of a tensor, shuffling, each dropout. */
  readonly stream: number;
  readonly epoch?: number;
  readonly step?: number;
}

/** Streams are `purpose * 2^20 + index`, so that no two uses of one seed share numbers. */
const purposes = { step: 0, initialize: 1, shuffle: 2, split: 3, augment: 4 } as const;

/** Stream of the `index`-th user for a purpose: `streamOf('initialize', tensorIndex)`. */
export function streamOf(purpose: keyof typeof purposes, index = 0): number {
  return purposes[purpose] * 2 ** 20 + index;
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

/** 20 rounds; gives unsigned words. */
export function threefry2x32(key: Words, counter: Words): Words {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ parity];
  let x = (counter[0] + schedule[0]!) | 0;
  let y = (counter[1] + schedule[1]!) | 0;
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8]!;
    x = (x + y) | 0;
    y = ((y << by) | (y >>> (32 - by))) ^ x;
    if (round % 4 === 3) {
      const group = (round + 1) / 4; // the key is injected after every fourth round
      x = (x + schedule[group % 3]!) | 0;
      y = (y + schedule[(group + 1) % 3]! + group) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** The key of one step, as defined at op `randomBits`. */
export function stepKey(at: RandomPosition): Words {
  return threefry2x32([at.seed, at.stream], [at.epoch ?? 0, at.step ?? 0]);
}

/** `count` elements from `first` on (even) as op `randomBits` gives them: words of successive counters. */
export function randomBits(key: Words, count: number, first = 0): Int32Array {
  const words = new Uint32Array(count + (count % 2));
  fillWords(words, key, first / 2);
  return new Int32Array(words.buffer, 0, count);
}

/**
 * The unsigned words of the counters from (`first`, 0) on, two each: `threefry2x32` for many, without its arrays. Its
 * rounds stand one by one, since by constants V8 rotates in one instruction and needs no table.
 */
export function fillWords(words: Uint32Array, key: Words, first: number): void {
  const a = key[0] | 0;
  const b = key[1] | 0;
  const c = a ^ b ^ parity;
  for (let at = 0; at < words.length; at += 2) {
    let x = (first + at / 2 + a) | 0;
    let y = b;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + b) | 0;
    y = (y + c + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + c) | 0;
    y = (y + a + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + a) | 0;
    y = (y + b + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + b) | 0;
    y = (y + c + 4) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    words[at] = (x + c) | 0;
    words[at + 1] = (y + a + 5) | 0;
  }
}

/** Top 24 bits x 2^-24: exact in float32, 0 <= u < 1. */
export function uniform24(bits: number): number {
  return (bits >>> 8) * 2 ** -24;
}

/** Draws one number after the other from a position; for the host only. */
export interface RandomSource {
  /** Next word, 0 .. 2^32 - 1. */
  readonly word: () => number;
  /** Next number in [0, 1), a multiple of 2^-24. */
  readonly uniform: () => number;
  /** Next standard normal, by Box-Muller in float64. */
  readonly normal: () => number;
}

/** Words made at a time by a source that is much used. */
const mostAhead = 1024;

export function randomSource(at: RandomPosition): RandomSource {
  const key = stepKey(at);
  let words = new Uint32Array(2);
  let [next, counter] = [2, 0];
  const word = (): number => {
    if (next === words.length) {
      if (counter > 0 && words.length < mostAhead) words = new Uint32Array(2 * words.length);
      fillWords(words, key, counter);
      counter += words.length / 2;
      next = 0;
    }
    return words[next++]!;
  };
  const uniform = (): number => uniform24(word());
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform())); // 1 - u lies in (0, 1]
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { word, uniform, normal };
}
