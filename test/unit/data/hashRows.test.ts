import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countDistinct, createHash53, findRepeats } from '../../../src/core/data/hashRows.ts';
import { quantile } from '../../../src/core/inspect/numberReport.ts';

describe('equality by hashes', () => {
  it('agrees with equality of texts', () => {
    const hash = createHash53();
    const hashOf = (text: string): number => {
      hash.addText(text);
      return hash.take();
    };
    const texts = Array.from({ length: 50_000 }, (_, i) => `row ${i}`);
    const hashes = texts.map(hashOf);
    assert.equal(new Set(hashes).size, texts.length, 'no two share a hash');
    assert.deepEqual(texts.map(hashOf), hashes, 'a hash does not depend on those before');
    assert.ok(hashes.every((value) => Number.isSafeInteger(value) && value >= 0));
  });

  it('finds every repeat, and where the first ones are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 }), (items) => {
        const { count, examples } = findRepeats(Float64Array.from(items));
        const expected = items.flatMap((item, at) => {
          const first = items.indexOf(item);
          return first < at ? [{ at, first }] : [];
        });
        assert.equal(count, expected.length);
        assert.deepEqual(examples, expected.slice(0, 3));
        assert.equal(countDistinct(Float64Array.from(items)), new Set(items).size);
      }),
    );
  });
});

describe('a quantile', () => {
  it('lies between the values that it is interpolated from', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (items, share) => {
          const sorted = Float64Array.from(items).sort();
          const value = quantile(sorted, share);
          const below = sorted.filter((item) => item < value).length;
          const above = sorted.filter((item) => item > value).length;
          assert.ok(below <= share * (sorted.length - 1) + 1);
          assert.ok(above <= (1 - share) * (sorted.length - 1) + 1);
        },
      ),
    );
  });
});
