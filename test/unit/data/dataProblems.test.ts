import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { hasErrors } from '../../../src/shared/diagnostics.ts';
import { brief, configText, prepare } from './dataKit.ts';

interface DiagnosticCase {
  readonly name: string;
  readonly config: string;
  readonly csv: string | null;
  readonly rest?: string;
  /** All errors and warnings, as `brief` prints them. */
  readonly expected: readonly (RegExp | string)[];
}

const simple = 'path: data.csv\nfeatures: [a, b]\ntarget: y';

const wrong: readonly DiagnosticCase[] = [
  {
    name: 'a missing file',
    config: 'path: dta.csv\nfeatures: [a]\ntarget: y',
    csv: 'a,y\n1,2\n',
    expected: [
      /^a\.train\.yaml:2:9 error data\.missingFile there is no file \S+dta\.csv \(did you mean `data\.csv`\?\)$/,
    ],
  },
  {
    name: 'a folder as file',
    config: 'path: .\nfeatures: [a]\ntarget: y',
    csv: null,
    expected: [/^a\.train\.yaml:2:9 error data\.missingFile \S+ is a folder, not a file$/],
  },
  {
    name: 'several missing columns at once',
    config: 'path: data.csv\nfeatures:\n  - {name: wieght}\n  - b\ntarget: z',
    csv: 'weight,b,y\n1,2,x\n2,3,y\n',
    expected: [
      'a.train.yaml:4:7 error data.missingColumn the file has no column `wieght` (did you mean `weight`?)',
      /^a\.train\.yaml:6:11 error data\.missingColumn the file has no column `z` \(/,
    ],
  },
  {
    name: 'wrong numbers by row and column, the many cut short',
    config: simple,
    csv: `a,b,y\n1,x1,p\n"2,5",3,q\n${'3,oops,p\n'.repeat(200)}`,
    expected: [
      'data.csv:2:1 error data.wrongNumber row 1, column `b`: expected a number, found "x1" (for a column of names set `encode: ordinal` or `one_hot`)',
      /^data\.csv:4:1 error data\.wrongNumber row 3, column `b`/,
      /^data\.csv:5:1 error data\.wrongNumber row 4, column `b`: expected a number, found "oops", and 198 more/,
      'data.csv:3:1 error data.wrongNumber row 2, column `a`: expected a number, found "2,5" (say how its numbers are written: `decimal` and `thousands` under `data`)',
    ],
  },
  {
    name: 'numbers that are none to us',
    config: 'path: data.csv\nfeatures: [a]\ntarget: y',
    csv: 'a,y\n0x10,p\nInfinity,q\n1e999,p\n',
    expected: [
      /^data\.csv:2:1 .*"0x10"/,
      /^data\.csv:3:1 .*"Infinity"/,
      /^data\.csv:4:1 .*"1e999"/,
    ],
  },
  {
    name: 'a missing value without a rule for it',
    config: simple,
    csv: 'a,b,y\n1,,p\n2,3,q\n',
    expected: [
      'data.csv:2:1 error data.missingValue row 1, column `b`: the value is missing (set `missing` under `data`: drop_row, mean, median, mode or {constant: 0})',
    ],
  },
  {
    name: 'a broken row',
    config: simple,
    csv: 'a,b,y\n1,2,p\n1,2\n3,4,q\n',
    expected: ['data.csv:3:1 error data.brokenRow this row has 2 cells where the header has 3'],
  },
  {
    name: 'a column that is there twice',
    config: simple,
    csv: 'a,b,a,y\n1,2,3,p\n1,2,3,q\n',
    expected: ['data.csv:1:1 error data.duplicateColumn the header has the column `a` twice'],
  },
  {
    name: 'categories that are not listed',
    config:
      'path: data.csv\nfeatures: [{name: a, encode: ordinal, categories: [red, green]}]\ntarget: {name: y, categories: [p, q]}',
    csv: 'a,y\nred,p\ngren,q\nred,s\ngreen,q\n',
    expected: [
      'data.csv:3:1 error data.unknownCategory column `a`: "gren" is not one of the categories (did you mean `green`?)',
      /^data\.csv:4:1 error data\.unknownCategory column `y`: "s" is not one of the categories/,
    ],
  },
  {
    name: 'a target with one class',
    config: `${simple}\nsplit: {train: 1}`,
    csv: 'a,b,y\n1,2,p\n3,4,p\n',
    expected: [
      'a.train.yaml:4:11 error data.oneClass every row is of the class "p": there is nothing to learn',
    ],
  },
  {
    name: 'class names that do not fit',
    config: 'path: data.csv\nfeatures: [a]\ntarget: {name: y, class_names: [one, two]}',
    csv: 'a,y\n1,p\n2,q\n3,r\n4,p\n5,q\n',
    expected: [
      /^a\.train\.yaml:4:11 error data\.classNames `class_names` has 2 names, the target 3 classes: `p`, `q`, `r`$/,
    ],
  },
  {
    name: 'a file without rows',
    config: simple,
    csv: 'a,b,y\n',
    expected: [/^a\.train\.yaml:2:9 error data\.noRows the file has no rows$/],
  },
  {
    name: 'an empty file',
    config: 'path: data.csv\nfeatures: [a]\ntarget: y',
    csv: '',
    expected: [
      'a.train.yaml:2:9 error data.noRows the file is empty: it has neither column names nor rows',
    ],
  },
  {
    name: 'a column of parts that names none',
    config: `${simple}\nsplit: {by: part}`,
    csv: 'a,b,y,part\n1,2,p,one\n3,4,q,one\n',
    expected: [
      'data.csv:2:1 error data.unknownPart column `part`: "one" names no part: expected train, validation or test',
    ],
  },
  {
    name: 'too many categories, once a column',
    config: 'path: data.csv\nfeatures: [{name: a, encode: ordinal}]\ntarget: y',
    csv: `a,y\n${Array.from({ length: 10_010 }, (_, i) => `n${i},${i % 2}\n`).join('')}`,
    expected: [
      'data.csv:10003:1 error data.tooManyCategories row 10002, column `a`: more than 10000 different values: these are no categories (is the column a number, or a name that each row has to itself?)',
    ],
  },
  {
    name: 'JSON that is no list, but no columns',
    config: 'path: data.csv\nformat: json\nfeatures: [a]\ntarget: y',
    csv: '{"a": [1], "y": [2]}',
    expected: [/^data\.csv:1:1 error data\.brokenRow this row starts no list/],
  },
  {
    name: 'names for a number to predict',
    config: 'path: data.csv\nfeatures: [a]\ntarget: y',
    rest: 'task: regression\n',
    csv: 'a,y\n1,p\n2,3\n',
    expected: [
      'data.csv:2:1 error data.wrongNumber row 1, column `y`: expected a number, found "p" (to predict names use `task: classification`)',
    ],
  },
  {
    name: 'too few rows for all parts',
    config: `${simple}\nsplit: {train: 0.9}`,
    csv: 'a,b,y\n1,2,p\n3,4,q\n',
    expected: [
      /^a\.train\.yaml:5:10 error data\.emptyPart no row is left for validation; there are 2$/,
    ],
  },
  {
    name: 'words in a split column that name no part',
    config: `${simple}\nsplit: {by: part}`,
    csv: 'a,b,y,part\n1,2,p,train\n3,4,q,tset\n5,6,q,val\n',
    expected: [
      /^data\.csv:3:1 error data\.unknownPart column `part`: "tset" names no part: expected train, validation or test$/,
    ],
  },
  {
    name: 'splits that scikit-learn does not have',
    config: `${simple}\nsplit: {train: 0.5, validation: 0.25, test: 0.25, stratify: true, compat: sklearn}`,
    csv: 'a,b,y\n1,2,p\n3,4,q\n',
    expected: [
      /^a\.train\.yaml:5:77 error data\.split stratified/,
      /^a\.train\.yaml:5:77 error data\.split train_test_split knows/,
    ],
  },
  {
    name: 'a feature that is the same everywhere',
    config:
      'path: data.csv\nfeatures: [{name: a, normalize: zscore}]\ntarget: y\nsplit: {train: 1}',
    csv: 'a,y\n7,p\n7,q\n',
    expected: [/^a\.train\.yaml:3:14 warning data\.constantFeature `a` is 7 in every training row/],
  },
  {
    name: 'numbers too large for float32',
    config: `${simple}\nsplit: {train: 1}`,
    csv: 'a,b,y\n1,1e39,p\n3,4,q\n',
    expected: [/^a\.train\.yaml:3:17 error data\.overflow `b` has values beyond/],
  },
  {
    name: 'a constant that cannot fill a column',
    config:
      'path: data.csv\nfeatures: [a, {name: b, encode: ordinal}]\ntarget: y\nmissing: {constant: 0}\nsplit: {train: 1}',
    csv: 'a,b,y\n,x,p\n3,,q\n',
    expected: [
      /^a\.train\.yaml:5:12 error data\.wrongFill "0" cannot fill `b`: it is none of its categories/,
    ],
  },
  {
    name: 'a spreadsheet',
    config: simple,
    csv: 'PK\u0003\u0004',
    expected: [
      /^a\.train\.yaml:2:9 error data\.read cannot read \S+data\.csv: it is compressed or a spreadsheet: unpack it, or export it as CSV$/,
    ],
  },
  {
    name: 'more numbers than any memory holds',
    config:
      'path: data.csv\nfeatures: [{name: a, encode: one_hot}]\ntarget: y\nsplit: {train: 1}\noversample: 2000',
    csv: `a,y\n${Array.from({ length: 1000 }, (_, i) => `n${i},${i % 2}\n`).join('')}`,
    expected: [/^a\.train\.yaml:3:13 error data\.tooLarge 2000000 rows of 1000 numbers need 8 GB/],
  },
  {
    name: 'a checksum that differs',
    config: `${simple}\nsha256: ${'a'.repeat(64)}`,
    csv: 'a,b,y\n1,2,p\n3,4,q\n',
    expected: [
      /^a\.train\.yaml:5:11 error data\.checksum the file is not the expected one: its checksum is [0-9a-f]{64}$/,
    ],
  },
  {
    name: 'rows to predict that do not fit',
    config:
      'path: data.csv\nfeatures: [{name: a, encode: ordinal}, b]\ntarget: y\nsplit: {train: 1}',
    csv: 'a,b,y\nred,2,p\ngreen,4,q\n',
    rest: 'predict:\n  - {a: gren, b: 1}\n  - {a: 1, b: many}\n',
    expected: [
      /^a\.train\.yaml:10:9 error data\.predictRow row 1: `a`: expected `green`, `red` or an index 0 to 1, found "gren" \(did you mean `green`\?\)$/,
      /^a\.train\.yaml:11:15 error data\.predictRow row 2: `b`: expected a number, found "many"$/,
    ],
  },
];

describe('problems of data', () => {
  for (const { name, config, csv, rest, expected } of wrong) {
    it(`are reported in place: ${name}`, async () => {
      const { data, diagnostics } = await prepare(configText(config, rest), csv);
      const seen = diagnostics.filter((d) => d.severity !== 'info').map(brief);
      assert.equal(seen.length, expected.length, seen.join('\n'));
      expected.forEach((pattern, i) => {
        if (typeof pattern === 'string') assert.equal(seen[i], pattern);
        else assert.match(seen[i]!, pattern);
      });
      assert.equal(data === null, hasErrors(diagnostics));
    });
  }

  for (const [names, classes] of [
    ['[one, two]', 3],
    ['[one, two, three, four]', 4],
  ] as const) {
    it(`count the larger of classes and names: ${names}`, async () => {
      const target = `target: {name: y, class_names: ${names}}`;
      const config = configText(simple.replace('target: y', target));
      const result = await prepare(config, 'a,b,y\n1,2,p\n3,4,q\n5,6,r\n');
      assert.equal(result.data, null);
      assert.equal(result.classes, classes);
    });
  }

  for (const [name, csv, classes] of [
    ['a missing value', 'a,b,y\n,2,p\n3,4,q\n5,6,r\n', 3],
    ['a wrong number', 'a,b,y\n1,x,p\n3,4,q\n', 2],
    ['a missing column', 'a,c,y\n1,2,p\n3,4,q\n', 2],
    ['a broken row, which may hold a class of its own', 'a,b,y\n1,p\n3,4,q\n5,6,r\n', null],
  ] as const) {
    it(`leave the classes ${classes === null ? 'unknown' : 'known'}: ${name}`, async () => {
      const result = await prepare(configText(simple), csv);
      assert.equal(result.data, null);
      assert.equal(result.classes, classes);
    });
  }

  it('never become exceptions, whatever is in the file', async () => {
    const cell = fc.constantFrom(
      '',
      '1',
      '2.5',
      'x',
      '"',
      'NA',
      'a,b',
      '\n',
      '1e400',
      ' ',
      '\u0000',
    );
    const csv = fc
      .array(
        fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(',')),
        { maxLength: 6 },
      )
      .map((rows) => ['a,b,y', ...rows].join('\n'));
    const missing = fc.constantFrom('error', 'drop_row', 'mean', 'mode', '{constant: x}');
    const property = fc.asyncProperty(csv, missing, fc.boolean(), async (text, rule, isNormal) => {
      const a = isNormal ? '{name: a, normalize: minmax}' : '{name: a, encode: one_hot}';
      const config = configText(`path: data.csv\nfeatures: [${a}, b]\ntarget: y\nmissing: ${rule}`);
      const { data, diagnostics, configFile } = await prepare(config, text);
      assert.equal(data === null, hasErrors(diagnostics));
      assert.ok(diagnostics.every((d) => d.start.line >= 1 && d.message !== ''));
      if (data) assert.ok(data.train.x.every(Number.isFinite));
      rmSync(path.dirname(configFile), { recursive: true });
    });
    await fc.assert(property, { seed: 5, numRuns: 150 });
  });
});
