import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LruCache } from '../../../src/plotData/lruCache.ts';
import { Memory } from '../../../src/plotData/memory.ts';
import { initialAverage, smooth } from '../../../src/plotData/movingAverage.ts';
import { bucketPoints, Pyramid } from '../../../src/plotData/pyramid.ts';
import { RowSet } from '../../../src/plotData/rowSet.ts';
import { addPoints, emptySummary } from '../../../src/plotData/summary.ts';
import { randomFrom, seriesValues } from '../../kit/plotSeries.ts';

const properties = { numRuns: 60, seed: 1 } as const;

describe('pyramid', () => {
  it('summarises any stretch of buckets as its points do, however it was built', () => {
    fc.assert(
      fc.property(seriesValues, fc.nat(), (values, seed) => {
        const random = randomFrom(seed);
        const pyramid = new Pyramid();
        const inPages = random() < 0.5;
        for (let start = 0; start < values.length;) {
          const end = start + (inPages ? 4096 : Math.ceil(random() ** 4 * values.length));
          pyramid.append(values.subarray(start, end));
          start = end;
        }
        const buckets = Math.floor(values.length / bucketPoints);
        for (let i = 0; i < 10; i++) {
          const from = i === 0 ? 0 : Math.floor(random() * buckets);
          const to = from + Math.floor(random() * (buckets - from + 1));
          const [actual, expected] = [emptySummary(), emptySummary()];
          pyramid.addBuckets(actual, from, to);
          addPoints(expected, values, from * bucketPoints, to * bucketPoints);
          assert.deepEqual(actual, expected);
        }
      }),
      properties,
    );
  });

  it('visits a bounded number of summaries for any stretch of ten million points', () => {
    const pyramid = new Pyramid();
    for (let i = 0; i < 100; i++) pyramid.append(new Float32Array(100_000));
    const buckets = 10_000_000 / bucketPoints;
    for (const [from, to] of [
      [0, buckets],
      [1, buckets - 1],
      [17, 39_000],
    ] as const) {
      const visited = pyramid.addBuckets(emptySummary(), from, Math.floor(to));
      assert.ok(visited <= 30 * 4, `${visited} summaries`);
    }
    assert.ok(pyramid.bytes < 1e6, `${pyramid.bytes} bytes`);
  });
});

describe('moving average', () => {
  it('is that of TensorBoard', () => {
    const values = Float32Array.of(4, 2, NaN, 3, Infinity, -1);
    const smoothed = smooth(initialAverage(), 0.5, values);
    // By hand: 2 / 0.5, (1 + 1) / 0.75, then with 3: 2.5 / 0.875, with -1: 0.75 / 0.9375.
    const expected = Float32Array.of(4, 2 / 0.75, NaN, 2.5 / 0.875, Infinity, 0.75 / 0.9375);
    assert.deepEqual(smoothed, expected);
  });

  it('goes on from any state, bit for bit', () => {
    const values = Float32Array.from({ length: 50_000 }, randomFrom(2));
    const whole = smooth(initialAverage(), 0.999, values);
    const state = initialAverage();
    const parts = [0, 1, 700, 20_000, 50_000];
    for (const [i, end] of parts.entries()) {
      const start = parts[i - 1] ?? 0;
      const part = smooth(state, 0.999, values.subarray(start, end));
      assert.deepEqual(part, whole.subarray(start, end));
    }
  });

  it('of a constant is the constant', () => {
    const smoothed = smooth(initialAverage(), 0.97, new Float32Array(5000).fill(0.25));
    for (const value of smoothed) assert.ok(Math.abs(value - 0.25) <= 2 ** -25, `${value}`);
  });
});

describe('row set', () => {
  it('joins what touches, keeps gaps, and cuts what is off the plot', () => {
    const rows = new RowSet(10);
    for (const [top, bottom] of [
      [3.9, 3.1],
      [1.5, 1.7],
      [2, 2.5],
      [-1e300, 0.2],
      [5, 5],
      [5, 7.99],
      [9, 1e9],
      [12, 40],
    ] as const) {
      rows.add(Math.min(top, bottom), Math.max(top, bottom));
    }
    assert.deepEqual(rows.pairs(), [0, 3, 5, 7, 9, 9]);
    assert.deepEqual(new RowSet(4).pairs(), []);
  });
});

describe('cache', () => {
  it('drops what was used longest ago', () => {
    let limit = 10;
    const cache = new LruCache<string>(() => limit);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 3);
    cache.get('a');
    cache.set('d', 'd', 3);
    const kept = (): string[] => ['a', 'b', 'c', 'd'].filter((key) => cache.get(key) === key);
    assert.deepEqual(kept(), ['a', 'c', 'd']);
    cache.set('a', 'a', 8);
    assert.deepEqual([kept(), cache.bytes], [['a'], 8]);
    limit = 7;
    cache.trim();
    assert.deepEqual([kept(), cache.bytes], [[], 0]);
  });

  it('gives its room to what is known of series', () => {
    const memory = new Memory<string>(16e6 + 100);
    for (const page of [0, 1, 2, 3]) memory.pages.set(`${page}`, new Float32Array(5), 20);
    assert.equal(memory.bytes, 80);
    memory.keep('run', 'known', 50);
    assert.equal(memory.bytes, 90);
    assert.equal(memory.series.get('run'), 'known');
  });
});
