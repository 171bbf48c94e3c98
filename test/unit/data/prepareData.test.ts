import assert from 'node:assert/strict';
import { brief, configText, prepare, rowsOf } from './dataKit.ts';

const petData = 'pet,weight,kind\ncat,4,a\ndog,20,b\ncat,5,a\nbird,0.5,b\ndog,30,a\ncat,3,b\n';

/** All rows in file order: 6 rows, first 4 to train on. */
const byPart =
  'pet,weight,kind,part\ncat,4,a,train\ndog,20,b,train\ncat,5,a,Train\nbird,0.5,b,train\ndog,30,a,val\ncat,3,b,test\n';

function pets(...features: string[]): string {
  return `path: data.csv\nfeatures: [${features.join(', ')}]\ntarget: kind\nsplit: {by: part}`;
}

interface EncodingCase {
  readonly name: string;
  readonly config: string;
  readonly train: number[][];
  readonly validation?: number[][];
}

const encodings: readonly EncodingCase[] = [
  {
    name: 'numbers as they are',
    config: pets('weight'),
    train: [[4], [20], [5], [0.5]],
    validation: [[30]],
  },
  {
    name: 'scale, then offset',
    config: pets('{name: weight, scale: 0.5, offset: -1}'),
    train: [[1], [9], [1.5], [-0.75]],
  },
  {
    name: 'minmax of the training rows only',
    config: pets('{name: weight, normalize: minmax}'),
    train: [[3.5 / 19.5], [1], [4.5 / 19.5], [0]],
    validation: [[29.5 / 19.5]],
  },
  {
    name: 'ordinal, sorted',
    config: pets('{name: pet, encode: ordinal}'),
    train: [[1], [2], [1], [0]],
    validation: [[2]],
  },
  {
    name: 'ordinal, in the order given',
    config: pets('{name: pet, encode: ordinal, categories: [dog, cat, bird]}'),
    train: [[1], [0], [1], [2]],
  },
  {
    name: 'ordinal, scaled',
    config: pets('{name: pet, encode: ordinal, scale: 10}'),
    train: [[10], [20], [10], [0]],
  },
  {
    name: 'one_hot beside a number',
    config: pets('{name: pet, encode: one_hot}', 'weight'),
    train: [
      [0, 1, 0, 4],
      [0, 0, 1, 20],
      [0, 1, 0, 5],
      [1, 0, 0, 0.5],
    ],
  },
];

