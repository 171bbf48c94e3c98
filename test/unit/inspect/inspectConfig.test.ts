import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspectConfig } from '../../../src/core/inspect/inspectFile.ts';
import { isConfigFile } from '../../../src/shared/model/data.ts';
import type { DataReport } from '../../../src/shared/protocol/dataReport.ts';
import { configText, writeTemporary } from '../data/dataKit.ts';

function inspectSample(name: string): Promise<DataReport> {
  const file = path.join('samples/penguins', name);
  return inspectConfig({ file, text: readFileSync(file, 'utf8') }, {});
}

/** A config beside `data.csv`. */
function inspectProject(data: string, csv: string): Promise<DataReport> {
  const file = path.join(path.dirname(writeTemporary('data.csv', csv)), 'a.train.yaml');
  return inspectConfig({ file, text: configText(data) }, {});
}

describe('a look at the data of a config', () => {
  it('counts the rows of the penguins lab that leak', async () => {
    const { table, prepared } = await inspectSample('penguins-lab.train.yaml');
    assert.equal(table!.rows, 344);
    const { parts, droppedRows, leaks, classes } = prepared!;
    assert.deepEqual(
      { parts, droppedRows },
      { parts: { train: 957, validation: 411, test: 0 }, droppedRows: 2 },
    );
    assert.deepEqual(leaks, [{ part: 'validation', rows: 411, sameInputs: 395, sameTarget: 395 }]);
    const total = classes!.map(({ name, train, validation }) => [name, train + validation]);
    assert.deepEqual(total, [
      ['0', 151 * 4],
      ['1', 123 * 4],
      ['2', 68 * 4],
    ]);
  });

  it('finds no leak in the penguins sample', async () => {
    const { prepared } = await inspectSample('penguins.train.yaml');
    assert.deepEqual(
      prepared!.leaks.map(({ sameInputs }) => sameInputs),
      [0],
    );
  });

  it('tells a leak of inputs from one of whole rows', async () => {
    const csv = 'x,y,part\n1,a,train\n2,b,train\n1,b,test\n2,b,test\n3,a,test\n4,a,validation\n';
    const { prepared } = await inspectProject(
      'path: data.csv\nfeatures: [x]\ntarget: y\nsplit: {by: part}',
      csv,
    );
    assert.deepEqual(prepared!.leaks, [
      { part: 'validation', rows: 1, sameInputs: 0, sameTarget: 0 },
      { part: 'test', rows: 3, sameInputs: 2, sameTarget: 1 },
    ]);
  });

  it('shows columns before and after the preprocessing', async () => {
    const rows = [
      '10,red',
      '20,green',
      '30,red',
      '40,blue',
      '50,red',
      '60,green',
      '70,red',
      '80,blue',
    ];
    const csv = ['size,colour,y', ...rows.map((row, i) => `${row},${'ab'[i % 2]}`), ''].join('\n');
    const features = 'features: [{name: size, normalize: zscore}, {name: colour, encode: one_hot}]';
    const { table, prepared } = await inspectProject(`path: data.csv\n${features}\ntarget: y`, csv);
    assert.equal(table!.columns[0]!.numbers!.mean, 45);
    const { inputs, inputWidth } = prepared!;
    assert.equal(inputWidth, 4);
    assert.deepEqual(
      inputs.map(({ name }) => name),
      ['size', 'colour=blue', 'colour=green', 'colour=red'],
    );
    const [size] = inputs;
    assert.ok(Math.abs(size!.numbers.mean) < 1e-6 && Math.abs(size!.numbers.std - 1) < 1e-6);
    const shares = inputs.slice(1).reduce((sum, { numbers }) => sum + numbers.mean, 0);
    assert.ok(Math.abs(shares - 1) < 1e-6, 'each row has one colour');
    const [number, colour] = prepared!.features;
    assert.match(number!.description, /^minus .*, divided by/);
    assert.deepEqual(colour, {
      column: 'colour',
      description: 'one column each for blue, green, red',
      firstInput: 1,
      width: 3,
    });
  });

  it('shows the first rows as the file has them and as the model gets them', async () => {
    const { table, prepared } = await inspectProject(
      'path: data.csv\nfeatures: [{name: x, scale: 10}, {name: c, encode: one_hot}]\n' +
        'target: {name: y, class_names: [no, yes]}\nmissing: drop_row\nsplit: {by: part}',
      'x,c,y,part\n1,a,0,train\n2,b,1,validation\n,a,1,train\n4,b,1,train\n',
    );
    assert.deepEqual(table!.firstRows[2], { line: 4, cells: ['', 'a', '1', 'train'] });
    assert.deepEqual(prepared!.firstRows, [
      { parts: ['train'], inputs: [10, 1, 0], target: 'no' },
      { parts: ['validation'], inputs: [20, 0, 1], target: 'yes' },
      { parts: [], inputs: [null, 1, 0], target: 'yes' },
      { parts: ['train'], inputs: [40, 0, 1], target: 'yes' },
    ]);
    assert.deepEqual(prepared!.baseline!.metrics, { accuracy: 0, correct: 0, total: 1 });
    assert.deepEqual(prepared!.oversample, { times: 1, beforeSplit: false });
  });

  it('tells its progress once through, though it reads the file twice', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${i % 2}`);
    const fractions: (number | null)[] = [];
    const file = path.join(
      path.dirname(writeTemporary('data.csv', `x,y\n${rows.join('\n')}\n`)),
      'a.train.yaml',
    );
    await inspectConfig(
      { file, text: configText('path: data.csv\nfeatures: [x]\ntarget: y') },
      { onProgress: ({ fraction }) => fractions.push(fraction) },
    );
    assert.deepEqual(fractions, [...fractions].sort());
    assert.ok(fractions.includes(0.5) && fractions.at(-1) === 1, fractions.join());
  });

  it('shows the table even where the config asks for a column that is not there', async () => {
    const { table, prepared, diagnostics } = await inspectProject(
      'path: data.csv\nfeatures: [z]\ntarget: y',
      'x,y\n1,a\n',
    );
    assert.deepEqual(
      table!.columns.map(({ name }) => name),
      ['x', 'y'],
    );
    assert.equal(prepared, null);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['data.missingColumn'],
    );
  });

  it('says what is wrong with a config or its file', async () => {
    const missing = await inspectProject('path: other.csv\nfeatures: [x]\ntarget: y', 'x,y\n1,a\n');
    assert.deepEqual([missing.table, missing.diagnostics[0]!.code], [null, 'data.missingFile']);
    const wrong = await inspectConfig({ file: 'a.train.yaml', text: 'task: 3' }, {});
    assert.ok(wrong.table === null && wrong.diagnostics.length > 0);
  });

  it('knows a config by its name', () => {
    const files = ['a.train.yaml', 'A.YML', 'a.train.json', 'a.json', 'a.jsonl', 'a.csv'];
    assert.deepEqual(files.map(isConfigFile), [true, true, true, false, false, false]);
  });
});
