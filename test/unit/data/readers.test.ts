import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { fileText } from '../../../src/core/data/fileText.ts';
import type { FileFormat } from '../../../src/core/data/preprocessing.ts';
import { readRows } from '../../../src/core/data/readTable.ts';
import { AppError } from '../../../src/shared/errors.ts';
import { writeTemporary } from './dataKit.ts';

interface Seen {
  readonly header: readonly string[];
  readonly rows: readonly unknown[][];
  readonly lines: readonly number[];
  readonly problems: readonly string[];
}

async function* whole(...pieces: string[]): AsyncGenerator<string, void> {
  await Promise.resolve();
  yield* pieces;
}

async function read(
  pieces: AsyncIterable<string>,
  format: FileFormat = 'csv',
  delimiter: string | null = null,
): Promise<Seen> {
  let header: readonly string[] = [];
  const rows: unknown[][] = [];
  const lines: number[] = [];
  const problems: string[] = [];
  await readRows(
    pieces,
    { format, delimiter },
    {
      header: (names) => (header = names),
      row: (cells, line) => {
        rows.push([...cells]);
        lines.push(line);
      },
      problem: (line, message) => problems.push(`${line}: ${message}`),
    },
  );
  return { header, rows, lines, problems };
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly format?: FileFormat;
  readonly delimiter?: string;
  readonly header?: string[];
  readonly rows?: unknown[][];
  readonly lines?: number[];
  readonly problems?: RegExp[];
}

const cases: readonly Case[] = [
  {
    name: 'commas',
    text: 'a,b\n1,2\n3,4\n',
    header: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
    lines: [2, 3],
  },
  { name: 'no line end at the end', text: 'a,b\n1,2', rows: [['1', '2']] },
  {
    name: 'quotes, doubled quotes and delimiters in quotes',
    text: 'a,b\n"x, y","say ""hi"""\n',
    rows: [['x, y', 'say "hi"']],
  },
  {
    name: 'line breaks in quotes, which count as lines',
    text: 'a,b\n"x\ny",1\nz,2\n',
    rows: [
      ['x\ny', '1'],
      ['z', '2'],
    ],
    lines: [2, 4],
  },
  {
    name: 'semicolons found by themselves',
    text: 'a;b;c\n1,5;2;3\n1;2;3\n',
    rows: [
      ['1,5', '2', '3'],
      ['1', '2', '3'],
    ],
  },
  { name: 'tabs found by themselves', text: 'a\tb\n1\t2\n', rows: [['1', '2']] },
  {
    name: 'a given delimiter',
    text: 'a:b\n1:2,3\n',
    delimiter: ':',
    rows: [['1', '2,3']],
  },
  {
    name: 'blank lines',
    text: 'a,b\n\n1,2\n\n\n3,4\n\n',
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
    lines: [3, 6],
  },
  { name: 'one column', text: 'a\n1\n2\n', header: ['a'], rows: [['1'], ['2']] },
  { name: 'spaces around names', text: ' a , b\n1,2\n', header: ['a', 'b'] },
  { name: 'a header alone', text: 'a,b\n', header: ['a', 'b'], rows: [] },
  { name: 'an empty file', text: '', header: [], rows: [] },
  {
    name: 'rows of the wrong length',
    text: 'a,b\n1,2,3\n4,5\n6\n',
    rows: [['4', '5']],
    problems: [/^2: has 3 cells where the header has 2$/, /^4: has 1 cell where/],
  },
  {
    name: 'a quote that never ends',
    text: 'a,b\n1,2\n"x,3\n4,5\n',
    rows: [['1', '2']],
    problems: [/^3: has a quote out of place/],
  },
  {
    name: 'a JSON list',
    format: 'json',
    text: '[\n {"a": 1, "b": "x"},\n {"b": null, "c": true}\n]',
    header: ['a', 'b', 'c'],
    rows: [
      [1, 'x', null],
      [null, null, true],
    ],
    lines: [2, 3],
  },
  {
    name: 'nested JSON on several lines',
    format: 'json',
    text: '[{"a":\n[1,\n2]},\n\n{"a": "]},{"},\n{"a": {"b": 1}}]',
    rows: [[[1, 2]], [']},{'], [{ b: 1 }]],
    lines: [1, 5, 6],
  },
  {
    name: 'JSON elements that are no objects',
    format: 'json',
    text: '[1,\n{"a": 2},\n[3]]',
    rows: [[2]],
    problems: [/^1: is not an object/, /^3: is not an object/],
  },
  {
    name: 'a JSON object instead of a list',
    format: 'json',
    text: '{"a": 1}',
    rows: [],
    problems: [/^1: starts no list/],
  },
  {
    name: 'broken JSON',
    format: 'json',
    text: '[\n{"a": 1},\n{"a": }\n]',
    rows: [],
    problems: [/^3: is not JSON/],
  },
  { name: 'an empty JSON list', format: 'json', text: '[]', header: [], rows: [] },
  {
    name: 'JSON Lines',
    format: 'jsonl',
    text: '{"a": 1, "b": 2}\n\n{"b": 4}\n',
    rows: [
      [1, 2],
      [null, 4],
    ],
    lines: [1, 3],
  },
  {
    name: 'broken JSON Lines',
    format: 'jsonl',
    text: '{"a": 1}\n{"a"\n[2]\n{"b": 3}\n{"a": 5}',
    rows: [[1], [5]],
    lines: [1, 5],
    problems: [
      /^2: is not JSON/,
      /^3: is not an object/,
      /^4: has the key "b", which the first line lacks/,
    ],
  },
  {
    name: 'keys that objects inherit',
    format: 'jsonl',
    text: '{"toString": 1}\n{}\n',
    rows: [[1], [null]],
  },
];

