import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDatum, formatShare } from '../../../src/shared/numberFormat.ts';
import type {
  ColumnReport,
  ColumnType,
  DataReport,
} from '../../../src/shared/protocol/dataReport.ts';
import { binRange, moveBin, zeroAt } from '../../../webviews/kit/bins.ts';
import { visibleRange } from '../../../webviews/kit/visibleRange.ts';
import {
  chooseColumns,
  countTypes,
  everyColumn,
  parseWish,
} from '../../../webviews/lookAtData/columnOrder.ts';
import { columnRole } from '../../../webviews/lookAtData/columnRole.ts';

function column(name: string, type: ColumnType, missing: number, distinct: number): ColumnReport {
  return {
    name,
    type,
    missing,
    distinct,
    values: 10,
    top: [],
    numbers: null,
    wrongNumber: null,
    unit: null,
  };
}

const columns = [
  column('gene10', 'number', 0, 9),
  column('gene2', 'category', 3, 2),
  column('Árbol', 'number', 1, 5),
  column('arbusto', 'text', 3, 9),
];
const names = (chosen: readonly ColumnReport[]) => chosen.map(({ name }) => name);

describe('the columns of a look', () => {
  for (const [sort, expected] of [
    ['file', ['gene10', 'gene2', 'Árbol', 'arbusto']],
    ['name', ['Árbol', 'arbusto', 'gene2', 'gene10']],
    ['type', ['gene2', 'gene10', 'Árbol', 'arbusto']],
    ['missing', ['gene2', 'arbusto', 'Árbol', 'gene10']],
    ['distinct', ['gene10', 'arbusto', 'Árbol', 'gene2']],
  ] as const) {
    it(`can be sorted by ${sort}; equals stay in the order of the file`, () => {
      assert.deepEqual(names(chooseColumns(columns, { ...everyColumn, sort }, 'es')), expected);
      assert.deepEqual(names(columns)[0], 'gene10', 'the report itself stays as it is');
    });
  }

  it('can be filtered by a part of the name and by type, together', () => {
    const chosen = (filter: string, type: ColumnType | null) =>
      names(chooseColumns(columns, { sort: 'file', filter, type }));
    assert.deepEqual(chosen(' GENE ', null), ['gene10', 'gene2']);
    assert.deepEqual(chosen('', 'number'), ['gene10', 'Árbol']);
    assert.deepEqual(chosen('gene', 'number'), ['gene10']);
    assert.deepEqual(chosen('x', null), []);
    assert.deepEqual(
      [...countTypes(columns)],
      [
        ['number', 2],
        ['category', 1],
        ['text', 1],
      ],
    );
  });

  it('come back as they were asked for, whatever another version kept', () => {
    assert.deepEqual(parseWish({ sort: 'name', filter: 'a', type: 'x' }), {
      sort: 'name',
      filter: 'a',
      type: null,
    });
    for (const other of [null, 3, 'x', {}, { sort: 'size', filter: 4 }]) {
      assert.deepEqual(parseWish(other), everyColumn);
    }
  });

  it('say what they are for', () => {
    const texts = { target: 'T', input: 'I', unused: '-', likelyTarget: '?' };
    const table: DataReport = {
      table: null,
      prepared: null,
      network: null,
      likelyTarget: 'y',
      diagnostics: [],
    };
    const roles = (report: DataReport) =>
      ['x', 'y', 'z'].map((name) => columnRole(name, report, texts));
    assert.deepEqual(roles(table), ['', '?', '']);
    const feature = { column: 'x', description: '', firstInput: 0, width: 1 };
    const prepared = { target: 'y', features: [feature] } as unknown as DataReport['prepared'];
    assert.deepEqual(roles({ ...table, likelyTarget: null, prepared }), ['I', 'T', '-']);
  });
});

describe('a long list', () => {
  it('holds every row that is on the screen, and few others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 400 }), { maxLength: 3000 }),
        fc.integer({ min: -3_000_000, max: 3000 }),
        fc.integer({ min: 1, max: 2000 }),
        (heights, top, viewportHeight) => {
          const count = heights.length;
          const starts = new Float64Array(count + 1);
          heights.forEach((height, i) => (starts[i + 1] = starts[i]! + height));
          const { from, to } = visibleRange({ starts, top, viewportHeight });
          assert.ok(from >= 0 && to <= count && from <= to);
          assert.ok(to - from <= viewportHeight / 20 + 8);
          for (const row of [0, from - 1, to, count - 1]) {
            if (row < 0 || row >= count) continue;
            const visible = top + starts[row]! < viewportHeight && top + starts[row + 1]! > 0;
            if (visible) assert.ok(row >= from && row < to);
          }
        },
      ),
    );
  });
});

describe('the bins of a histogram', () => {
  it('lie side by side from the smallest value to the largest', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 40 }),
        (a, b, size) => {
          const [min, max] = [Math.min(a, b), Math.max(a, b)];
          const bins = { min, max, counts: Array<number>(size).fill(1) };
          const ranges = bins.counts.map((_, i) => binRange(bins, i));
          assert.equal(ranges[0]!.from, min);
          assert.equal(ranges.at(-1)!.to, max);
          ranges.slice(1).forEach(({ from }, i) => assert.equal(from, ranges[i]!.to));
          for (const { from, to } of ranges)
            assert.ok(from <= to && Number.isFinite(from) && Number.isFinite(to));
        },
      ),
    );
  });

  it('have a zero only where the values lie around it', () => {
    assert.equal(zeroAt({ min: -1, max: 3 }), 0.25);
    assert.equal(zeroAt({ min: 1, max: 3 }), null);
    assert.equal(zeroAt({ min: -1.7e308, max: 1.7e308 }), 0.5);
  });

  for (const [key, bin, expected] of [
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 5, 4],
    ['ArrowRight', 18, 19],
    ['ArrowRight', 19, 19],
    ['Home', 7, 0],
    ['End', 7, 19],
    ['Tab', 7, null],
  ] as const) {
    it(`go from ${bin} to ${expected} by ${key}`, () => {
      assert.equal(moveBin(key, bin, 20), expected);
    });
  }
});

describe('values of a table', () => {
  for (const [value, text] of [
    [123456789, '123456789'],
    [2019, '2019'],
    [43.921929824, '43.9219'],
    [-0.000012345678, '-0.0000123457'],
    [1.23456789e12, '1234567890000'],
    [1.23456789e12 + 0.5, '1234570000000'],
    [0, '0'],
  ] as const) {
    it(`keep six digits, whole numbers all of theirs: ${text}`, () => {
      assert.equal(Number(formatDatum(value, 'en')), Number(text));
    });
  }

  it('have shares that are 0 or 100 % only where they are', () => {
    const shares = [0, 0.00012, 0.443, 0.99999, 1].map((share) => formatShare(share, 'en'));
    assert.deepEqual(shares, ['0%', '0.012%', '44.3%', '99.999%', '100%']);
  });
});
