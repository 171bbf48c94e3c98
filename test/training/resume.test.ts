import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readColumn } from '../../src/core/runs/columnFile.ts';
import { listRuns, openRun, readColumns } from '../../src/core/runs/openRun.ts';
import { readRun } from '../../src/core/runs/readRun.ts';
import { resumeRun, startRun } from '../../src/core/train/run.ts';
import type { BackendFactory, BackendRequest } from '../../src/core/train/trainingRun.ts';
import { createTinyProject, type TinyOptions, type TinyProject } from '../kit/tinyProject.ts';
import { lastState, resume, train, trainingBackends, withoutTime } from '../kit/trainRun.ts';

/** All that a resumed run has to carry over: random masks, moving averages, callbacks with memory, kept weights. */
const everything = (yaml: string) =>
  yaml
    .replace('model:\n', 'model:\n  - { type: BatchNormalization, name: bn }\n')
    .replace(
      '  - { type: Dense, name: out',
      '  - { type: Dropout, rate: 0.3 }\n  - { type: Dense, name: out',
    ).concat(`callbacks:
  - { type: ModelCheckpoint, save_best_only: true }
  - { type: ReduceLROnPlateau, monitor: loss, patience: 1, factor: 0.5, min_delta: 0.2 }
  - { type: EarlyStopping, monitor: val_loss, patience: 50, restore_best_weights: true }
`);

/** Updates at steps 3, 6, 9, 12 of 12, epochs of 4. */
const gatheredAndAveraged = (yaml: string) =>
  yaml
    .replace('learning_rate: 0.05 }', 'learning_rate: 0.05, use_ema: true, ema_momentum: 0.9 }')
    .replace('training:\n', 'training:\n  gradient_accumulation_steps: 3\n');

async function epochColumns(directory: string): Promise<Record<string, Float32Array>> {
  const { series } = await readRun(directory);
  const ofEpochs = series.filter(({ per }) => per === 'epoch');
  const columns = await Promise.all(ofEpochs.map(({ file }) => readColumn(file)));
  return Object.fromEntries(columns.map(({ header, values }) => [header.series, values]));
}

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`resuming on ${name}`, function () {
    this.timeout(120_000);
    let project: TinyProject;
    const make = (options: TinyOptions = {}) => (project = createTinyProject(options));
    afterEach(() => project.remove());

    for (const stopAt of [0, 1, 3, 4, 6, 8, 11]) {
      it(`gives the bits of the uninterrupted run when stopped at step ${stopAt} of 12`, async () => {
        make({ epochs: 3, edit: everything });
        const whole = await train(project, { createBackend });
        const part = await train(project, { createBackend, stopAt });
        const { directory } = part.run.info;
        assert.deepEqual([part.end.status, part.end.step], ['stopped', stopAt]);
        const rest = await resume(directory, { createBackend });
        assert.equal(rest.end.status, 'completed');
        assert.deepEqual(await lastState(directory), await lastState(whole.run.info.directory));
        assert.deepEqual(await readColumns(directory), await readColumns(whole.run.info.directory));
        const { epochs } = await openRun(directory);
        assert.deepEqual(epochs.map(withoutTime), whole.epochs.map(withoutTime));
        const series = await epochColumns(directory);
        assert.deepEqual(series, await epochColumns(whole.run.info.directory));
        assert.deepEqual(
          series['loss'],
          Float32Array.from(epochs, ({ loss }) => loss),
        );
        assert.equal(rest.end.verdict, whole.end.verdict);
      });
    }

    for (const stopAt of [1, 4, 5, 9]) {
      it(`gives the same bits with gathered gradients and averages when stopped at step ${stopAt}`, async () => {
        make({ epochs: 3, edit: (yaml) => gatheredAndAveraged(everything(yaml)) });
        const whole = await train(project, { createBackend });
        const part = await train(project, { createBackend, stopAt });
        const { directory } = part.run.info;
        const rest = await resume(directory, { createBackend });
        assert.deepEqual(await lastState(directory), await lastState(whole.run.info.directory));
        assert.deepEqual(await readColumns(directory), await readColumns(whole.run.info.directory));
        assert.equal(rest.end.verdict, whole.end.verdict);
      });
    }

    it('goes on with the columns of epochs of a run of before there were any', async () => {
      make({ epochs: 3 });
      const whole = await train(project, { createBackend });
      const { run } = await train(project, { createBackend, stopAt: 9 });
      const { directory } = run.info;
      rmSync(path.join(directory, 'epochs'), { recursive: true });
      await resume(directory, { createBackend });
      assert.deepEqual(await epochColumns(directory), await epochColumns(whole.run.info.directory));
    });

    it('extends a completed run as if it had been longer from the start', async () => {
      make({ epochs: 2, edit: everything });
      const short = await train(project, { createBackend });
      const longer = await resume(short.run.info.directory, { createBackend, epochs: 5 });
      const whole = await train(project, { createBackend, epochs: 5 });
      const { directory } = short.run.info;
      assert.deepEqual(await lastState(directory), await lastState(whole.run.info.directory));
      assert.deepEqual(longer.epochs.map(withoutTime), whole.epochs.slice(2).map(withoutTime));
      const { record, configText } = await openRun(directory);
      assert.equal(record.epochs, 5);
      assert.match(configText, /"epochs": 5/);
    });

    it('refuses fewer epochs than are done', async () => {
      make({ epochs: 3 });
      const { run } = await train(project, { createBackend });
      const { directory } = run.info;
      await assert.rejects(resume(directory, { createBackend, epochs: 2 }), {
        code: 'input.invalid',
        message: 'the run has done 3 epochs, more than the 2 asked for',
      });
      assert.equal((await openRun(directory)).record.epochs, 3);
    });

    it('may be interrupted and resumed many times', async () => {
      make({ epochs: 3, edit: everything });
      const whole = await train(project, { createBackend });
      const { run } = await train(project, { createBackend, stopAt: 1 });
      const { directory } = run.info;
      for (const stopAt of [2, 5, 9]) await resume(directory, { createBackend, stopAt });
      await resume(directory, { createBackend });
      assert.deepEqual(await lastState(directory), await lastState(whole.run.info.directory));
    });
  });
}

