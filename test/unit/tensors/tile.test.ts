import assert from 'node:assert/strict';
import fc from 'fast-check';
import { histogramBins, tensorStatistics } from '../../../src/core/tensors/statistics.ts';
import { tensorTile } from '../../../src/core/tensors/tile.ts';

const counted = (count: number) => Float32Array.from({ length: count }, (_, i) => i);
const all = { rows: 1000, columns: 1000 };

describe('a tile of a tensor', () => {
  const cases: readonly [string, readonly number[], number, number][] = [
    ['a vector is one row', [10], 1, 10],
    ['a dense kernel is [in, out]', [5, 10], 5, 10],
    ['the axes before the last are the rows', [3, 3, 2, 4], 18, 4],
    ['a scalar is one cell', [], 1, 1],
    ['a tensor without values has no cells', [0, 4], 0, 4],
  ];
  for (const [title, shape, rows, columns] of cases) {
    it(title, () => {
      const values = counted(rows * columns);
      const tile = tensorTile({ step: 3, shape, values }, { box: null, most: all });
      assert.deepEqual([tile.rows, tile.columns, tile.step], [rows, columns, 3]);
      assert.deepEqual(tile.values, values);
      assert.equal(tile.min, null);
    });
  }

  it('of a box has the values in it, and what lies outside is left out', () => {
    const source = { step: 0, shape: [4, 5], values: counted(20) };
    const box = { row: 2, column: 3, rows: 9, columns: 9 };
    const tile = tensorTile(source, { box, most: all });
    assert.deepEqual(tile.box, { row: 2, column: 3, rows: 2, columns: 2 });
    assert.deepEqual([...tile.values], [13, 14, 18, 19]);
  });

  it('of blocks has the mean, smallest and largest value of each, and is never bigger than asked', () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, size, size, (rows, columns, mostRows, mostColumns) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 7));
        const most = { rows: mostRows, columns: mostColumns };
        const tile = tensorTile({ step: 0, shape: [rows, columns], values }, { box: null, most });
        assert.ok(tile.rows <= mostRows && tile.columns <= mostColumns);
        for (let r = 0; r < tile.rows; r++) {
          for (let c = 0; c < tile.columns; c++) {
            const block: number[] = [];
            for (let i = r * tile.block.rows; i < Math.min(rows, (r + 1) * tile.block.rows); i++) {
              const from = i * columns;
              const end = Math.min(columns, (c + 1) * tile.block.columns);
              block.push(...values.subarray(from + c * tile.block.columns, from + end));
            }
            const mean = block.reduce((sum, value) => sum + value, 0) / block.length;
            const cell = r * tile.columns + c;
            assert.equal(tile.values[cell], Math.fround(mean));
            assert.equal(tile.min?.[cell] ?? tile.values[cell], Math.min(...block));
            assert.equal(tile.max?.[cell] ?? tile.values[cell], Math.max(...block));
          }
        }
      }),
      { seed: 20261121 },
    );
  });

  it('loses no NaN in a block', () => {
    const values = counted(16);
    values[6] = NaN;
    const most = { rows: 2, columns: 2 };
    const tile = tensorTile({ step: 0, shape: [4, 4], values }, { box: null, most });
    assert.deepEqual([...tile.values].map(Number.isNaN), [false, true, false, false]);
  });
});

describe('statistics of a tensor', () => {
  it('agree with numbers computed by hand', () => {
    const statistics = tensorStatistics(Float32Array.of(-2, 0, 0, 4));
    assert.deepEqual(
      { ...statistics, finite: { ...statistics.finite, histogram: null } },
      {
        count: 4,
        zeros: 2,
        nan: 0,
        infinite: 0,
        finite: { min: -2, max: 4, mean: 0.5, std: Math.sqrt(4.75), histogram: null },
      },
    );
  });

  it('put every finite value into one bin, the largest into the last', () => {
    const { finite } = tensorStatistics(Float32Array.of(0, 1, 10, 10));
    assert.equal(finite?.histogram.length, histogramBins);
    assert.equal(finite.histogram[0], 1);
    assert.equal(finite.histogram[4], 1);
    assert.equal(finite.histogram.at(-1), 2);
  });

  it('count what is not finite and leave it out of the rest', () => {
    const { nan, infinite, finite } = tensorStatistics(
      Float32Array.of(NaN, Infinity, -Infinity, 3),
    );
    assert.deepEqual([nan, infinite], [1, 2]);
    assert.deepEqual([finite?.min, finite?.max, finite?.mean, finite?.std], [3, 3, 3, 0]);
    assert.equal(finite?.histogram[0], 1);
  });

  it('have no range where nothing is finite', () => {
    assert.equal(tensorStatistics(Float32Array.of(NaN)).finite, null);
    assert.equal(tensorStatistics(new Float32Array(0)).finite, null);
  });
});
