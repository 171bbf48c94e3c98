/**
 * Threefry-2x32-20 of Random123 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * a counter-based generator, so a random number is a pure function of where it is used. The same bits
 * come out of every backend (op `randomBits`) and of the host functions below.
 */
import { permutation } from './permutation.ts';

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

/** Elements 0 .. count - 1 as op `randomBits` gives them: words of successive counters. */
export function randomBits(key: Words, count: number): Int32Array {
  const bits = new Int32Array(count);
  for (let e = 0; e < count; e += 2) {
    const [first, second] = threefry2x32(key, [e / 2, 0]);
    bits[e] = first;
    if (e + 1 < count) bits[e + 1] = second;
  }
  return bits;
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

export function randomSource(at: RandomPosition): RandomSource {
  const key = stepKey(at);
  let words: Words = [0, 0];
  let drawn = 0;
  const word = (): number => {
    if (drawn % 2 === 0) words = threefry2x32(key, [drawn / 2, 0]);
    return words[drawn++ % 2]!;
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

/** 0 .. count - 1 in random order (Fisher-Yates without bias). */
export function seededPermutation(at: RandomPosition, count: number): Uint32Array {
  return permutation(count, randomSource(at).word);
}
