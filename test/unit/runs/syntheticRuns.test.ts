import assert from 'node:assert/strict';
import { listRuns } from '../../../src/core/runs/openRun.ts';
import { readColumn } from '../../../src/core/runs/columnFile.ts';
import { readRun, readSeries } from '../../../src/core/runs/readRun.ts';
import { writeSyntheticRun, writeSyntheticRuns } from '../../kit/syntheticRuns.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

describe('synthetic runs', () => {
  const folder = temporaryFolder();

  it('are read like those that were trained', async () => {
    const directory = writeSyntheticRun(folder(), {
      ...{ name: 'spiky', steps: 1050, stepsPerEpoch: 100, resumedAt: 300 },
      accidents: [
        { step: 10, length: 3, value: NaN },
        { step: 700, length: 1, value: 1e6 },
      ],
    });
    const run = await readRun(directory);
    assert.deepEqual(
      [run.state, run.step, run.epochsDone, run.epochs],
      ['completed', 1050, 10, 11],
    );
    assert.deepEqual(run.epochRecords.length, 10);
    const counts = run.series.map(async ({ name, per, file }) => {
      return [per, name, (await readColumn(file)).values.length];
    });
    assert.deepEqual(await Promise.all(counts), [
      ['step', 'loss', 1050],
      ...['loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate'].map((name) => [
        'epoch',
        name,
        10,
      ]),
    ]);
    const { values } = await readColumn(run.series[0]!.file);
    assert.deepEqual([...values.subarray(10, 13), values[700]], [NaN, NaN, NaN, 1e6]);
    assert.ok(Number.isNaN(run.epochRecords[0]!.loss));
  });

  it('are many different ones', async () => {
    const directories = writeSyntheticRuns(folder(), 20, { steps: 40, stepsPerEpoch: 10 });
    assert.equal((await listRuns(folder())).length, 20);
    const runs = await readSeries(directories);
    assert.ok(runs.every((run) => 'series' in run && run.series.length === 6));
    const losses = new Set(runs.map((run) => ('loss' in run ? run.loss : null)));
    assert.equal(losses.size, 20);
  });
});
