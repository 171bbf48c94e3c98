import assert from 'node:assert/strict';
import { seededPermutation, seededPlaces } from '../../../src/core/random/seededPermutation.ts';
import {
  type Words,
  fillWords,
  randomBits,
  randomSource,
  stepKey,
  streamOf,
  threefry2x32,
  uniform24,
} from '../../../src/core/random/threefry.ts';

/** From `kat_vectors` of Random123: threefry2x32, 20 rounds; counter, key, result. */
const knownAnswers: readonly { counter: Words; key: Words; result: Words }[] = [
  { counter: [0, 0], key: [0, 0], result: [0x6b200159, 0x99ba4efe] },
  {
    counter: [0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    result: [0x1cb996fc, 0xbb002be7],
  },
  {
    counter: [0x243f6a88, 0x85a308d3],
    key: [0x13198a2e, 0x03707344],
    result: [0xc4923a9c, 0x483df7a0],
  },
];

/** By the definition, in exact numbers. */
function scaledPlace(word: () => number, choices: number): number {
  const range = 2n ** 32n;
  for (;;) {
    const product = BigInt(word()) * BigInt(choices);
    if (product % range >= range % BigInt(choices)) return Number(product / range);
  }
}

describe('Threefry-2x32-20', () => {
  for (const { counter, key, result } of knownAnswers) {
    it(`gives the Random123 answer for counter ${counter[0].toString(16)}`, () => {
      assert.deepEqual(threefry2x32(key, counter), result);
    });
  }

  it('takes element e as word e mod 2 of counter floor(e / 2)', () => {
    const key = stepKey({ seed: 7, stream: 3, epoch: 2, step: 5 });
    assert.deepEqual(key, threefry2x32([7, 3], [2, 5]));
    const bits = randomBits(key, 5);
    const third = threefry2x32(key, [2, 0]);
    assert.equal(bits[4]! >>> 0, third[0]);
    assert.deepEqual([...randomBits(key, 6)].slice(0, 5), [...bits]);
    assert.equal(randomBits(key, 6)[5]! >>> 0, third[1]);
  });

  it('makes uniform numbers of the top 24 bits', () => {
    assert.equal(uniform24(0), 0);
    assert.equal(uniform24(0xff), 0);
    assert.equal(uniform24(-1), 1 - 2 ** -24);
    assert.equal(uniform24(0x80000000 | 0), 0.5);
  });

  it('draws in sequence what randomBits gives at once', () => {
    const at = { seed: -3, stream: streamOf('initialize', 4), epoch: 1 };
    const source = randomSource(at);
    const bits = randomBits(stepKey(at), 7);
    for (const expected of bits) assert.equal(source.word(), expected >>> 0);
  });

  it('draws normals with mean 0, variance 1 and the right share beyond two deviations', () => {
    const source = randomSource({ seed: 1, stream: 1 });
    const values = Array.from({ length: 20000 }, () => source.normal());
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    const tail = values.filter((v) => Math.abs(v) > 2).length / values.length;
    assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.04, `variance ${variance}`);
    assert.ok(Math.abs(tail - 0.0455) < 0.006, `tail ${tail}`);
  });

  it('permutes every index once, alike for the same position only', () => {
    const first = seededPermutation({ seed: 0, stream: streamOf('shuffle'), epoch: 3 }, 101);
    const again = seededPermutation({ seed: 0, stream: streamOf('shuffle'), epoch: 3 }, 101);
    const other = seededPermutation({ seed: 0, stream: streamOf('shuffle'), epoch: 4 }, 101);
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.deepEqual(
      [...first].sort((a, b) => a - b),
      Array.from({ length: 101 }, (_, i) => i),
    );
    assert.deepEqual([...seededPermutation({ seed: 0, stream: 1 }, 0)], []);
  });

  it('permutes by words scaled to each range, one after the other', () => {
    const at = { seed: 5, stream: streamOf('shuffle'), epoch: 2 };
    for (const count of [1, 2, 3, 255, 256, 257, 1000, 5003]) {
      const { word } = randomSource(at);
      const expected = Array.from({ length: count }, (_, i) => i);
      for (let last = count - 1; last > 0; last--) {
        const place = scaledPlace(word, last + 1);
        [expected[last], expected[place]] = [expected[place]!, expected[last]!];
      }
      assert.deepEqual([...seededPermutation(at, count)], expected, `${count}`);
    }
  });

  it('passes over the words that would favour some places', () => {
    const key = stepKey({ seed: 5, stream: 1 });
    // 2^32 = 3e9 + 1294967296: three words in ten are too many.
    const [choices, count] = [3e9, 600];
    const { word } = randomSource({ seed: 5, stream: 1 });
    const places = new Uint32Array(count);
    seededPlaces(key)(places, choices - 1, count);
    const expected = Array.from({ length: count }, (_, i) => scaledPlace(word, choices - i));
    assert.deepEqual([...places], expected);
  });

  it('puts every element anywhere equally often', () => {
    const [count, times] = [7, 7000];
    const seen = Array.from({ length: count }, () => new Array<number>(count).fill(0));
    for (let epoch = 0; epoch < times; epoch++) {
      const order = seededPermutation({ seed: 3, stream: streamOf('shuffle'), epoch }, count);
      order.forEach((element, place) => (seen[element]![place]! += 1));
    }
    const expected = times / count;
    const chiSquare = seen.flat().reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 36 degrees of freedom: beyond 68 once in a thousand.
    assert.ok(chiSquare < 68, `${chiSquare}`);
  });

  it('gives every purpose streams of its own', () => {
    assert.notEqual(streamOf('initialize', 0), streamOf('shuffle', 0));
    assert.equal(streamOf('step', 5), 5);
  });

  it('gives many words as it gives two, from any counter on', () => {
    for (const key of [
      [0, 0],
      [0xffffffff, 0x80000000],
      [12_345, 4_000_000_000],
    ] as const) {
      for (const first of [0, 7, 2 ** 31]) {
        const words = new Uint32Array(20);
        fillWords(words, key, first);
        const pairs = Array.from({ length: 10 }, (_, i) => threefry2x32(key, [first + i, 0]));
        assert.deepEqual([...words], pairs.flat());
      }
    }
  });

  it('draws the same words however many are made ahead', () => {
    const at = { seed: 9, stream: 2 };
    const { word } = randomSource(at);
    const drawn = Array.from({ length: 5000 }, word);
    const pairs = Array.from({ length: 2500 }, (_, i) => threefry2x32(stepKey(at), [i, 0]));
    assert.deepEqual(drawn, pairs.flat());
  });
});
