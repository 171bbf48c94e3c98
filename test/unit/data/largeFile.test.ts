import assert from 'node:assert/strict';
import { numberColumn } from '../../../src/core/data/columns.ts';
import { readTable } from '../../../src/core/data/readTable.ts';
import { writeTemporary } from './dataKit.ts';

const columns = 20;
const rows = 70_000;

describe('a large file', () => {
  it('is read in pieces into columns, with progress on the way', async () => {
    const names = Array.from({ length: columns }, (_, i) => `c${i}`);
    const line = (row: number): string =>
      names.map((_, i) => ((row * columns + i) % 997) / 8).join();
    const text = [names.join(), ...Array.from({ length: rows }, (_, row) => line(row)), ''].join(
      '\n',
    );
    const fractions: number[] = [];
    const table = await readTable(writeTemporary('large.csv', text), {
      format: 'csv',
      delimiter: null,
      columns: names.map((name) => ({ name, kind: 'number' })),
      onProgress: (fraction) => fractions.push(fraction),
    });
    assert.equal(table.rows, rows);
    assert.equal(fractions.length, Math.ceil(text.length / 2 ** 20), 'one report for each MB');
    table.columns.forEach((column, i) => {
      assert.ok(column?.kind === 'number' && column.values.length === rows);
      const wrong = column.values.findIndex(
        (value, row) => value !== ((row * columns + i) % 997) / 8,
      );
      assert.equal(wrong, -1);
    });
  });

  it('grows its columns without copying them', () => {
    const builder = numberColumn();
    const count = (1 << 16) * 2 + 5;
    for (let i = 0; i < count; i++) assert.equal(builder.add(String(i), i + 2), 'ok');
    const column = builder.finish();
    assert.ok(column.kind === 'number');
    assert.equal(column.values.length, count);
    assert.ok(column.values.every((value, i) => value === i));
  });
});