describe('a resumed run', function () {
  this.timeout(60_000);

  it('asks for the backend and the numeric choices that decided its bits', async () => {
    const requests: BackendRequest[] = [];
    const createBackend: BackendFactory = (request) => {
      requests.push(request);
      return trainingBackends.reference(request);
    };
    const project = createTinyProject({
      edit: (yaml) => yaml.replace('training:', 'training:\n  deterministic: portable'),
    });
    try {
      const { run } = await train(project, { createBackend, stopAt: 1 });
      await resume(run.info.directory, { createBackend });
    } finally {
      project.remove();
    }
    const device = 'auto';
    assert.deepEqual(requests, [
      { device, portable: true, backend: null, choices: null },
      { device, portable: true, backend: 'reference', choices: { precision: 'float32' } },
    ]);
  });
});

describe('a run that cannot be resumed', function () {
  this.timeout(60_000);
  const createBackend = trainingBackends.reference;
  let project: TinyProject;
  beforeEach(() => (project = createTinyProject({ epochs: 2 })));
  afterEach(() => project.remove());

  it('is one that trains right now', async () => {
    const run = await startRun({ file: project.config, createBackend, startPaused: true });
    await run.takeStep();
    const { directory } = run.info;
    await assert.rejects(resumeRun({ directory, createBackend }), { code: 'run.busy' });
    assert.equal((await listRuns(path.dirname(directory)))[0]!.state, 'running');
    await run.stop();
    const resumed = await resumeRun({ directory, createBackend });
    assert.equal((await resumed.done).status, 'completed');
  });

  it('is one whose data have changed', async () => {
    const { run } = await train(project, { createBackend, stopAt: 1 });
    appendFileSync(path.join(project.folder, 'tiny.csv'), '0.5,0.6,1\n');
    await assert.rejects(resumeRun({ directory: run.info.directory, createBackend }), {
      code: 'data.read',
      message: /tiny\.csv has changed since the run began/,
    });
  });

  it('is no run at all', async () => {
    await assert.rejects(resumeRun({ directory: project.folder, createBackend }), {
      code: 'run.notFound',
    });
  });
});

describe('a training whose process is killed', function () {
  this.timeout(120_000);
  let project: TinyProject;
  afterEach(() => project.remove());

  for (const dieAt of [5, 6, 8, 10]) {
    it(`resumes to the bits of the uninterrupted run when killed at step ${dieAt}`, async () => {
      project = createTinyProject({ epochs: 3, edit: everything });
      const createBackend = trainingBackends.reference;
      const script = path.join(import.meta.dirname, '../kit/trainAndDie.ts');
      const args = ['--import', 'tsx', script, project.config, String(dieAt)];
      const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(child.signal, 'SIGKILL', child.stderr);
      const directory = child.stdout.trim();
      assert.equal((await openRun(directory)).state, 'interrupted');
      const { events } = await resume(directory, { createBackend });
      assert.deepEqual(events[0], { kind: 'state', state: 'running', step: 5 });
      const whole = await train(project, { createBackend });
      assert.deepEqual(await lastState(directory), await lastState(whole.run.info.directory));
      assert.deepEqual(await readColumns(directory), await readColumns(whole.run.info.directory));
    });
  }
});