describe('readers', () => {
  for (const { name, text, format, delimiter, ...expected } of cases) {
    it(`read ${name}`, async () => {
      const seen = await read(whole(text), format, delimiter ?? null);
      if (expected.header) assert.deepEqual(seen.header, expected.header);
      if (expected.rows) assert.deepEqual(seen.rows, expected.rows);
      if (expected.lines) assert.deepEqual(seen.lines, expected.lines);
      const problems = expected.problems ?? [];
      assert.equal(seen.problems.length, problems.length, seen.problems.join('\n'));
      problems.forEach((pattern, i) => assert.match(seen.problems[i]!, pattern));
    });
  }

  const cell = fc.string({
    unit: fc.constantFrom('a', '7', '"', ',', '\n', ';', ' ', 'é', '\u{1f427}', '.'),
  });

  it('read back any table that was written with quotes, in pieces of any size', async () => {
    const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 6,
      }),
    );
    const property = fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const header = rows[0]!.map((_, i) => `c${i}`).join(',');
      const text = [header, ...rows.map((row) => row.map(quote).join(','))].join('\n');
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const seen = await read(whole(...pieces), 'csv', ',');
      assert.deepEqual(seen.rows, rows);
      assert.deepEqual(seen.problems, []);
      const breaks = rows.map((row) => row.join('').split('\n').length);
      assert.deepEqual(
        seen.lines,
        breaks.map((_, i) => 2 + breaks.slice(0, i).reduce((a, b) => a + b, 0)),
      );
    });
    await fc.assert(property, { seed: 1, numRuns: 150 });
  });

  it('never throw on any text', async () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', '1', '"', ',', '\n', ';', '{', '}', '[', ']', ':', '\\', '\0'),
    });
    const format = fc.constantFrom<FileFormat>('csv', 'json', 'jsonl');
    const property = fc.asyncProperty(fc.array(piece), format, async (pieces, kind) => {
      const seen = await read(whole(...pieces), kind);
      assert.ok(seen.lines.every((line) => line >= 1));
    });
    await fc.assert(property, { seed: 2, numRuns: 300 });
  });
});

