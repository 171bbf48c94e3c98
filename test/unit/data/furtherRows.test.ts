import assert from 'node:assert/strict';
import { describeFeature } from '../../../src/core/data/describeFeature.ts';
import { encodeRows } from '../../../src/core/data/encodeRows.ts';
import { prepareEvaluation, readCsvRows } from '../../../src/core/data/furtherFiles.ts';
import type { FeatureTransform, TablePreprocessing } from '../../../src/core/data/preprocessing.ts';
import type { InputRow } from '../../../src/shared/protocol/core.ts';
import { brief, rowsOf, writeTemporary } from './dataKit.ts';

const plain = { scale: 1, offset: 0, center: 0, divisor: 1 };
const colors = ['blue', 'green', 'red'];
const features: readonly FeatureTransform[] = [
  { kind: 'ordinal', name: 'color', categories: colors, affine: plain, fill: null },
  { kind: 'one_hot', name: 'size', categories: ['1', '2', '10'], fill: '2' },
  {
    kind: 'number',
    name: 'mass',
    affine: { scale: 2, offset: 1, center: 3, divisor: 4 },
    fill: null,
  },
];
const preprocessing: TablePreprocessing = {
  reader: { format: 'csv', delimiter: ',' },
  features,
  target: { kind: 'classes', name: 'y', values: ['0', '1'], names: ['no', 'yes'] },
};

const good: readonly [name: string, row: InputRow, x: number[]][] = [
  ['names', { color: 'green', size: '10', mass: 5 }, [1, 0, 0, 1, 2]],
  ['an index where no category has that name', { color: 2, size: 1, mass: 5 }, [2, 1, 0, 0, 2]],
  ['a name before an index', { color: 'red', size: 2, mass: 5 }, [2, 0, 1, 0, 2]],
  ['an index as text', { color: '0', size: '0', mass: 5 }, [0, 1, 0, 0, 2]],
  ['numbers as text', { color: ' red ', size: '10', mass: ' 5.0 ' }, [2, 0, 0, 1, 2]],
  ['a fill where a value is missing', { color: 'red', size: null, mass: 5 }, [2, 0, 1, 0, 2]],
  ['other keys', { color: 'red', size: 1, mass: 5, y: 1, note: 'x' }, [2, 1, 0, 0, 2]],
];

/** The name of one feature is near that of another. */
const twoMasses: TablePreprocessing = {
  ...preprocessing,
  features: ['mass', 'mass2'].map((name) => ({ kind: 'number', name, affine: plain, fill: null })),
};

const bad: readonly [
  name: string,
  row: InputRow,
  problem: RegExp,
  features?: TablePreprocessing,
][] = [
  [
    'an unknown category',
    { color: 'grean', size: 1, mass: 5 },
    /^`color`: expected `blue`, `green`, `red` or an index 0 to 2, found "grean" did you mean `green`\?$/,
  ],
  ['an index too large', { color: 3, size: 1, mass: 5 }, /^`color`: expected .*, found 3$/],
  ['an index that is no integer', { color: 0.5, size: 1, mass: 5 }, /found 0\.5$/],
  [
    'a number that is none',
    { color: 'red', size: 1, mass: 'heavy' },
    /^`mass`: expected a number, found "heavy"$/,
  ],
  ['a missing value without a fill', { color: null, size: 1, mass: 5 }, /^`color` is missing$/],
  [
    'a key that is misspelt',
    { colour: 'red', size: 1, mass: 5 },
    /^`color` is missing `colour` is no feature/,
  ],
  ['a feature too few', { mass: 1 }, /^`mass2` is missing$/, twoMasses],
];

describe('rows to predict', () => {
  for (const [name, row, x] of good) {
    it(`may have ${name}`, () => {
      const encoded = encodeRows(preprocessing, [row]);
      assert.deepEqual(encoded.problems, []);
      assert.deepEqual([...encoded.x], x);
    });
  }

  for (const [name, row, problem, features] of bad) {
    it(`may not have ${name}`, () => {
      const first = features === undefined ? good[0]![1] : { mass: 1, mass2: 1 };
      const { problems, rows } = encodeRows(features ?? preprocessing, [first, row]);
      assert.equal(rows, 2);
      assert.deepEqual(
        problems.map((problem) => problem.row),
        [1],
      );
      assert.match(`${problems[0]!.message} ${problems[0]!.hint ?? ''}`.trim(), problem);
    });
  }

  it('are numbered by their place', () => {
    const { x } = encodeRows(preprocessing, [good[0]![1], good[1]![1]]);
    assert.deepEqual(rowsOf(x, 5), [good[0]![2], good[1]![2]]);
  });
});

