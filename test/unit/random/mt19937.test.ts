import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mt19937 } from '../../../src/core/random/mt19937.ts';
import { permutation } from '../../../src/core/random/permutation.ts';

interface Golden {
  readonly words: readonly { seed: number; first: number[]; after1000: number[] }[];
  readonly torchLow24: readonly { seed: number; values: number[] }[];
  readonly permutations: readonly { seed: number; count: number; order: number[] }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/random/mt19937.json', import.meta.url), 'utf8'),
) as Golden;

describe('MT19937 for compat', () => {
  for (const { seed, first, after1000 } of golden.words) {
    it(`gives the words of numpy.random.RandomState(${seed})`, () => {
      const next = mt19937(seed);
      const words = Array.from({ length: 1004 }, next);
      assert.deepEqual(words.slice(0, 4), first);
      assert.deepEqual(words.slice(1000), after1000);
    });
  }

  for (const { seed, values } of golden.torchLow24) {
    it(`gives the words behind torch.manual_seed(${seed})`, () => {
      const next = mt19937(seed);
      assert.deepEqual(
        values.map(() => next() & 0xffffff),
        values,
      );
    });
  }

  for (const { seed, count, order } of golden.permutations) {
    it(`permutes ${count} as numpy.random.RandomState(${seed})`, () => {
      assert.deepEqual([...permutation(count, mt19937(seed))], order);
    });
  }
});