describe('the text of a file', () => {
  async function text(content: string | Buffer): Promise<string> {
    let all = '';
    for await (const piece of fileText(writeTemporary('a.csv', content), {}).pieces) all += piece;
    return all;
  }

  it('has no byte order mark, and only LF', async () => {
    assert.equal(await text('\ufeffa,b\r\n1,2\r3,4\n\r\n'), 'a,b\n1,2\n3,4\n\n');
  });

  it('keeps characters and line ends whole across pieces', async () => {
    const filler = 'x'.repeat((1 << 20) - 1);
    assert.equal(await text(`${filler}é\n`), `${filler}é\n`);
    assert.equal(await text(`${filler}\r\ny\r`), `${filler}\ny\n`);
  });

  it('comes with the checksum of the bytes and with progress', async () => {
    const fractions: number[] = [];
    const file = writeTemporary('a.csv', `${'a'.repeat(1 << 21)}\r\n`);
    const source = fileText(file, { onProgress: (fraction) => fractions.push(fraction) });
    let length = 0;
    for await (const piece of source.pieces) length += piece.length;
    assert.equal(length, (1 << 21) + 1);
    assert.equal(fractions.length, 3);
    assert.equal(fractions.at(-1), 1);
    assert.ok(fractions.every((fraction, i) => i === 0 || fraction > fractions[i - 1]!));
    const small = fileText(writeTemporary('b.csv', 'abc'), {});
    while ((await small.pieces.next()).done !== true);
    assert.equal(
      small.sha256(),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  const unreadable = [
    { name: 'a missing file', file: () => '/nowhere/at/all.csv', reason: 'there is no such file' },
    {
      name: 'a folder',
      file: () => tmpdir(),
      reason: 'it is a folder; for images, write a config as that of samples/digits',
    },
    {
      name: 'a file in another encoding',
      file: () => writeTemporary('a.csv', Buffer.from('name,y\nJosé,1\n', 'latin1')),
      reason:
        'line 2 is not UTF-8: "Jos\ufffd,1"; set `encoding: windows-1252` under `data`, or save the file as UTF-8',
    },
    {
      name: 'UTF-16 without a byte order mark',
      file: () => writeTemporary('a.csv', Buffer.from('name,y\nJosé,1\n', 'utf16le')),
      reason:
        'line 1 is not UTF-8: "name,y"; set `encoding: utf-16le` under `data`, or save the file as UTF-8',
    },
  ];
  for (const { name, file, reason } of unreadable) {
    it(`says why ${name} cannot be read`, async () => {
      const path = file();
      await assert.rejects(read(fileText(path, {}).pieces), (error) => {
        assert.ok(error instanceof AppError && error.code === 'data.read');
        assert.equal(error.message, `cannot read ${path}: ${reason}`);
        return true;
      });
    });
  }

  for (const [encoding, bytes] of [
    [
      'windows-1252',
      Buffer.from('name,y\nJosé €,1\n', 'latin1').map((b) => (b === 0xac ? 0x80 : b)),
    ],
    ['utf-16le', Buffer.from('name,y\nJosé €,1\n', 'utf16le')],
    ['utf-16be', Buffer.from('name,y\nJosé €,1\n', 'utf16le').swap16()],
  ] as const) {
    it(`reads ${encoding} where it is said`, async () => {
      const file = writeTemporary('a.csv', Buffer.from(bytes));
      const { rows } = await read(fileText(file, { encoding }).pieces);
      assert.deepEqual(rows, [['José €', '1']]);
    });
  }

  it('believes a byte order mark first', async () => {
    const text = '\ufeffname,y\nJosé,1\n';
    const swapped = Buffer.from(text, 'utf16le').swap16();
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), swapped]) {
      const pieces = fileText(writeTemporary('a.csv', bytes), { encoding: 'windows-1252' }).pieces;
      const { header, rows } = await read(pieces);
      assert.deepEqual([header, rows], [['name', 'y'], [['José', '1']]]);
    }
  });

  it('reads the replacement character where the file has it', async () => {
    const file = writeTemporary('a.csv', 'name,y\nJos\ufffd,1\n');
    assert.deepEqual((await read(fileText(file, {}).pieces)).rows, [['Jos\ufffd', '1']]);
  });

  it('stops when cancelled', async () => {
    const stop = new AbortController();
    const file = writeTemporary('a.csv', 'a,b\n1,2\n'.repeat(400_000));
    const pieces = fileText(file, { signal: stop.signal, onProgress: () => stop.abort() }).pieces;
    await assert.rejects(read(pieces), { name: 'AbortError' });
  });
});
