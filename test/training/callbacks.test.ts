import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AppError } from '../../src/shared/errors.ts';
import { formatDiagnostic } from '../../src/shared/diagnostics.ts';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import { loadCheckpoint } from '../../src/core/runs/openRun.ts';
import { withPrefix } from '../../src/core/runs/checkpoints.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { bits, train, trainingBackends } from '../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;
const withCallbacks = (callbacks: string) => (yaml: string) =>
  yaml.replace('learning_rate: 0.05', 'learning_rate: 0.5') + `callbacks: ${callbacks}\n`;

describe('callbacks in a training', function () {
  this.timeout(60_000);
  let project: TinyProject;
  const make = (callbacks: string, epochs = 60) =>
    (project = createTinyProject({ epochs, edit: withCallbacks(callbacks) }));
  afterEach(() => project.remove());

  it('EarlyStopping ends the training and restores the weights of the best epoch', async () => {
    make('[{ type: EarlyStopping, patience: 4, restore_best_weights: true }]');
    const { run, epochs, end, events } = await train(project, { createBackend });
    const best = epochs.reduce((a, b) => (b.val_loss! < a.val_loss! ? b : a));
    assert.equal(end.status, 'completed');
    assert.equal(epochs.length, best.epoch + 4);
    assert.ok(epochs.length < 60);
    const { directory } = run.info;
    const { loss } = await evaluateRun({ directory, createBackend });
    assert.equal(loss, best.val_loss);
    const stored = withPrefix((await loadCheckpoint(directory, 'best'))!.tensors, 'model/');
    const kernel = stored.find(({ name }) => name === 'hidden/kernel')!;
    const shown = { ...kernel, values: (await run.readTensor('hidden/kernel')).values };
    assert.deepEqual(bits(shown), bits(kernel));
    const messages = events.flatMap((event) => (event.kind === 'log' ? [event.message] : []));
    assert.deepEqual(messages, [
      'stopped early: val_loss has not improved for 4 epochs',
      `restored the weights of epoch ${best.epoch}, step ${best.step}`,
    ]);
    assert.match(
      end.verdict,
      new RegExp(`^${Math.round(best.metrics['val_accuracy']! * 10)} of 10`),
    );
  });

  it('ModelCheckpoint keeps the best weights for evaluate, also those of a stopped run', async () => {
    make('[{ type: ModelCheckpoint, save_best_only: true }]', 23);
    for (const stopAt of [undefined, 79]) {
      const options = stopAt === undefined ? {} : { stopAt };
      const { run, epochs } = await train(project, { createBackend, ...options });
      const losses = epochs.map((record) => record.val_loss!);
      const { loss } = await evaluateRun({ directory: run.info.directory, createBackend });
      assert.equal(loss, Math.min(...losses));
      assert.notEqual(losses.at(-1), loss, 'the last epoch must not be the best for this to show');
    }
  });

  it('ReduceLROnPlateau lowers the rate of the epochs that follow', async () => {
    make(
      '[{ type: ReduceLROnPlateau, monitor: loss, patience: 1, factor: 0.5, min_delta: 10 }]',
      4,
    );
    const { epochs } = await train(project, { createBackend });
    const rates = epochs.map((record) => record.learning_rate);
    assert.deepEqual(rates, [0.5, 0.5, 0.25, 0.125]);
    make('[]', 4);
    const plain = await train(project, { createBackend });
    assert.equal(plain.epochs[1]!.loss, epochs[1]!.loss);
    assert.notEqual(plain.epochs[2]!.loss, epochs[2]!.loss);
  });

  it('LearningRateScheduler sets the rates of the epochs in its table', async () => {
    const schedule = '[{ epoch: 0, rate: 0.25 }, { epoch: 2, rate: 0.125 }]';
    make(`[{ type: LearningRateScheduler, schedule: ${schedule} }]`, 4);
    const { epochs } = await train(project, { createBackend });
    const rates = epochs.map((record) => record.learning_rate);
    assert.deepEqual(rates, [0.25, 0.25, 0.125, 0.125]);
  });

  it('watching validation rows that the data do not have is an error that says so', async () => {
    const bySide = (yaml: string) =>
      yaml.replace('{ train: 0.75, validation: 0.25, seed: 1 }', '{ by: part }');
    project = createTinyProject({ edit: (yaml) => bySide(withCallbacks('[EarlyStopping]')(yaml)) });
    const rows = ['0.1,0.2,1,train', '0.3,0.1,0,train'];
    writeFileSync(path.join(project.folder, 'tiny.csv'), ['x,y,side,part', ...rows, ''].join('\n'));
    const starting = startRun({ file: project.config, createBackend });
    await assert.rejects(starting, (error: AppError) => {
      const line = error.diagnostics.map(formatDiagnostic).find((text) => text.includes('EarlyS'));
      assert.match(
        line ?? '',
        /:21:\d+ error config\.conflict EarlyStopping watches `val_loss`, but no row is marked/,
      );
      return error.code === 'config.invalid';
    });
  });
});

describe('a training that cannot begin', () => {
  let project: TinyProject;
  beforeEach(() => (project = createTinyProject()));
  afterEach(() => project.remove());

  it('names the config file that is not there', async () => {
    const file = path.join(project.folder, 'nothing.yaml');
    await assert.rejects(startRun({ file, createBackend }), { code: 'file.notFound' });
  });

  it('names the folder that no run can be made in', async () => {
    const outputDirectory = path.join(project.folder, 'file');
    writeFileSync(outputDirectory, '');
    const starting = startRun({
      file: project.config,
      createBackend,
      overrides: { outputDirectory },
    });
    await assert.rejects(starting, { code: 'file.notWritable' });
  });
});