describe('preparing data', () => {
  for (const { name, config, train, validation } of encodings) {
    it(`encodes ${name}`, async () => {
      const { data, diagnostics } = await prepare(configText(config), byPart);
      assert.ok(data, diagnostics.map(brief).join('\n'));
      const width = train[0]!.length;
      assert.deepEqual(data.inputShape, [width]);
      assert.deepEqual(
        rowsOf(data.train.x, width),
        train.map((row) => row.map(Math.fround)),
      );
      assert.deepEqual([...data.train.y], [0, 1, 0, 1]);
      assert.equal(data.test?.rows, 1);
      if (validation) {
        assert.deepEqual(
          rowsOf(data.validation.x, width),
          validation.map((row) => row.map(Math.fround)),
        );
      }
    });
  }

  it('normalises by the mean and the population deviation of the training rows', async () => {
    const { data } = await prepare(configText(pets('{name: weight, normalize: zscore}')), byPart);
    const mean = (4 + 20 + 5 + 0.5) / 4;
    const deviation = Math.sqrt([4, 20, 5, 0.5].reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4);
    assert.equal(data!.train.x[1], Math.fround((20 - mean) / deviation));
    assert.equal(data!.validation.x[0], Math.fround((30 - mean) / deviation));
  });

  for (const [rule, expected] of [
    ['mean', 29 / 3],
    ['median', 5],
    ['mode', 4],
    ['{constant: -1}', -1],
  ] as const) {
    it(`fills missing values with ${rule} of the training rows`, async () => {
      const csv =
        'w,pet,kind,part\n4,x,a,train\nNA,,b,train\n5,y,a,train\n20,y,b,train\n,x,a,val\n';
      const pet = rule === '{constant: -1}' ? '' : ', {name: pet, encode: ordinal}';
      const text = `path: data.csv\nfeatures: [w${pet}]\ntarget: kind\nsplit: {by: part}\nmissing: ${rule}`;
      const { data, diagnostics } = await prepare(configText(text), csv);
      assert.ok(data, diagnostics.map(brief).join('\n'));
      const width = pet === '' ? 1 : 2;
      assert.equal(data.train.x[width], Math.fround(expected));
      assert.equal(data.validation.x[0], Math.fround(expected));
      if (pet !== '') assert.equal(data.train.x[3], 1, 'the commonest pet in training is y');
      assert.equal(data.source.droppedRows, 0);
    });
  }

  it('says when categories are filled with the commonest although a mean was asked for', async () => {
    const csv = 'pet,kind\nx,a\n,b\nx,a\ny,b\n';
    const text =
      'path: data.csv\nfeatures: [{name: pet, encode: ordinal}]\ntarget: kind\nmissing: mean\nsplit: {train: 1}';
    const { data, diagnostics } = await prepare(configText(text), csv);
    assert.ok(data);
    assert.ok(diagnostics.some((d) => d.code === 'data.filledWithMode' && d.severity === 'info'));
  });

  it('drops rows with missing values and counts them', async () => {
    const csv = 'a,b,y\n1,2,x\n,2,y\n3,NaN,x\n4,5,y\n6,7,\n';
    const text =
      'path: data.csv\nfeatures: [a, b]\ntarget: y\nmissing: drop_row\nsplit: {train: 0.5}';
    const { data, diagnostics } = await prepare(configText(text), csv);
    assert.deepEqual(
      { ...data!.source, file: '', sha256: '' },
      { file: '', sha256: '', rows: 5, droppedRows: 3 },
    );
    assert.match(brief(diagnostics[0]!), /a\.train\.yaml:5:12 info data\.droppedRows 3 of 5 rows/);
  });

  it('takes classes as numbers in numeric order, as texts in text order, or as listed', async () => {
    const text = (target: string): string =>
      `path: data.csv\nfeatures: [a]\ntarget: ${target}\nsplit: {train: 1}`;
    const names = async (target: string, values: readonly (string | number)[]) => {
      const csv = `a,y\n${values.map((value, i) => `${i},${value}\n`).join('')}`;
      const { data, diagnostics } = await prepare(configText(text(target)), csv);
      assert.ok(data, diagnostics.map(brief).join('\n'));
      assert.ok(data.target.kind === 'classes');
      const byRow = [...data.train.y].sort((p, q) => p - q);
      return [data.target.names, byRow];
    };
    assert.deepEqual(await names('y', [10, 9, 10, 2]), [
      ['2', '9', '10'],
      [0, 1, 2, 2],
    ]);
    assert.deepEqual(await names('y', ['b', 'B', 'a']), [
      ['B', 'a', 'b'],
      [0, 1, 2],
    ]);
    assert.deepEqual(await names('y', ['1.0', '0.0', '1']), [
      ['0', '1'],
      [0, 1, 1],
    ]);
    assert.deepEqual(await names('{name: y, categories: [z, a]}', ['a', 'z', 'a']), [
      ['z', 'a'],
      [0, 1, 1],
    ]);
    assert.deepEqual(await names('{name: y, class_names: [p, q, r]}', [0, 2, 2]), [
      ['p', 'q', 'r'],
      [0, 2, 2],
    ]);
    assert.deepEqual(await names('{name: y, class_names: [p, q]}', ['x', 'w', 'x']), [
      ['p', 'q'],
      [0, 1, 1],
    ]);
  });

  it('gives numbers as targets of a regression', async () => {
    const text = 'path: data.csv\nfeatures: [a]\ntarget: y\nsplit: {by: part}';
    const { data } = await prepare(
      configText(text, 'task: regression\n'),
      'a,y,part\n1,0.1,train\n2,2.5,val\n',
    );
    assert.deepEqual(data!.target, { kind: 'numbers', width: 1 });
    assert.deepEqual(data!.train.y, Float32Array.of(0.1));
  });

  it('shows the numbers of categories that nobody listed', async () => {
    const text = pets(
      '{name: pet, encode: ordinal}',
      '{name: part, encode: ordinal, categories: [train, Train, val, test]}',
    );
    const { diagnostics } = await prepare(configText(text), byPart);
    assert.deepEqual(diagnostics.map(brief), [
      'a.train.yaml:3:14 info data.encoding `pet` is encoded: bird = 0, cat = 1, dog = 2',
    ]);
  });

  it('reads JSON and JSON Lines like CSV', async () => {
    const rows = [
      ['cat', 4, 'a', 'train'],
      ['dog', 20, 'b', 'val'],
    ].map(([pet, weight, kind, part]) => ({ pet, weight, kind, part }));
    const contents = {
      'd.json': JSON.stringify(rows),
      'd.jsonl': rows.map((row) => JSON.stringify(row)).join('\n'),
    };
    for (const [name, content] of Object.entries(contents)) {
      const config = configText(pets('weight').replace('data.csv', name));
      const { data, diagnostics } = await prepare(config, content, { name });
      assert.ok(data, diagnostics.map(brief).join('\n'));
      assert.deepEqual([...data.train.x, ...data.validation.x], [4, 20]);
    }
  });

  it('oversamples the training rows only, by repeating all of them', async () => {
    const text = `path: data.csv\nfeatures: [weight]\ntarget: kind\nsplit: {train: 0.5, seed: 3}`;
    const once = await prepare(configText(text), petData);
    const thrice = await prepare(configText(`${text}\noversample: 3`), petData);
    const x = [...once.data!.train.x];
    assert.equal(x.length, 3);
    assert.deepEqual([...thrice.data!.train.x], [...x, ...x, ...x]);
    assert.deepEqual(thrice.data!.validation, once.data!.validation);
    assert.ok(!thrice.diagnostics.some((d) => d.code === 'data.leakage'));
  });

  it('warns how many validation rows leak into training when rows are repeated before the split', async () => {
    const text = `path: data.csv\nfeatures: [weight]\ntarget: kind\nsplit: {train: 0.5, seed: 3}\noversample: 2\noversample_before_split: true`;
    const { data, diagnostics } = await prepare(configText(text), petData);
    const trained = new Set(data!.train.x);
    const leaked = data!.validation.x.filter((weight) => trained.has(weight)).length;
    const warning = diagnostics.find((d) => d.code === 'data.leakage');
    assert.equal(data!.train.rows + data!.validation.rows, 12);
    assert.ok(leaked > 0);
    assert.match(
      brief(warning!),
      new RegExp(`^a.train.yaml:7:28 warning data.leakage ${leaked} of 6 validation rows`),
    );
  });

  it('splits alike for the same seed, by the seed of the run unless the split has one', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n');
    const train = async (split: string, seed: number): Promise<number[]> => {
      const text = `path: data.csv\nfeatures: [a]\ntarget: y\nsplit: ${split}`;
      const { data } = await prepare(configText(text, `seed: ${seed}\n`), `a,y\n${rows}\n`);
      return [...data!.train.x];
    };
    const first = await train('{train: 0.8}', 1);
    assert.deepEqual(await train('{train: 0.8}', 1), first);
    assert.deepEqual(await train('{train: 0.8, seed: 1}', 2), first);
    assert.notDeepEqual(await train('{train: 0.8}', 2), first);
    assert.notDeepEqual(
      first,
      [...first].sort((a, b) => a - b),
      'training rows come in random order',
    );
  });

  it('stratifies by the class or by a column', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${Number(i % 4 === 0)},g${i % 2}`).join(
      '\n',
    );
    for (const [stratify, key] of [
      ['true', (i: number) => i % 4 === 0],
      ['g', (i: number) => i % 2 === 0],
    ] as const) {
      const text = `path: data.csv\nfeatures: [a]\ntarget: y\nsplit: {train: 0.8, stratify: ${stratify}}`;
      const { data } = await prepare(configText(text), `a,y,g\n${rows}\n`);
      const share = [...data!.validation.x].filter(key).length;
      assert.equal(data!.validation.rows, 8);
      assert.equal(share, stratify === 'true' ? 2 : 4);
    }
  });

  it('reports progress and stops when cancelled', async () => {
    const messages: string[] = [];
    const config = configText(pets('weight'));
    await prepare(config, byPart, {
      onProgress: ({ message, fraction }) => messages.push(`${message} ${fraction}`),
    });
    assert.deepEqual(messages, ['reading data.csv 1']);
    const stopped = prepare(config, byPart, { signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: 'AbortError' });
  });

  it('warns of a class that no training row has', async () => {
    const csv = 'a,y,part\n1,p,train\n2,q,train\n3,r,val\n';
    const { diagnostics } = await prepare(
      configText('path: data.csv\nfeatures: [a]\ntarget: y\nsplit: {by: part}'),
      csv,
    );
    assert.match(
      diagnostics.map(brief).join('\n'),
      /warning data\.untrainedClass no training row is of the class "r"/,
    );
  });
});
