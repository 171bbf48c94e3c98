/** Evaluations of whole runs: which rows, which weights, what they are held against, and what is saved. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import type { Evaluation } from '../../src/shared/protocol/evaluation.ts';
import { assertClose } from '../kit/close.ts';
import { createTinyProject, type TinyOptions, type TinyProject } from '../kit/tinyProject.ts';
import { train, trainingBackends, type Trained } from '../kit/trainRun.ts';

const createBackend = trainingBackends.wasm;

describe('an evaluation', function () {
  this.timeout(60_000);
  let project: TinyProject;
  let trained: Trained;
  let directory: string;
  const begin = async (options: TinyOptions = {}) => {
    project = createTinyProject({ epochs: 8, ...options });
    trained = await train(project, { createBackend });
    ({ directory } = trained.run.info);
  };
  afterEach(() => project.remove());
  const evaluate = (wish: object = {}) => evaluateRun({ directory, createBackend, ...wish });

  it('gives what training recorded of each epoch, with its weights', async () => {
    await begin();
    for (const epoch of [1, 5, 8]) {
      const record = trained.epochs[epoch - 1]!;
      const { loss, metrics, recorded, weights } = await evaluate({ weights: { epoch } });
      assert.equal(loss, record.val_loss);
      assert.equal(metrics['accuracy'], record.metrics['val_accuracy']);
      assert.deepEqual([recorded!.epoch, recorded!.val_loss], [epoch, record.val_loss]);
      assert.deepEqual([weights.step, weights.epoch], [record.step, epoch]);
      assert.deepEqual(weights.epochs, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
    await assert.rejects(evaluate({ weights: { epoch: 9 } }), {
      code: 'run.notFound',
      message: /no weights of epoch 9; it keeps those of 0, 1, 2/,
    });
  });

  it('takes the best weights, or the last', async () => {
    const callback =
      'callbacks: [{ type: ModelCheckpoint, save_best_only: true, monitor: loss, mode: max }]\n';
    await begin({ edit: (yaml) => yaml + callback });
    const [kept, last] = [await evaluate(), await evaluate({ weights: 'last' })];
    assert.deepEqual([kept.weights.step, last.weights.step], [4, 32]);
    assert.equal(last.loss, trained.epochs.at(-1)!.val_loss);
    assert.equal(kept.loss, trained.epochs[0]!.val_loss);
  });

  it('counts classes as the metrics do, and sums the losses of its rows to the loss', async () => {
    await begin({
      edit: (yaml) =>
        yaml.replace('metrics: [accuracy]', 'metrics: [accuracy, precision, recall, f1]'),
    });
    const { rows, loss, metrics, outcome, worst } = await evaluate({ part: 'train', worst: 30 });
    assert.equal(rows, 30);
    assert.ok(outcome.kind === 'classes');
    const [a = 0, b = 0, c = 0, d = 0] = outcome.counts;
    assert.equal(a + b + c + d, 30);
    assertClose([metrics['accuracy']!], [(a + d) / 30], { relative: 1e-12 });
    const { precision, recall, f1 } = outcome.scores[1]!;
    assertClose(
      [metrics['precision']!, metrics['recall']!, metrics['f1']!],
      [precision!, recall!, f1!],
      { relative: 1e-12 },
    );
    const sum = worst.reduce((total, row) => total + row.loss, 0);
    assertClose([sum / 30], [loss], { relative: 1e-6 });
    const losses = worst.map((row) => row.loss);
    assert.deepEqual(
      losses,
      losses.toSorted((x, y) => y - x),
    );
    for (const row of worst) {
      assertClose([-Math.log(row.targetProbability!)], [row.loss], {
        relative: 1e-4,
        absolute: 1e-6,
      });
    }
  });

  it('names the worst rows by their place in the file, with their values', async () => {
    await begin();
    const { worst } = await evaluate({ worst: 10 });
    const lines = readFileSync(path.join(project.folder, 'tiny.csv'), 'utf8').split('\n');
    for (const { row, values, target, inFile } of worst) {
      assert.ok(inFile);
      const [x, y, side] = lines[row + 1]!.split(',');
      assert.deepEqual(
        values.map(({ value }) => value),
        [Number(x), Number(y)],
      );
      assert.equal(target, side);
    }
  });

  it('takes the good rows of a file and names the others', async () => {
    await begin();
    const dataFile = path.join(project.folder, 'more.csv');
    writeFileSync(dataFile, 'side,y,x\n1,0.9,0.1\n0,,0.5\n7,0.1,0.2\n0,0.1,far\n0,0.1,0.9\n');
    const { rows, part, leftOut, problems, worst } = await evaluate({ dataFile });
    assert.deepEqual([part, rows, leftOut], ['file', 2, 3]);
    assert.deepEqual(worst.map(({ row }) => row).sort(), [0, 4]);
    assert.deepEqual(problems.map(({ severity, start }) => `${severity} ${start.line}`).sort(), [
      'warning 3',
      'warning 4',
      'warning 5',
    ]);
    assert.match(JSON.stringify(problems), /row 4, column `x`: expected a number, found \\"far\\"/);
  });

  it('of numbers gives them beside the true ones', async () => {
    await begin({
      edit: (yaml) =>
        yaml
          .replace('task: classification', 'task: regression')
          .replace('features: [x, y]', 'features: [x]')
          .replace('target: side', 'target: y')
          .replace('units: 2, activation: softmax', 'units: 1')
          .replace(/loss: sparse.*/, 'loss: huber')
          .replace('metrics: [accuracy]', 'metrics: [mae, rmse]')
          .replace('{ x: 0.1, y: 0.9 }', '{ x: 0.1 }'),
    });
    const { outcome, rows, metrics, baseline, loss, worst } = await evaluate({ worst: 10 });
    assert.ok(outcome.kind === 'numbers');
    const { actual, predicted, residuals } = outcome.targets[0]!;
    assert.deepEqual([actual.length, predicted.length, rows], [10, 10, 10]);
    const errors = Array.from(actual, (y, i) => predicted[i]! - y);
    const mae = errors.reduce((sum, e) => sum + Math.abs(e), 0) / 10;
    assertClose([metrics['mae']!], [mae], { relative: 1e-6 });
    assertClose([residuals!.min, residuals!.max], [Math.min(...errors), Math.max(...errors)], {
      relative: 1e-6,
    });
    assert.deepEqual(Object.keys(baseline!.metrics), ['mae', 'rmse', 'r2']);
    assertClose([worst.reduce((sum, row) => sum + row.loss, 0) / 10], [loss], { relative: 1e-6 });
    assert.equal(worst[0]!.targetProbability, null);
  });

  it('is saved whole as JSON, and row by row as CSV', async () => {
    await begin();
    const at = (name: string) => path.join(project.folder, name);
    const { outcome } = await evaluate({ saveTo: at('e.json') });
    const stored = JSON.parse(readFileSync(at('e.json'), 'utf8')) as Evaluation;
    assert.ok(outcome.kind === 'classes' && stored.outcome.kind === 'classes');
    assert.deepEqual((stored.outcome.counts as unknown as number[][]).flat(), [...outcome.counts]);
    const { loss } = await evaluate({ saveTo: at('e.csv') });
    const [head, ...lines] = readFileSync(at('e.csv'), 'utf8').trim().split('\n');
    assert.equal(head, 'row,target,predicted,loss,p(0),p(1)');
    const losses = lines.map((line) => Number(line.split(',')[3]));
    assertClose([losses.reduce((a, b) => a + b) / lines.length], [loss], { relative: 1e-5 });
    await assert.rejects(evaluate({ saveTo: at('e.txt') }), { code: 'input.invalid' });
    await assert.rejects(evaluate({ saveTo: at('none/e.csv') }), { code: 'file.notWritable' });
  });

  it('says how far it is, and can be cancelled', async () => {
    await begin();
    const told: number[] = [];
    const controller = new AbortController();
    const onProgress = ({ fraction }: { fraction: number | null }) => told.push(fraction ?? -1);
    await evaluate({ onProgress, part: 'train' });
    assert.equal(told.at(-1), 1);
    const abort = () => controller.abort(new Error('enough'));
    await assert.rejects(evaluate({ onProgress: abort, signal: controller.signal }), /enough/);
  });

  it('says where the run has no such rows', async () => {
    await begin();
    await assert.rejects(evaluate({ part: 'test' }), {
      code: 'input.invalid',
      message: 'the run has no test rows: give a data file, or take those of validation',
    });
  });
});
