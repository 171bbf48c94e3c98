import assert from 'node:assert/strict';
import { inspectDataFile } from '../../../src/core/inspect/inspectFile.ts';
import type { ColumnReport, TableReport } from '../../../src/shared/protocol/dataReport.ts';
import { brief, writeTemporary } from '../data/dataKit.ts';

const inspect = (content: string, name = 'data.csv'): Promise<TableReport> =>
  inspectDataFile(writeTemporary(name, content), {});

/** A file of one column `x` beside a column that makes each row differ. */
async function inspectColumn(cells: readonly string[], name = 'x'): Promise<ColumnReport> {
  const lines = cells.map((cell, i) => `${cell},${i * i}.5`);
  const { columns } = await inspect([`${name},other`, ...lines, ''].join('\n'));
  return columns[0]!;
}

const repeat = (values: readonly string[], times: number): string[] =>
  Array.from({ length: times }, () => values).flat();
const count = (length: number, cell: (i: number) => string): string[] =>
  Array.from({ length }, (_, i) => cell(i));

describe('the type of a column', () => {
  for (const [type, what, cells, name] of [
    ['empty', 'nothing at all', ['', 'NA', 'null']],
    ['number', 'decimals', ['1.5', '2', '1e3', '']],
    ['integer', 'whole numbers', ['3', '1', '4', '1', '5']],
    [
      'integer',
      'whole numbers that differ, without the name of an id',
      ['3', '17', '4', '20', '5'],
    ],
    ['id', 'numbers that count', count(12, (i) => String(100 + i))],
    ['id', 'numbers that differ under the name of an id', ['7', '901', '33', '4'], 'PassengerId'],
    ['id', 'words that all differ', count(12, (i) => `K-${i * 7}x`)],
    ['boolean', 'yes and no', repeat(['yes', 'No', 'yes'], 3).map((c) => c.toLowerCase())],
    ['boolean', 'sí and no', repeat(['sí', 'no'], 4)],
    ['boolean', '0 and 1', repeat(['0', '1', '1.0'], 4)],
    ['boolean', 'true and false with gaps', ['true', '', 'false', 'true']],
    ['category', 'few words', repeat(['red', 'green', 'blue'], 5)],
    ['category', 'numbers and words, few of them', repeat(['1', '2', '3A'], 6)],
    ['category', 'one word', repeat(['same'], 5)],
    ['mixed', 'numbers with a stranger', [...count(30, (i) => `${i * i}.25`), '?']],
    ['number', 'numbers with a decimal comma', count(6, (i) => `"${i},5"`)],
    ['number', 'numbers with a comma, some with points', ['"1,5"', '2.5', '"3,75"', '4']],
    ['integer', 'prices', count(30, (i) => `"$${1 + (i % 9)},${100 + i}"`)],
    ['number', 'prices in euros', count(30, (i) => `"${i * 3},25 €"`)],
    ['integer', 'percentages', count(30, (i) => `${i * 3} %`)],
    ['mixed', 'prices in two currencies', count(40, (i) => `${i * 37} ${'€$£'[i % 3]!}`)],
    ['category', 'zip codes', repeat(['01010', '02020', '10115'], 4)],
    ['integer', 'whole numbers, one of them 0', repeat(['0', '2', '10115'], 4)],
    ['text', 'telephone numbers', count(30, (i) => `612 ${345 + i} ${678 + i}`)],
    ['category', 'places', repeat(['1st', '2nd', '3rd'], 4)],
    ['date', 'days', count(12, (i) => `2024-02-${10 + i}`)],
    ['date', 'days as written in Spain, some twice', repeat(['3/2/2024', '14/12/2023'], 3)],
    ['date', 'days with the name of the month', repeat(['"Feb 3, 2024"', '3 de marzo de 2024'], 3)],
    ['integer', 'years without a gap', count(12, (i) => String(1990 + i)), 'Año'],
    [
      'category',
      'names that come again and again',
      repeat(
        count(80, (i) => `town ${i}`),
        5,
      ),
    ],
    ['mixed', 'whole numbers with a stranger', ['?', ...repeat(count(30, String), 4)]],
    ['date', 'times', count(12, (i) => `2024-02-10T10:${10 + i}:00Z`)],
    ['text', 'sentences', count(12, (i) => `the quick brown fox number ${i}`)],
    ['text', 'many words, few of them twice', [...count(60, (i) => `w${i}`), 'w1', 'w2']],
  ] as const) {
    it(`is ${type}: ${what}`, async () => {
      const column = await inspectColumn(cells, name);
      assert.equal(column.type, type);
    });
  }

  it('is nested: lists in JSON', async () => {
    const { columns } = await inspect(
      '[{"a": [1, 2], "b": 1}, {"a": [3], "b": null}]',
      'data.json',
    );
    assert.deepEqual(
      columns.map(({ name, type, missing }) => [name, type, missing]),
      [
        ['a', 'nested', 0],
        ['b', 'integer', 1],
      ],
    );
  });
});

