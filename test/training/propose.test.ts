/** Proposals are trained as they are, on tables that others know: one that parses may still teach nothing. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspectDataFile } from '../../src/core/inspect/inspectFile.ts';
import { proposeConfig } from '../../src/core/propose/proposeConfig.ts';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import { pythonHas, runPython } from '../kit/python.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;

/** The metrics of the run's final weights on rows that it has not trained on. */
async function trainProposal(dataFile: string, seed: number) {
  const table = await inspectDataFile(dataFile, {});
  const { text } = proposeConfig({ table, dataPath: path.basename(dataFile) });
  assert.ok(text !== null);
  const file = `${dataFile}.train.yaml`;
  writeFileSync(file, text);
  const outputDirectory = path.dirname(dataFile);
  const run = await startRun({ file, overrides: { seed, outputDirectory }, createBackend });
  assert.equal((await run.done).status, 'completed');
  return evaluateRun({ directory: run.info.directory, createBackend });
}

const seeds = [0, 1, 2];

describe('a proposed config, trained', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  for (const seed of seeds) {
    it(`reaches an accuracy of 0.95 on penguins with seed ${seed}`, async () => {
      const file = path.join(folder(), 'penguins.csv');
      copyFileSync('samples/penguins/penguins.csv', file);
      const { metrics, part } = await trainProposal(file, seed);
      assert.equal(part, 'validation');
      assert.ok(metrics['accuracy']! >= 0.95, `accuracy ${metrics['accuracy']}`);
    });
  }

  for (const [what, unit] of [
    ['millions', 4e6],
    ['thousandths', 1e-3],
  ] as const) {
    it(`explains most of a target in ${what}`, async () => {
      const file = path.join(folder(), 'prices.csv');
      const rows = Array.from({ length: 400 }, (_, i) => {
        const [size, age] = [30 + ((i * 37) % 170), (i * 13) % 60];
        const town = ['Lugo', 'Vigo', 'Ávila'][i % 3]!;
        const price = (size / 50 - age / 40 + (i % 3)) * unit;
        return `${size},${age},${town},${price.toPrecision(6)}`;
      });
      writeFileSync(file, ['size,age,town,price', ...rows, ''].join('\n'));
      const { metrics } = await trainProposal(file, 0);
      assert.ok(metrics['r2']! >= 0.95, `r2 ${metrics['r2']}`);
    });
  }
});

describe('a proposed config, trained on tables of scikit-learn', function () {
  this.timeout(120_000);
  let folder = '';
  before(function () {
    if (!pythonHas('sklearn')) this.skip(); // Debian: python3-sklearn
    folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-propose-'));
    runPython('test/fixtures/propose/sklearn_tables.py', [folder]);
  });
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  for (const [name, metric, least] of [
    ['iris', 'accuracy', 0.9],
    ['wine', 'accuracy', 0.9],
    ['digits', 'accuracy', 0.95],
    ['diabetes', 'r2', 0.3],
  ] as const) {
    it(`reaches a mean ${metric} of ${least} on ${name} over seeds ${seeds.join(', ')}`, async () => {
      const values: number[] = [];
      for (const seed of seeds) {
        const { metrics } = await trainProposal(path.join(folder, `${name}.csv`), seed);
        values.push(metrics[metric]!);
      }
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      assert.ok(mean >= least, values.join(', '));
    });
  }
});
