import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { penguinsCsv } from '../../../src/build/penguinsCsv.ts';
import { computeBaseline } from '../../../src/core/data/baseline.ts';
import { prepareData } from '../../../src/core/data/prepareData.ts';
import type { PreparedData } from '../../../src/core/data/preparedData.ts';
import type { Diagnostic } from '../../../src/shared/diagnostics.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { brief, rowsOf, writeTemporary } from './dataKit.ts';

const folder = new URL('../../../samples/penguins/', import.meta.url);
const csvFile = fileURLToPath(new URL('penguins.csv', folder));
const original = fileURLToPath(new URL('../../../../shared/data/penguins.csv', import.meta.url));

interface Sample {
  readonly data: PreparedData;
  readonly diagnostics: readonly Diagnostic[];
}

async function prepareSample(name: string): Promise<Sample> {
  const configFile = fileURLToPath(new URL(name, folder));
  const { config, document } = parseConfig(readFileSync(configFile, 'utf8'), configFile);
  assert.ok(config);
  const { data, diagnostics } = await prepareData({ config, document, configFile });
  assert.ok(data, diagnostics.map(brief).join('\n'));
  return { data, diagnostics };
}

/** Of all rows, each as text. */
function rowTexts({ train, validation }: PreparedData): { train: string[]; validation: string[] } {
  const text = ({ x, y }: PreparedData['train']): string[] =>
    rowsOf(x, 5).map((row, i) => `${row.join()} ${y[i]!}`);
  return { train: text(train), validation: text(validation) };
}

describe('the penguins sample', () => {
  it('has the rows that its script makes of vega-datasets', () => {
    const csv = readFileSync(csvFile, 'utf8');
    assert.equal(csv, penguinsCsv());
    const rows = csv.trimEnd().split('\n').slice(1);
    assert.equal(rows.length, 344);
    assert.equal(rows.filter((row) => row.includes(',,')).length, 2);
    const species = rows.map((row) => row.at(-1));
    assert.deepEqual(species, [...species].sort());
    assert.deepEqual(
      ['0', '1', '2'].map((code) => species.filter((found) => found === code).length),
      [152, 124, 68],
    );
  });

  it('has the rows of the lab (skipped without ../shared)', function () {
    if (!existsSync(original)) this.skip();
    const sorted = (file: string): string[] =>
      readFileSync(file, 'utf8').trim().split(/\r?\n/).sort();
    assert.deepEqual(sorted(csvFile), sorted(original));
  });

  it('trains on 956 rows and validates on 103 that are not among them', async () => {
    const { data, diagnostics } = await prepareSample('penguins.train.yaml');
    assert.deepEqual([data.train.rows, data.validation.rows], [956, 103]);
    assert.deepEqual([data.source.rows, data.source.droppedRows], [344, 2]);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['data.droppedRows', 'data.encoding'],
    );
    const { train, validation } = rowTexts(data);
    assert.equal(new Set(train).size, 239);
    assert.ok(validation.every((row) => !train.includes(row)));
  });

  it('scales as the lab does, to the last bit', async () => {
    const { data } = await prepareSample('penguins.train.yaml');
    const rows = readFileSync(csvFile, 'utf8').trimEnd().split('\n').slice(1);
    const islands = ['Biscoe', 'Dream', 'Torgersen'];
    const expected = rows
      .map((row) => row.split(','))
      .filter((cells) => !cells.includes(''))
      .map(([island, length, depth, flipper, mass, species]) => {
        const x = [
          islands.indexOf(island!),
          Number(length),
          Number(depth),
          Number(flipper) / 10,
          Number(mass) / 100,
        ];
        return `${x.map(Math.fround).join()} ${species!}`;
      });
    const { train, validation } = rowTexts(data);
    assert.deepEqual([...new Set([...train, ...validation])].sort(), [...new Set(expected)].sort());
  });

  it('done as the lab does it has 957 and 411 rows, 96 % of the latter trained on', async () => {
    const { data, diagnostics } = await prepareSample('penguins-lab.train.yaml');
    assert.deepEqual([data.train.rows, data.validation.rows], [957, 411]);
    const { train, validation } = rowTexts(data);
    const trained = new Set(train);
    assert.equal(validation.filter((row) => trained.has(row)).length, 395);
    const warnings = diagnostics.filter(({ severity }) => severity === 'warning').map(brief);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /data\.leakage 395 of 411 validation rows \(96 %\) are also in training/,
    );
  });

  it('done as the lab does it has the rows of scikit-learn, bit for bit (skipped without it)', async function () {
    if (!pythonHas('sklearn')) this.skip();
    const { data } = await prepareSample('penguins-lab.train.yaml');
    const output = runPython(writeTemporary('lab.py', labScript), [csvFile]);
    const lab = JSON.parse(output) as Record<'x_train' | 'x_test', number[][]> &
      Record<'y_train' | 'y_test', number[]>;
    assert.deepEqual(rowsOf(data.train.x, 5), lab.x_train);
    assert.deepEqual(rowsOf(data.validation.x, 5), lab.x_test);
    assert.deepEqual([...data.train.y], lab.y_train);
    assert.deepEqual([...data.validation.y], lab.y_test);
  });

  it('has the commonest class as baseline', async () => {
    const { data } = await prepareSample('penguins.train.yaml');
    const correct = [...data.validation.y].filter((y) => y === 0).length;
    assert.deepEqual(computeBaseline(data), {
      kind: 'majority',
      metrics: { accuracy: correct / 103, correct, total: 103 },
      guess: 'Adelie',
    });
  });
});

const labScript = `
import csv, json, sys
import numpy as np
from sklearn.model_selection import train_test_split

with open(sys.argv[1], newline="") as file:
    rows = [r for r in csv.DictReader(file) if all(r.values())]
islands = sorted({r["Island"] for r in rows})
x = [[islands.index(r["Island"]), float(r["CulmenLength"]), float(r["CulmenDepth"]),
      float(r["FlipperLength"]) / 10, float(r["BodyMass"]) / 100] for r in rows] * 4
y = [int(r["Species"]) for r in rows] * 4
x_train, x_test, y_train, y_test = train_test_split(np.float32(x), y, test_size=0.30, random_state=0)
print(json.dumps({"x_train": x_train.tolist(), "x_test": x_test.tolist(), "y_train": y_train, "y_test": y_test}))
`;
