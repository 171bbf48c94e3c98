import assert from 'node:assert/strict';
import { numberReader } from '../../../src/core/data/numberForm.ts';
import { readCsvRows, prepareEvaluation } from '../../../src/core/data/furtherFiles.ts';
import { encodeRows } from '../../../src/core/data/encodeRows.ts';
import { isImages } from '../../../src/core/data/preprocessing.ts';
import { configText, prepare, writeTemporary } from './dataKit.ts';

describe('numbers as people write them', () => {
  for (const [marks, unit, cell, expected] of [
    [{ decimal: ',', thousands: '.' }, null, '27.667,61', 27667.61],
    [{ decimal: ',', thousands: '.' }, null, '-1.234.567', -1234567],
    [{ decimal: ',', thousands: '.' }, null, '3.5', null],
    [{ decimal: ',' }, null, '3.5', 3.5],
    [{ decimal: ',' }, null, ' 0,5 ', 0.5],
    [{ decimal: ',' }, null, '1,5e-3', 0.0015],
    [{ thousands: ',' }, '$', '$160,597', 160597],
    [{ thousands: ',' }, '$', '-$1,234.50', -1234.5],
    [{ thousands: ',' }, '$', '$-3', -3],
    [{ thousands: ',' }, '$', '12', 12],
    [{ thousands: ',' }, '$', '1,23', null],
    [{ thousands: ',' }, '$', '$', null],
    [{ thousands: ',' }, '$', '--3', null],
    [{}, '€', '12 €', 12],
    [{}, '€', '12 $', null],
    [{}, 'km/h', '80km/h', 80],
    [{ decimal: ',', thousands: ' ' }, '€', '1\u00a0234,5\u202f€', 1234.5],
    [{ thousands: "'" }, null, "1'234.5", 1234.5],
    [{ decimal: ',' }, null, 2.5, 2.5],
    [{ decimal: ',' }, null, '0x10', null],
    [{ decimal: ',' }, null, '', null],
  ] as const) {
    it(`reads ${JSON.stringify(cell)} by ${JSON.stringify(marks)} and ${unit}`, () => {
      assert.equal(numberReader(marks, unit)(cell), expected);
    });
  }
});

describe('a file with decimal commas, units and its own encoding', () => {
  const config = configText(
    `path: data.csv
encoding: windows-1252
decimal: ','
thousands: '.'
features: [{name: größe, unit: kg}, {name: b, encode: ordinal}]
target: {name: preis, unit: €}
split: {validation: 0.25}`,
    'task: regression\n',
  );
  const latin = (text: string): Buffer =>
    Buffer.from(Buffer.from(text.replaceAll('€', '\u0080'), 'latin1'));
  const csv = 'größe;b;preis\n1.234,5 kg;é;"10 €"\n2 kg;a;1.000 €\n3,5;a;-2,5 €\n4;é;4\n';

  async function preprocessing() {
    const file = writeTemporary('sizes.csv', latin(csv));
    const { data, diagnostics } = await prepare(config, null, { address: file });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errors, []);
    assert.ok(data !== null && !isImages(data.preprocessing));
    return { file, data, preprocessing: data.preprocessing };
  }

  it('is read so in training, and by evaluate and predict', async () => {
    const { file, data, preprocessing: kept } = await preprocessing();
    const known = JSON.parse(JSON.stringify(kept)) as typeof kept;
    const all = [...data.train.y, ...data.validation.y].sort((a, b) => a - b);
    assert.deepEqual(all, [-2.5, 4, 10, 1000]);
    const evaluated = await prepareEvaluation(known, file);
    assert.deepEqual([...evaluated.data!.y], [10, 1000, -2.5, 4]);
    assert.deepEqual([...evaluated.data!.x], [1234.5, 1, 2, 0, 3.5, 0, 4, 1]);
    const { rows } = await readCsvRows(file, { preprocessing: known });
    assert.deepEqual(rows[0], { größe: 1234.5, b: 'é', preis: '10 €' });
    assert.deepEqual([...encodeRows(known, rows).x], [...evaluated.data!.x]);
  });

  it('is read so where a row is given as text', async () => {
    const { preprocessing: known } = await preprocessing();
    const { x, problems } = encodeRows(known, [{ größe: '1.234,5 kg', b: 'é' }]);
    assert.deepEqual([problems, [...x]], [[], [1234.5, 1]]);
  });
});

describe('a config that does not say how numbers are written', () => {
  for (const [cell, hint] of [
    ['"0,5"', /`decimal` and `thousands`/],
    ['$5', /`unit`/],
  ] as const) {
    it(`is told of ${cell}`, async () => {
      const config = configText('path: data.csv\nfeatures: [a]\ntarget: y', 'task: regression\n');
      const { diagnostics } = await prepare(config, `a,y\n${cell},1\n2,3\n`);
      assert.match(diagnostics[0]!.hint ?? '', hint);
    });
  }
});
