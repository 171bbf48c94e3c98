import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  columnHeader,
  headerBytes,
  parseColumnHeader,
} from '../../../src/shared/columns/columnFormat.ts';
import { checkScale, fitRange, isDrawable, yMap } from '../../../src/shared/plot/valueScale.ts';
import { checkView, columnStarts, xOf, type PointView } from '../../../src/shared/plot/view.ts';
import { plainPlaces, pointPlaces } from '../../kit/plotSeries.ts';

const edge = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const view = fc
  .record({
    first: edge,
    width: fc.double({ min: 1e-3, max: 1e12, noNaN: true }),
    columns: fc.integer({ min: 2, max: 300 }),
    x: pointPlaces,
  })
  .map(({ first, width, columns, x }): PointView => {
    const at = (point: number): number => x.origin + x.stride * point;
    return { first: at(first), last: at(first + width), columns, x };
  });

describe('points across a plot', () => {
  it('lie in the column that their place says, each in exactly one', () => {
    fc.assert(
      fc.property(view, (someView) => {
        const starts = columnStarts(someView);
        for (const [column, start] of starts.entries()) {
          assert.ok(xOf(someView, start) >= column, `${start} lies left of column ${column}`);
          assert.ok(xOf(someView, start - 1) < column, `${start - 1} lies in column ${column}`);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('lie in the outermost columns at the edges of the view', () => {
    const whole: PointView = { first: 0, last: 9, columns: 4, x: plainPlaces };
    assert.deepEqual([...columnStarts(whole)], [-1, 2, 5, 8, 11]);
    // Points at -2, 1, 4, 7, ...
    const sparse: PointView = { ...whole, x: { origin: -2, stride: 3 } };
    assert.deepEqual([...columnStarts(sparse)], [1, 2, 3, 4, 5]);
    assert.equal(xOf(sparse, 2), xOf(whole, 4));
  });

  it('need a view of some width', () => {
    for (const [first, last, columns] of [
      [1, 1, 10],
      [2, 1, 10],
      [NaN, 1, 10],
      [0, Infinity, 10],
      [0, 1, 1],
      [0, 1, 2.5],
    ] as const) {
      const wrong = { first, last, columns, x: plainPlaces };
      assert.throws(() => checkView(wrong), { code: 'internal' });
    }
    for (const x of [
      { origin: 0, stride: 0 },
      { origin: NaN, stride: 1 },
      { origin: 1, stride: 1e-18 },
    ]) {
      assert.throws(() => checkView({ first: 0, last: 1, columns: 9, x }), { code: 'internal' });
    }
  });
});

describe('values up and down a plot', () => {
  it('put the range at the centres of the outermost rows', () => {
    const linear = yMap({ low: -1, high: 3, rows: 5, log: false });
    assert.deepEqual([linear(3), linear(1), linear(-1)], [0.5, 2.5, 4.5]);
    const log = yMap({ low: 0.01, high: 100, rows: 5, log: true });
    assert.deepEqual([log(100), log(1), log(0.01)], [0.5, 2.5, 4.5]);
  });

  it('never rise with the value, on either scale, for any two float32', () => {
    const float = fc.float({ min: Math.fround(1e-38), noNaN: true, noDefaultInfinity: true });
    const neighbour = (value: number): number => {
      const bits = new Uint32Array(Float32Array.of(value).buffer);
      bits[0]!++;
      return new Float32Array(bits.buffer)[0]!;
    };
    fc.assert(
      fc.property(float, fc.boolean(), (value, log) => {
        const toY = yMap({ low: 1e-3, high: 7, rows: 500, log });
        assert.ok(toY(value) >= toY(neighbour(value)));
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it('have room about a single one, and some range when there is none', () => {
    for (const log of [false, true]) {
      for (const value of [1e-45, 0.25, 3e38]) {
        const range = fitRange(value, value, log);
        checkScale({ ...range, rows: 10, log });
        assert.ok(range.low < value && value < range.high);
      }
      checkScale({ ...fitRange(Infinity, -Infinity, log), rows: 10, log });
    }
    for (const value of [0, -2]) {
      const { low, high } = fitRange(value, value, false);
      assert.ok(low < value && value < high);
    }
  });

  it('have a place only when finite, and above zero on a logarithmic scale', () => {
    for (const value of [NaN, Infinity, -Infinity]) assert.ok(!isDrawable(value, false));
    assert.deepEqual(
      [isDrawable(0, true), isDrawable(0, false), isDrawable(1e-45, true)],
      [false, true, true],
    );
  });
});

describe('header of a column', () => {
  it('is one padded line of ASCII, whatever the series is called', () => {
    const bytes = columnHeader('Pérdida "μ" 損失', 12);
    assert.equal(bytes.length, headerBytes);
    assert.ok(bytes.every((byte) => byte < 0x80));
    assert.equal(bytes.indexOf(0x0a), headerBytes - 1);
    const expected = { format: 'f32le', series: 'Pérdida "μ" 損失', first: 12 };
    assert.deepEqual(parseColumnHeader(bytes), expected);
  });

  it('is refused when it is damaged, or its name too long', () => {
    for (const text of ['', 'null', '{}', '{"format":"f32le","series":"loss"}', '[1']) {
      assert.throws(
        () => parseColumnHeader(new TextEncoder().encode(text.padEnd(128))),
        SyntaxError,
      );
    }
    assert.throws(() => columnHeader('x'.repeat(100)), { code: 'internal' });
  });
});
