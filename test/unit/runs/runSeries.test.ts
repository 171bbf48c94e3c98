import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readColumn } from '../../../src/core/runs/columnFile.ts';
import { readRun, readSeries } from '../../../src/core/runs/readRun.ts';
import { seriesFile, seriesNames, writeEpochColumns } from '../../../src/core/runs/runSeries.ts';
import type { PlottedRun } from '../../../src/shared/protocol/core.ts';
import { beginRun, epochRecord, recordAt } from '../../kit/runFixture.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

describe('series of a run', () => {
  const folder = temporaryFolder();
  const names = recordAt(0).series!;

  async function completedRun(): Promise<string> {
    const { directory, writer } = await beginRun(folder());
    writer.appendSteps({ loss: Float32Array.of(4, 3, 2, 1) });
    writer.appendEpochs([epochRecord(1), epochRecord(2)]);
    await writer.commit([], recordAt(20, 'completed'));
    await writer.close();
    return directory;
  }

  /** As a version left it that had no columns of epochs. */
  function makeOlder(directory: string): void {
    rmSync(path.join(directory, 'epochs'), { recursive: true });
    const file = path.join(directory, 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...record, series: undefined }));
  }

  async function valuesOf({ series }: PlottedRun): Promise<Record<string, readonly number[]>> {
    const values = series.map(async ({ name, per, file }) => {
      const column = await readColumn(file);
      assert.deepEqual(column.header, { format: 'f32le', series: name, first: 0 });
      return [`${per} ${name}`, [...column.values]] as const;
    });
    return Object.fromEntries(await Promise.all(values));
  }

  const written = {
    'step loss': [4, 3, 2, 1],
    'epoch loss': [1, 0.5],
    'epoch accuracy': [0.5, 0.5],
    'epoch learning_rate': [Math.fround(0.1), Math.fround(0.1)],
  };

  it('are the loss and the metrics, of training and validation, and the learning rate', () => {
    assert.deepEqual(seriesNames(['mae'], { validates: true, scheduled: true }), {
      step: ['loss', 'mae', 'learning_rate'],
      epoch: ['loss', 'mae', 'val_loss', 'val_mae', 'learning_rate'],
    });
    assert.deepEqual(seriesNames([], { validates: false }), {
      step: ['loss'],
      epoch: ['loss', 'learning_rate'],
    });
  });

  it('have files from the first moment of a run', async () => {
    const { directory, writer } = await beginRun(folder());
    const [run] = await readSeries([directory]);
    const nothing = Object.fromEntries(Object.keys(written).map((name) => [name, []]));
    assert.deepEqual(await valuesOf(run as PlottedRun), nothing);
    await writer.close();
  });

  it('have a value per step, and per epoch what the records say', async () => {
    const run = await readRun(await completedRun());
    assert.deepEqual(await valuesOf(run), written);
    assert.equal(run.stepsPerEpoch, 10);
  });

  it('are on disk as soon as a flush returns', async () => {
    const { directory, writer } = await beginRun(folder());
    const sizes = (): number[] =>
      [
        seriesFile(directory, 'step', 'loss'),
        seriesFile(directory, 'epoch', 'loss'),
        path.join(directory, 'epochs.jsonl'),
      ].map((file) => (existsSync(file) ? readFileSync(file).length : 0));
    writer.appendSteps({ loss: Float32Array.of(1, 2) });
    writer.appendEpochs([epochRecord(1)]);
    assert.deepEqual(sizes(), [128, 128, 0]);
    writer.flush();
    const line = JSON.stringify(epochRecord(1)).length + 1;
    assert.deepEqual(sizes(), [136, 132, line]);
    await writer.close();
  });

  it('are told of many runs at once, or why not', async () => {
    const directory = await completedRun();
    const nowhere = path.join(folder(), 'nowhere');
    const [run, problem] = await readSeries([directory, nowhere]);
    assert.deepEqual(await valuesOf(run as PlottedRun), written);
    assert.deepEqual(problem, {
      directory: nowhere,
      problem: `${nowhere} is not a run: it has no run.json`,
    });
  });

  it('are made of the records of a run of before they were kept', async () => {
    const directory = await completedRun();
    makeOlder(directory);
    for (let look = 0; look < 2; look++) {
      const [run] = await readSeries([directory]);
      assert.deepEqual(await valuesOf(run as PlottedRun), written);
    }
  });

  it('leave out the epochs of such a run where nothing may be written', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    const directory = await completedRun();
    makeOlder(directory);
    chmodSync(directory, 0o555);
    const [run] = await readSeries([directory]);
    chmodSync(directory, 0o755);
    assert.deepEqual(await valuesOf(run as PlottedRun), { 'step loss': [4, 3, 2, 1] });
  });

  it('begin anew from the records that a resume keeps', async () => {
    const directory = await completedRun();
    await writeEpochColumns(directory, names.epoch, [epochRecord(1)]);
    const expected = Object.entries(written).map(([name, values]) => [
      name,
      name.startsWith('epoch') ? values.slice(0, 1) : values,
    ]);
    assert.deepEqual(await valuesOf(await readRun(directory)), Object.fromEntries(expected));
  });
});
