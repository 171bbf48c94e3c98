import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { startOf } from '../../../src/core/runs/activeRuns.ts';
import { listCheckpoints } from '../../../src/core/runs/checkpoints.ts';
import { readColumn } from '../../../src/core/runs/columnFile.ts';
import { discardAfter } from '../../../src/core/runs/discard.ts';
import {
  listRuns,
  loadCheckpoint,
  openRun,
  readColumns,
  readEpochs,
} from '../../../src/core/runs/openRun.ts';
import { readRun } from '../../../src/core/runs/readRun.ts';
import { createRunDirectory } from '../../../src/core/runs/runDirectory.ts';
import { RunWriter } from '../../../src/core/runs/runWriter.ts';
import { listSnapshots } from '../../../src/core/runs/snapshots.ts';
import { beginRun, checkpointAt, epochRecord, recordAt, tensor } from '../../kit/runFixture.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const steps = (from: number, to: number) => ({
  loss: Float32Array.from({ length: to - from }, (_, i) => from + i),
});

async function snapshotSteps(directory: string): Promise<number[]> {
  return (await listSnapshots(path.join(directory, 'weights'))).map(({ step }) => step);
}

describe('run directory', () => {
  const folder = temporaryFolder();

  /** 25 steps with epochs at 10 and 20; the checkpoint at 20. */
  async function interruptedRun(): Promise<string> {
    const { directory, writer } = await beginRun(folder());
    writer.appendSteps(steps(0, 20));
    writer.appendEpochs([epochRecord(1)]);
    writer.appendEpochs([epochRecord(2)]);
    await writer.commit([checkpointAt(20, 'best'), checkpointAt(20)], recordAt(20));
    writer.appendSteps(steps(20, 25));
    writer.appendEpochs([epochRecord(3)]);
    for (const epoch of [1, 2, 3]) {
      writer.snapshot({ epoch, step: epoch * 10, tensors: [tensor('w', [epoch])] }, 1);
    }
    await writer.close();
    return directory;
  }

  it('is named after time and name, with a number for the second run of a second', async () => {
    const first = await beginRun(folder());
    const second = await beginRun(folder());
    assert.equal(path.basename(first.directory), '20260102-030405-test');
    assert.equal(path.basename(second.directory), '20260102-030405-test-2');
    await Promise.all([first.writer.close(), second.writer.close()]);
  });

  it('opens with all that was written', async () => {
    const directory = await interruptedRun();
    const run = await openRun(directory);
    assert.deepEqual(run.record, recordAt(20));
    assert.deepEqual(run.epochs, [1, 2, 3].map(epochRecord));
    assert.deepEqual((await readColumns(directory))['loss'], steps(0, 25).loss);
    assert.deepEqual(await loadCheckpoint(directory, 'last'), checkpointAt(20));
  });

  it('opens without the torn tails of its append-only files', async () => {
    const directory = await interruptedRun();
    appendFileSync(path.join(directory, 'columns/loss.f32'), Buffer.of(1, 2, 3));
    appendFileSync(path.join(directory, 'epochs.jsonl'), '{"epoch":4,"lo');
    assert.deepEqual((await readEpochs(directory)).length, 3);
    assert.deepEqual((await readColumns(directory))['loss'], steps(0, 25).loss);
  });

  it('moves what lies after the checkpoint to discarded/ and goes on from there', async () => {
    const directory = await interruptedRun();
    appendFileSync(path.join(directory, 'epochs.jsonl'), '{"torn');
    appendFileSync(path.join(directory, 'columns/loss.f32'), Buffer.of(9));
    writeFileSync(path.join(directory, 'checkpoints/last-000000023.safetensors'), 'half');
    writeFileSync(path.join(directory, 'run.json.part'), '{');
    const discarded = await discardAfter(directory, { step: 20, epoch: 2 });
    assert.equal(discarded, path.join(directory, 'discarded', '1'));
    const column = await readColumn(path.join(discarded, 'columns/loss.f32'));
    assert.equal(column.header.first, 20);
    assert.deepEqual(column.values, steps(20, 25).loss);
    assert.deepEqual(await readEpochs(discarded), [epochRecord(3)]);
    assert.deepEqual(await snapshotSteps(discarded), [30]);
    assert.deepEqual(await snapshotSteps(directory), [10, 20]);
    assert.deepEqual(
      readdirSync(path.join(directory, 'checkpoints')).sort(),
      ['best', 'last'].flatMap((kind) => [
        `${kind}-000000020.json`,
        `${kind}-000000020.safetensors`,
      ]),
    );
    assert.equal(existsSync(path.join(directory, 'run.json.part')), false);

    const writer = new RunWriter(directory);
    writer.appendSteps(steps(20, 22));
    writer.appendEpochs([epochRecord(3)]);
    await writer.close();
    assert.deepEqual((await readColumns(directory))['loss'], steps(0, 22).loss);
    assert.deepEqual(await readEpochs(directory), [1, 2, 3].map(epochRecord));
  });

  it('discards nothing when nothing lies after the checkpoint, and twice is as once', async () => {
    const directory = await interruptedRun();
    await discardAfter(directory, { step: 20, epoch: 2 });
    assert.equal(await discardAfter(directory, { step: 20, epoch: 2 }), null);
    assert.deepEqual((await readColumns(directory))['loss'], steps(0, 20).loss);
  });

  it('begins again from nothing when it was killed before the first checkpoint', async () => {
    const { directory, writer } = await beginRun(folder());
    writer.appendSteps(steps(0, 3));
    await writer.close();
    truncateSync(path.join(directory, 'columns/loss.f32'), 50);
    assert.equal(await loadCheckpoint(directory, 'last'), null);
    await discardAfter(directory, { step: 0, epoch: 0 });
    assert.deepEqual(await readColumns(directory), {});
  });

  it('falls back on the checkpoint before one whose tensors are damaged', async () => {
    const directory = await interruptedRun();
    const checkpoints = path.join(directory, 'checkpoints');
    writeFileSync(path.join(checkpoints, 'last-000000024.safetensors'), 'damaged');
    writeFileSync(path.join(checkpoints, 'last-000000024.json'), '{');
    assert.equal((await loadCheckpoint(directory, 'last'))?.state.step, 20);
  });

  it('keeps only the newest checkpoint of each kind', async () => {
    const { directory, writer } = await beginRun(folder());
    await writer.commit([checkpointAt(5, 'best'), checkpointAt(10)], recordAt(10));
    await writer.commit([checkpointAt(20)], recordAt(20));
    await writer.commit([checkpointAt(25, 'best'), checkpointAt(30)], recordAt(30));
    await writer.close();
    assert.deepEqual(await listCheckpoints(path.join(directory, 'checkpoints')), [
      { kind: 'best', step: 25 },
      { kind: 'last', step: 30 },
    ]);
  });

  it('says which file is damaged, or that a folder is no run', async () => {
    const directory = await interruptedRun();
    writeFileSync(path.join(directory, 'environment.json'), '{"node": 1}');
    await assert.rejects(openRun(directory), { code: 'run.corrupt', message: /environment\.json/ });
    await assert.rejects(openRun(folder()), { code: 'run.notFound' });
  });

  it('lists runs with their state; one whose process is gone was interrupted', async () => {
    const directory = await interruptedRun();
    const { writer, directory: other } = await beginRun(folder());
    await writer.writeRecord(recordAt(100, 'completed'));
    await writer.close();
    const states = Object.fromEntries(
      (await listRuns(folder())).map((run) => [run.directory, run.state]),
    );
    assert.deepEqual(states, { [directory]: 'interrupted', [other]: 'completed' });
    assert.deepEqual(await listRuns(path.join(folder(), 'nowhere')), []);
  });

  it('lists how good a run is beside its baseline', async () => {
    const { directory, writer } = await beginRun(folder());
    await writer.writeRecord(recordAt(100, 'completed'));
    await writer.close();
    const [entry] = await listRuns(folder());
    const { score, baseline, metrics, seconds, configFile } = recordAt(100);
    assert.deepEqual(
      { ...entry },
      { ...entry, directory, score, baseline, metrics, seconds, configFile },
    );
  });

  it('lists a run of before scores were kept', async () => {
    const { directory, writer } = await beginRun(folder());
    await writer.close();
    const file = path.join(directory, 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const before = { ...record, metrics: undefined, score: undefined, baseline: undefined };
    writeFileSync(file, JSON.stringify(before));
    const [entry] = await listRuns(folder());
    assert.deepEqual([entry?.metrics, entry?.score, entry?.baseline], [{}, null, null]);
  });

  it('reads everything that a plot shows', async () => {
    const directory = await interruptedRun();
    const saved = await readRun(directory);
    assert.equal(saved.state, 'interrupted');
    assert.equal(saved.checkpointStep, 20);
    assert.deepEqual(saved.epochRecords, [1, 2, 3].map(epochRecord));
    await assert.rejects(readRun(folder()), { code: 'run.notFound' });
  });

  it('is not taken for running because another process has the number of its own', async () => {
    const { directory, writer } = await beginRun(folder());
    const pid = process.ppid;
    const states = [];
    for (const processStart of [startOf(pid), 'another time']) {
      await writer.writeRecord({ ...recordAt(0), pid, processStart });
      states.push((await openRun(directory)).state);
    }
    await writer.close();
    // Where the system does not tell when a process began, its number has to do.
    assert.deepEqual(states, ['running', startOf(pid) === null ? 'running' : 'interrupted']);
  });

  it('says why it cannot be made', async () => {
    const file = path.join(folder(), 'file');
    writeFileSync(file, '');
    for (const parent of [file, path.join(file, 'runs')]) {
      await assert.rejects(createRunDirectory(parent, 'test', new Date()), {
        code: 'file.notWritable',
        message: `cannot make a run directory in ${parent}: ${file} is a file, not a folder`,
      });
    }
  });

  it('reports the first failure of the disk and writes nothing after it', async () => {
    const { directory, writer } = await beginRun(folder());
    writer.appendSteps({ 'no/such/folder': Float32Array.of(1) });
    await writer.commit([checkpointAt(1)], recordAt(1));
    await assert.rejects(writer.settled(), { code: 'file.notWritable', message: /ENOENT/ });
    assert.equal(await loadCheckpoint(directory, 'last'), null);
    await writer.close();
  });
});
