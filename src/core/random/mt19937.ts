/**
 * MT19937, only for `compat`: scikit-learn's splits and PyTorch's initial weights.
 * Seeded as NumPy's `RandomState(seed)` and `torch.manual_seed(seed)` both do (Knuth's initialiser).
 * Source: Matsumoto and Nishimura 1998, mt19937ar.c.
 */
import type { RandomWords } from './permutation.ts';

const size = 624;
const shift = 397;

/** The generator as a function: each call gives the next 32-bit word, 0 .. 2^32 - 1. `seed` is taken modulo 2^32. */
export function mt19937(seed: number): RandomWords {
  const state = seedState(seed);
  let next = size;
  return () => {
    if (next === size) {
      refill(state);
      next = 0;
    }
    return temper(state[next++]!);
  };
}

function seedState(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
  for (let i = 1; i < size; i++) {
    const previous = state[i - 1]!;
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return state;
}

function refill(state: Uint32Array): void {
  for (let i = 0; i < size; i++) {
    const y = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
    state[i] = state[(i + shift) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  y ^= y >>> 18;
  return y >>> 0;
}
