import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { sklearnSplit, splitRows, type Shares } from '../../../src/core/data/splitRows.ts';
import { mt19937 } from '../../../src/core/random/mt19937.ts';
import { permutation } from '../../../src/core/random/permutation.ts';
import { seededPermutation } from '../../../src/core/random/seededPermutation.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { writeTemporary } from './dataKit.ts';

interface SklearnSplit {
  readonly rows: number;
  readonly test_size: number;
  readonly seed: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
}

const fixture = new URL('../../fixtures/random/mt19937.json', import.meta.url);
const golden = JSON.parse(readFileSync(fixture, 'utf8')) as { splits: SklearnSplit[] };

function checkSklearn({ rows, test_size, seed, train, test }: SklearnSplit): void {
  const order = permutation(rows, mt19937(seed));
  const split = sklearnSplit(order, { train: 1 - test_size, validation: test_size, test: 0 });
  assert.deepEqual([...split.validation], test);
  assert.deepEqual([...split.train], train);
  assert.equal(split.test.length, 0);
}

/** Shares that sum to 1 or less, and a group for each row. */
const cases = fc
  .record({
    rows: fc.integer({ min: 0, max: 80 }),
    cuts: fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })),
    isComplete: fc.boolean(),
    seed: fc.nat(),
    groups: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ rows, cuts, isComplete, seed, groups }) => {
    const [low, high] = [...cuts].sort((a, b) => a - b) as [number, number];
    const rest = (20 - high) / 20;
    const shares: Shares = {
      validation: low / 20,
      test: (high - low) / 20,
      train: isComplete ? rest : rest / 2,
    };
    const order = seededPermutation({ seed, stream: 0 }, rows);
    const group = Int32Array.from({ length: rows }, (_, i) => (i * i + seed) % groups);
    return { rows, shares, isComplete, order, group };
  });

describe('splitting rows', () => {
  it('gives every row to exactly one part', () => {
    const property = fc.property(cases, fc.boolean(), (given, isGrouped) => {
      const groups = isGrouped ? given.group : undefined;
      const { train, validation, test } = splitRows({ ...given, groups });
      const all = [...train, ...validation, ...test];
      assert.equal(new Set(all).size, all.length);
      assert.ok(all.every((row) => row >= 0 && row < given.rows));
      if (given.isComplete) assert.equal(all.length, given.rows);
      const expected = given.rows * given.shares.validation;
      assert.ok(Math.abs(validation.length - expected) <= 0.5 + 1e-6);
      assert.ok(Math.abs(train.length - given.rows * given.shares.train) <= 2);
    });
    fc.assert(property, { seed: 3, numRuns: 300 });
  });

  it('gives each part its share of each group, within a row', () => {
    const property = fc.property(cases, (given) => {
      const { validation } = splitRows({ ...given, groups: given.group });
      for (const group of new Set(given.group)) {
        const size = given.group.filter((g) => g === group).length;
        const taken = validation.filter((row) => given.group[row] === group).length;
        assert.ok(Math.abs(taken - size * given.shares.validation) < 1 + 1e-6);
      }
    });
    fc.assert(property, { seed: 4, numRuns: 300 });
  });

  it('keeps the random order within each part, classes mixed', () => {
    const order = seededPermutation({ seed: 5, stream: 0 }, 100);
    const groups = Int32Array.from({ length: 100 }, (_, row) => Number(row >= 50));
    const { train } = splitRows({
      order,
      groups,
      shares: { train: 0.7, validation: 0.3, test: 0 },
    });
    assert.equal(train.length, 70);
    assert.deepEqual(
      [...train],
      [...order].filter((row) => train.includes(row)),
    );
    assert.ok(new Set(train.subarray(0, 10).map((row) => groups[row]!)).size === 2);
  });

  for (const split of golden.splits) {
    const { rows, test_size, seed } = split;
    it(`picks the rows of train_test_split(${rows} rows, test_size=${test_size}, random_state=${seed})`, () => {
      checkSklearn(split);
    });
  }

  it('agrees with the installed scikit-learn on many sizes and seeds (skipped without it)', function () {
    if (!pythonHas('sklearn')) this.skip();
    const script = writeTemporary('splits.py', sklearnScript);
    const splits = JSON.parse(runPython(script)) as SklearnSplit[];
    assert.equal(splits.length, 40);
    splits.forEach(checkSklearn);
  });
});

const sklearnScript = `
import json
import numpy as np
from sklearn.model_selection import train_test_split

splits = []
for seed in range(10):
    for rows, size in ((11, 0.5), (342, 0.3), (1368, 0.3), (1000, 0.01)):
        train, test = train_test_split(np.arange(rows), test_size=size, random_state=seed)
        splits.append({"rows": rows, "test_size": size, "seed": seed, "train": train.tolist(), "test": test.tolist()})
print(json.dumps(splits))
`;