describe('files read after training', () => {
  it('are evaluated with the preprocessing of the run', async () => {
    const csv = 'note,mass,color,y,size\nx,5,red,1,10\nx,,red,1,10\nx,1,blue,0,\n';
    const { data, leftOut, diagnostics } = await prepareEvaluation(
      preprocessing,
      writeTemporary('more.csv', csv),
    );
    assert.deepEqual(diagnostics.map(brief), [
      'more.csv:3:1 warning data.missingValue row 2, column `mass`: the value is missing',
    ]);
    assert.equal(leftOut, 1);
    assert.deepEqual([...data!.places!], [0, 2]);
    assert.deepEqual(rowsOf(data!.x, 5), [
      [2, 0, 0, 1, 2],
      [0, 0, 1, 0, 0],
    ]);
    assert.deepEqual([...data!.y], [1, 0]);
  });

  it('leave out the rows that the run cannot take, and name them', async () => {
    const rows = ['5,3,red,0', '5,1,pink,1', 'x,1,red,1', '5,1,red', '5,,red,1', '5,1,red,2'];
    const file = writeTemporary('more.csv', ['mass,size,color,y', ...rows, ''].join('\n'));
    const { data, leftOut, diagnostics } = await prepareEvaluation(preprocessing, file);
    assert.deepEqual([...data!.places!], [3]);
    assert.equal(leftOut, 5);
    assert.deepEqual(
      diagnostics.map((each) => brief(each).replace(/ \(.*/, '')),
      [
        'more.csv:4:1 warning data.wrongNumber row 3, column `mass`: expected a number, found "x"',
        'more.csv:5:1 warning data.brokenRow this row has 3 cells where the header has 4',
        'more.csv:3:1 warning data.unknownCategory column `color`: "pink" is not one of the categories',
        'more.csv:2:1 warning data.unknownCategory column `size`: "3" is not one of the categories',
        'more.csv:7:1 warning data.unknownCategory column `y`: "2" is not one of the categories',
      ],
    );
  });

  it('are refused with all that is wrong in them', async () => {
    const missing = writeTemporary('more.csv', 'mass,size,y\n5,1,0\n');
    const unknown = writeTemporary('more.csv', 'mass,size,color,y\n5,3,red,0\n5,1,pink,2\n');
    const gaps = writeTemporary('more.csv', 'mass,size,color,y\n,1,red,1\n');
    const seen = async (file: string): Promise<string[]> => {
      const { data, diagnostics } = await prepareEvaluation(preprocessing, file);
      assert.equal(data, null);
      return diagnostics.map(brief);
    };
    assert.deepEqual(await seen(missing), [
      'more.csv:1:1 error data.missingColumn the file has no column `color` (one of `mass`, `size`, `y`)',
    ]);
    const [color, size, target, none, ...rest] = await seen(unknown);
    assert.match(color!, /^more\.csv:3:1 error data\.unknownCategory column `color`: "pink"/);
    assert.match(size!, /^more\.csv:2:1 error data\.unknownCategory column `size`: "3"/);
    assert.match(target!, /^more\.csv:3:1 error data\.unknownCategory column `y`: "2"/);
    assert.match(none!, /no complete row/);
    assert.deepEqual(rest, []);
    assert.deepEqual(await seen(gaps), [
      'more.csv:2:1 error data.missingValue row 1, column `mass`: the value is missing',
      'more.csv:1:1 error data.noRows no complete row is in the file',
    ]);
  });

  it('give rows to predict, numbers as numbers', async () => {
    const file = writeTemporary(
      'rows.csv',
      '\ufeffid;mass;color\r\n007;5,5;red\r\n9;3\r\n8;1e2;\r\n',
    );
    const { rows, broken, diagnostics } = await readCsvRows(file);
    assert.deepEqual(rows, [
      { id: '007', mass: '5,5', color: 'red' },
      {},
      { id: 8, mass: 100, color: null },
    ]);
    assert.deepEqual([...broken], [[1, 'line 3 has 2 cells where the header has 3']]);
    assert.deepEqual(diagnostics, []);
  });

  for (const [what, text, expected] of [
    [
      'lacks a column',
      'mass,colour\n1,red\n',
      'data.missingColumn the file has no column `color` (did you mean `colour`?)',
    ],
    ['has no rows', 'mass,color\n', 'data.noRows the file has no rows'],
    ['is empty', '', 'data.noRows the file is empty'],
  ] as const) {
    it(`come from no CSV file that ${what}`, async () => {
      const file = writeTemporary('rows.csv', text);
      const { diagnostics } = await readCsvRows(file, { needed: ['mass', 'color'] });
      assert.deepEqual(diagnostics.map(brief), [`rows.csv:1:1 error ${expected}`]);
    });
  }
});

describe('a preprocessing in words', () => {
  it('shows every mapping', () => {
    assert.deepEqual(preprocessing.features.map(describeFeature), [
      'blue = 0, green = 1, red = 2',
      'one column each for 1, 2, 10; where missing, 2',
      'times 2, plus 1, minus 3, divided by 4',
    ]);
  });
});