describe('a look at a column', () => {
  it('counts what is there, what is missing, and what differs', async () => {
    const { values, missing, distinct, top } = await inspectColumn(['b', 'a', '', 'b', 'NA', ' b']);
    assert.deepEqual({ values, missing, distinct }, { values: 4, missing: 2, distinct: 2 });
    assert.deepEqual(top, [
      { value: 'b', count: 3 },
      { value: 'a', count: 1 },
    ]);
  });

  it('names numbers as the categories of a config are named', async () => {
    const { top } = await inspectColumn(['1.0', '1', '2.50']);
    assert.deepEqual(top, [
      { value: '1', count: 2 },
      { value: '2.50', count: 1 },
    ]);
  });

  it('has the statistics of NumPy', async () => {
    // a = [4, 1, 7, 1]; a.mean(), a.std(), np.quantile(a, [.25, .5, .75]), np.histogram(a, 20)
    const { numbers } = await inspectColumn(['4', '1', '7', '', '1']);
    const { histogram, std, ...rest } = numbers!;
    assert.deepEqual(rest, { count: 4, min: 1, max: 7, mean: 3.25, quartiles: [1, 2.5, 4.75] });
    assert.ok(Math.abs(std - 2.48746859276655) < 1e-12);
    const filled = histogram.counts.flatMap((n, bin) => (n > 0 ? [[bin, n]] : []));
    assert.deepEqual(filled, [
      [0, 2],
      [10, 1],
      [19, 1],
    ]);
  });

  it('bins numbers of any size', async () => {
    const { numbers } = await inspectColumn(['-1.7e308', '1.7e308', '0']);
    const { counts } = numbers!.histogram;
    assert.deepEqual([counts[0], counts[10], counts[19]], [1, 1, 1]);
    const constant = await inspectColumn(['5', '5']);
    assert.deepEqual(constant.numbers!.histogram, { min: 5, max: 5, counts: [2] });
  });

  it('tells different values apart beyond those that it counts', async () => {
    const texts = await inspectColumn(count(6000, (i) => `text ${i % 5000}`));
    assert.deepEqual([texts.distinct, texts.top.length], [5000, 100]);
    const numbers = await inspectColumn(count(6000, (i) => String((i % 4500) / 8)));
    assert.equal(numbers.distinct, 4500);
  });

  it('shows where a number is none', async () => {
    const { wrongNumber } = await inspectColumn([...count(9, (i) => `${i * i}.25`), '?', '-']);
    assert.deepEqual(wrongNumber, { cell: '"?"', line: 11, count: 2 });
  });

  it('knows a decimal comma', async () => {
    const { type, numbers, wrongNumber } = await inspectColumn(['3', '"5,1"', '"1.234,5"']);
    assert.deepEqual([type, numbers?.min, numbers?.max, wrongNumber], ['number', 3, 1234.5, null]);
  });
});

describe('a look at a table', () => {
  it('finds rows that say the same', async () => {
    const { rows, duplicates } = await inspect('a,b\n1,2\n12,\n1,2\n,12\n1,2\n');
    assert.equal(rows, 5);
    assert.deepEqual(duplicates, {
      rows: 2,
      examples: [
        { line: 4, firstLine: 2 },
        { line: 6, firstLine: 2 },
      ],
    });
  });

  it('shows its first rows, long texts cut', async () => {
    const lines = count(12, (i) => `"line\n${i}",${'long '.repeat(40)}`);
    const { firstRows, rows } = await inspect(['a,b', ...lines, ''].join('\n'));
    assert.equal(rows, 12);
    assert.equal(firstRows.length, 10);
    assert.deepEqual([firstRows[1]!.line, firstRows[1]!.cells[0]], [4, 'line\n1']);
    assert.equal(firstRows[1]!.cells[1]!.length, 81);
    const json = await inspect('[{"a": [1], "b": null}, {"a": 2}]', 'data.json');
    assert.deepEqual(
      json.firstRows.map(({ cells }) => cells),
      [
        ['[1]', ''],
        ['2', ''],
      ],
    );
  });

  it('reads semicolons, quotes and accents', async () => {
    const { columns } = await inspect('\ufeffaño;"longitud; cm"\r\n2020;1.5\r\n2021;2.5\r\n');
    assert.deepEqual(
      columns.map(({ name, type }) => [name, type]),
      [
        ['año', 'integer'],
        ['longitud; cm', 'number'],
      ],
    );
  });

  for (const [what, content, expected] of [
    ['a header that is a row', '5.1,3.5,setosa\n4.9,3.0,setosa\n', ['error data.noHeader']],
    ['years as a header', 'name,2019,2020\na,3,4\nb,4,3\n', []],
    ['numbered columns', '0,1,y\n3,4.5,a\n4,3.5,b\n', []],
    ['a name twice', 'a,a,b\n1,2,3\n', ['warning data.duplicateColumn']],
    ['a row that is too short', 'a,b\n1,2\n3\n', ['error data.brokenRow']],
    ['an empty file', '', []],
    ['nothing but a header', 'a,b\n', []],
  ] as const) {
    it(`reports ${what}`, async () => {
      const { diagnostics } = await inspect(content);
      const found = diagnostics.map(({ severity, code }) => `${severity} ${code}`);
      assert.deepEqual(found, expected, diagnostics.map(brief).join('\n'));
    });
  }

  it('gives the reason when there is no file', async () => {
    await assert.rejects(inspectDataFile('/no/such.csv', {}), /there is no such file/);
  });

  it('tells its progress and can be cancelled', async () => {
    const line = `${'0.123456789,'.repeat(9)}1\n`;
    const file = writeTemporary('large.csv', `a,b,c,d,e,f,g,h,i,j\n${line.repeat(30_000)}`);
    const controller = new AbortController();
    const fractions: (number | null)[] = [];
    const look = inspectDataFile(file, {
      signal: controller.signal,
      onProgress({ fraction }) {
        fractions.push(fraction);
        controller.abort();
      },
    });
    await assert.rejects(look, { name: 'AbortError' });
    assert.ok(fractions.length >= 1 && fractions[0]! < 1, 'ended before the end of the file');
  });
});
