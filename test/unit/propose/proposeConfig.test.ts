import assert from 'node:assert/strict';
import { brief } from '../data/dataKit.ts';
import { configOf, csvOf, noise, propose, workingConfig } from './proposeKit.ts';

interface Expected {
  readonly task: 'classification' | 'regression';
  readonly target: string;
  /** Names with their encoding, or how numbers are brought to size. */
  readonly features: readonly string[];
  /** Comments that give reasons. */
  readonly says?: readonly RegExp[];
  readonly missing?: string;
}

interface Case extends Expected {
  readonly what: string;
  readonly csv: string | Buffer;
  readonly name?: string;
}

const colours = ['red', 'green', 'blue'];
const names = ['Ana', 'José', 'Zoë', 'Ola'];

const cases: readonly Case[] = [
  {
    what: 'ids, free text and dates left out, each with its reason',
    csv: csvOf('passenger_id,name,born,age,survived', 60, (i) =>
      [
        1000 + 7 * i,
        `"${names[i % 4]!} the ${i}th of her house"`,
        `19${30 + i}-02-03`,
        20 + (i % 40),
        i % 3 === 0 ? 1 : 0,
      ].join(),
    ),
    task: 'classification',
    target: 'survived',
    features: ['age zscore'],
    says: [
      /# {3}passenger_id: .*: an id/,
      /# {3}name: 60 different texts/,
      /# {3}born: dates are not/,
    ],
  },
  {
    what: 'booleans and names encoded',
    csv: csvOf('size,paid,colour,flag,y', 80, (i) =>
      [
        noise(i) * 90,
        i % 5 < 2 ? 'Yes' : 'No',
        colours[i % 3],
        i % 2,
        i % 7 < 3 ? 'good' : 'bad',
      ].join(),
    ),
    task: 'classification',
    target: 'y',
    features: ['size zscore', 'paid ordinal', 'colour one_hot', 'flag plain'],
    says: [/paid, encode: ordinal, categories: \["No", "Yes"\] }/],
  },
  {
    what: 'a constant column and one nearly so left out',
    csv: csvOf('a,same,nearly,price', 90, (i) =>
      [noise(i) * 50, 7, i === 4 ? 1 : 0, 100 + 3 * i].join(),
    ),
    task: 'regression',
    target: 'price',
    features: ['a zscore'],
    says: [/# {3}same: always the same value \(7\)/, /# {3}nearly: all but 1 of its values are 0/],
  },
  {
    what: 'a few missing values: their rows left out',
    csv: csvOf('a,b,label', 100, (i) =>
      [i === 3 ? '' : noise(i) * 9, noise(i, 0.414) * 4, i % 2 ? 'x' : 'z'].join(),
    ),
    task: 'classification',
    target: 'label',
    features: ['a zscore', 'b zscore'],
    missing: 'drop_row',
    says: [/missing in at most 1 of 100 rows/],
  },
  {
    what: 'many missing values: filled in',
    csv: csvOf('a,b,empty,label', 100, (i) =>
      [
        i % 4 === 0 ? 'NA' : noise(i) * 9,
        noise(i, 0.414) * 4,
        i % 9 ? '' : i / 8,
        i % 2 ? 'x' : 'z',
      ].join(),
    ),
    task: 'classification',
    target: 'label',
    features: ['a zscore', 'b zscore'],
    missing: 'median',
    says: [/# {3}empty: missing in 88 of 100 rows/],
  },
  {
    what: 'missing names alone: filled with the commonest',
    csv: csvOf('a,colour,label', 60, (i) =>
      [noise(i) * 9, i % 4 === 0 ? '' : colours[i % 3], i % 2 ? 'x' : 'z'].join(),
    ),
    task: 'classification',
    target: 'label',
    features: ['a zscore', 'colour one_hot'],
    missing: 'mode',
  },
  {
    what: 'rows without a target left out',
    csv: csvOf('a,label', 60, (i) => [noise(i) * 9, i === 7 ? '' : i % 2 ? 'x' : 'z'].join()),
    task: 'classification',
    target: 'label',
    features: ['a zscore'],
    missing: 'drop_row',
  },
  {
    what: 'Spanish names with accents and signs, semicolons between the cells',
    csv: csvOf('año;tamaño (cm);¿vive?;especie: común', 60, (i) =>
      [1990 + (i % 25), noise(i) * 30, i % 3 ? 'sí' : 'no', `pingüino ${'abc'[i % 3]!}`].join(';'),
    ),
    task: 'classification',
    target: 'especie: común',
    features: ['año zscore', 'tamaño (cm) zscore', '¿vive? ordinal'],
  },
  {
    what: 'decimal commas and prices, in the encoding of Excel',
    csv: Buffer.from(
      csvOf('größe;preis;plz;label', 60, (i) =>
        [
          `${i % 5 ? '' : '1.'}${100 + i},${10 + (i % 90)}`,
          `${2 + i * 3},50 kr`,
          ['01010', '02020', '10115'][i % 3]!,
          'ab'[i % 2]!,
        ].join(';'),
      ),
      'latin1',
    ),
    task: 'classification',
    target: 'label',
    features: ['größe zscore', 'preis zscore', 'plz one_hot'],
    says: [
      /encoding: windows-1252 # line 1 is not UTF-8/,
      /decimal: ',' # as in 1\.100,10 on line 2/,
      /thousands: "\." #/,
      /\{ name: preis, unit: kr, normalize: zscore \} # 2\.5 to 179\.5/,
      /categories: \["01010", "02020", 10115\]/,
    ],
  },
  {
    what: 'UTF-16 with its mark',
    csv: Buffer.from(
      '\ufeff' + csvOf('año,label', 60, (i) => `${noise(i) * 9},${i % 2}`),
      'utf16le',
    ),
    task: 'classification',
    target: 'label',
    features: ['año zscore'],
    says: [/encoding: utf-16le # the file says so/],
  },
  {
    what: 'a price as the target',
    csv: csvOf('size,price', 60, (i) => `${noise(i) * 9},"$${1 + (i % 9)},${100 + i * 7}"`),
    task: 'regression',
    target: 'price',
    features: ['size zscore'],
    says: [/thousands: "," # as in \$1,100 on line 2/, /target: \{ name: price, unit: "\$" \}/],
  },
  {
    what: 'a column that writes its numbers otherwise left out with the reason',
    csv: csvOf('a;b;c;label', 60, (i) =>
      [`1.${100 + i},5`, `2.${200 + i},25`, 0.25 + i, i % 2].join(';'),
    ),
    task: 'classification',
    target: 'label',
    features: ['a zscore', 'b zscore'],
    says: [/# {3}c: "0\.25" on line 2 and 59 more of its cells are no numbers/],
  },
  {
    what: 'five rows',
    csv: 'x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n',
    task: 'classification',
    target: 'y',
    features: ['x zscore'],
  },
  {
    what: 'numbers of similar size taken as they are',
    csv: csvOf('a,b,y', 60, (i) => [noise(i), noise(i, 0.414), noise(i) * 2 - 1].join()),
    task: 'regression',
    target: 'y',
    features: ['a plain', 'b plain'],
    says: [/similar size/],
  },
  {
    what: 'pixels on one scale',
    csv: csvOf(`${Array.from({ length: 16 }, (_, i) => `p${i}`).join()},digit_label`, 120, (i) =>
      [...Array.from({ length: 16 }, (_, j) => (i * 7 + j * j * 13) % 256), i % 10].join(),
    ),
    task: 'classification',
    target: 'digit_label',
    features: Array.from({ length: 16 }, (_, i) => `p${i} scale`),
    says: [/as pixels do/],
  },
  {
    what: 'the same class under a second name left out',
    csv: csvOf('a,species,species_code', 60, (i) => {
      const at = [0, 0, 1, 2, 0, 1][i % 6]!;
      return [noise(i) * 9, colours[at], at].join();
    }),
    task: 'classification',
    target: 'species_code',
    features: ['a zscore'],
    says: [/# {3}species: .* probably the target said twice/],
  },
  {
    what: 'a name twice, an unnamed index',
    csv: csvOf(',a,a,b,label', 60, (i) =>
      [i, noise(i), 1, noise(i, 0.3) * 9, i % 2 ? 'x' : 'z'].join(),
    ),
    task: 'classification',
    target: 'label',
    features: ['b zscore'],
    says: [/# {3}\(no name\): the column has no name/, /# {3}a: the header has this name twice/],
  },
  {
    what: 'JSON Lines with booleans',
    name: 'data.jsonl',
    csv: Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({ size: noise(i) * 9, big: i % 3 > 0, tags: ['a'], price: 10 + i * 2.5 }),
    ).join('\n'),
    task: 'regression',
    target: 'price',
    features: ['size zscore', 'big ordinal'],
    says: [/# {3}tags: it holds lists or objects/],
  },
  {
    what: 'words that YAML takes for something else',
    csv: csvOf('on,"null","a, b: {c} # d",y', 60, (i) =>
      [
        noise(i) * 9,
        ['yes', 'no', 'null '][i % 3],
        ['1', '01', '~', '1e3'][i % 4],
        i % 2 ? 'on' : 'off',
      ].join(),
    ),
    task: 'classification',
    target: 'y',
    features: ['on zscore', 'null ordinal', 'a, b: {c} # d one_hot'],
    missing: 'mode',
  },
];

describe('a proposed config', () => {
  for (const { what, csv, name, says = [], ...expected } of cases) {
    it(`works: ${what}`, async () => {
      const proposed = await propose(csv, name === undefined ? {} : { name });
      const config = await workingConfig(proposed);
      const { task, data } = config;
      const features = data.features.map(({ name: column, encode, normalize, scale }) => {
        return `${column} ${encode ?? normalize ?? (scale === 1 ? 'plain' : 'scale')}`;
      });
      assert.deepEqual(
        { task, target: data.target.name, features, missing: data.missing.type },
        { missing: 'error', ...expected },
        proposed.text!,
      );
      for (const reason of says) assert.match(proposed.text!, reason);
    });
  }

  for (const [what, csv, target, expected] of [
    ['one column', 'x\n1\n2\n3\n4\n', undefined, /data\.tooFewColumns .*only one column/],
    ['nothing', '', undefined, /data\.tooFewColumns the file is empty/],
    ['three rows', 'x,y\n1,a\n2,b\n3,a\n', undefined, /data\.tooFewRows .*3 rows/],
    ['no header', '5.1,3.5,a\n4.9,3.0,b\n5,3.1,a\n5,3.2,b\n5,3,a\n', undefined, /data\.noHeader/],
    [
      'a column that is not there',
      csvOf('price,size', 20, (i) => `${i * i},${i}`),
      'prise',
      /data\.missingColumn .*`prise` \(did you mean `price`\?\)/,
    ],
    [
      'an id as the target',
      csvOf('id,size', 20, (i) => `${i},${i * i}`),
      'id',
      /data\.noTarget `id` cannot be predicted: .*an id/,
    ],
    [
      'nothing to predict',
      csvOf('id,same', 20, (i) => `${i},1`),
      undefined,
      /data\.noTarget no column can be predicted/,
    ],
    [
      'nothing to predict from',
      csvOf('id,y', 20, (i) => `${i},${'ab'[i % 2]!}`),
      undefined,
      /data\.noFeatures .*predict `y` from \(id: /,
    ],
    [
      'a target with hardly any values',
      csvOf('a,y', 20, (i) => `${noise(i)},${i < 3 ? i % 2 : ''}`),
      'y',
      /data\.noTarget `y` cannot be predicted: only 3 rows have a value/,
    ],
    [
      'a target that is known where nothing else is',
      csvOf('a,y', 20, (i) => (i < 10 ? `,${'xz'[i % 2]!}` : `${noise(i)},`)),
      'y',
      /data\.noFeatures .*a: missing in 10 of 20 rows/,
    ],
    [
      'numbers that float32 cannot hold',
      csvOf('a,y', 20, (i) => `${i}e38,${'xz'[i % 2]!}`),
      'y',
      /data\.noFeatures .*a: it has numbers beyond the range of float32/,
    ],
    ['a row that is too short', 'x,y\n1,a\n2\n3,a\n4,b\n', undefined, /:3:1 error data\.brokenRow/],
  ] as const) {
    it(`is refused with the reason: ${what}`, async () => {
      const { text, diagnostics } = await propose(csv, target === undefined ? {} : { target });
      assert.equal(text, null);
      assert.match(diagnostics.map(brief).join('\n'), expected);
    });
  }

  it('predicts the column that the user names', async () => {
    const csv = csvOf('a,b,label', 60, (i) => [noise(i) * 9, noise(i, 0.3) * 5, i % 2].join());
    const config = await workingConfig(await propose(csv, { target: 'a' }));
    assert.deepEqual([config.task, config.data.target.name], ['regression', 'a']);
  });

  it('warns of numbers lost because of a few cells', async () => {
    const csv = csvOf('a,b,y', 60, (i) =>
      [i === 9 ? '?' : noise(i) * 9, noise(i, 0.3), i % 2].join(),
    );
    const proposed = await propose(csv);
    const config = await workingConfig(proposed);
    assert.deepEqual(
      config.data.features.map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(proposed.diagnostics.map(brief), [
      'data.csv:11:1 warning data.wrongNumber column `a` is left out: "?" on line 11 is no number (empty such cells, or write numbers)',
    ]);
  });

  it('keeps to its lines whatever the columns are called', async () => {
    const header = '"a\nmodel: []","b # \u2028x",y';
    const csv = csvOf(header, 40, (i) => [noise(i) * 9, 'same', i % 2 ? 'x' : 'z'].join());
    const config = configOf(await propose(csv));
    assert.deepEqual(
      config.data.features.map(({ name }) => name),
      ['a\nmodel: []'],
    );
    assert.ok(config.model.length >= 2);
  });

  it('has a test part, more units and fewer epochs where there are more rows', async () => {
    const table = (rows: number) =>
      propose(
        csvOf('a,b,c,d,e,f,g,h,i,y', rows, (i) => {
          return [...Array.from({ length: 9 }, (_, j) => noise(i, 0.1 + j / 17) * 9), i % 3].join();
        }),
      );
    const small = configOf(await table(50));
    const large = configOf(await table(3000));
    const units = ({ model }: typeof small) =>
      model.map((layer) => ('units' in layer ? layer.units : 0));
    assert.deepEqual([small.data.split.test, large.data.split.test], [0, 0.15]);
    assert.deepEqual(
      [units(small), units(large)],
      [
        [8, 3],
        [32, 32, 3],
      ],
    );
    assert.ok(small.training.epochs > large.training.epochs);
    assert.ok(small.training.batch_size < large.training.batch_size);
  });

  it('reports more than accuracy where a class is rare', async () => {
    const csv = csvOf('a,churn', 100, (i) => [noise(i) * 9, i % 8 === 0 ? 'yes' : 'no'].join());
    const config = await workingConfig(await propose(csv));
    assert.deepEqual(
      config.training.metrics.map(({ type }) => type),
      ['accuracy', 'precision', 'recall', 'f1'],
    );
    assert.equal(config.data.split.stratify, true);
  });
});
