import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openRun, readColumns } from '../../src/core/runs/openRun.ts';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { prepareTraining } from '../../src/core/train/prepareTraining.ts';
import { startRun } from '../../src/core/train/run.ts';
import { createTinyProject, type TinyOptions, type TinyProject } from '../kit/tinyProject.ts';
import {
  bits,
  lastState,
  nextEvent,
  train,
  trainingBackends,
  withoutTime,
} from '../kit/trainRun.ts';

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`training on ${name}`, function () {
    this.timeout(60_000);
    let project: TinyProject;
    const make = (options: TinyOptions = {}) => (project = createTinyProject(options));
    afterEach(() => project.remove());

    it('lowers training and validation loss together, and beats the guess', async () => {
      const { end, epochs, run } = await train(make({ rows: 120, epochs: 40 }), { createBackend });
      const [first, last] = [epochs[0]!, epochs.at(-1)!];
      assert.equal(end.status, 'completed');
      assert.ok(last.loss < first.loss / 2, `${first.loss} to ${last.loss}`);
      assert.ok(last.val_loss! < first.val_loss! / 2);
      assert.ok(last.metrics['val_accuracy']! > run.info.baseline!.metrics['accuracy']!);
      const right = Math.round(last.metrics['val_accuracy']! * 30);
      const guess = run.info.baseline!.metrics['correct'];
      const verdict = `${right} of 30 right; always guessing the commonest class: ${guess}`;
      assert.equal(end.verdict, verdict);
    });

    it('counts steps and epochs, the ragged last batch among them', async () => {
      const { epochs, run, end } = await train(make({ rows: 40, epochs: 3 }), { createBackend });
      assert.deepEqual(
        epochs.map(({ epoch, step, learning_rate }) => [epoch, step, learning_rate]),
        [
          [1, 4, 0.05],
          [2, 8, 0.05],
          [3, 12, 0.05],
        ],
      );
      assert.equal(run.info.trainingRows, 30);
      assert.equal(run.info.stepsPerEpoch, 4);
      assert.equal(end.step, 12);
    });

    for (const kind of ['sample_weighted', 'mean_of_batches'] as const) {
      it(`records the loss of an epoch as ${kind}`, async () => {
        const edit = (yaml: string) =>
          yaml.replace('batch_size: 8', `batch_size: 8\n  epoch_loss: ${kind}`);
        const { epochs, run } = await train(make({ epochs: 1, edit }), { createBackend });
        const { loss } = await readColumns(run.info.directory);
        assert.equal(loss!.length, 4);
        const [a, b, c, d] = loss!;
        const weighted = (8 * a! + 8 * b! + 8 * c! + 6 * d!) / 30;
        const expected = kind === 'sample_weighted' ? weighted : (a! + b! + c! + d!) / 4;
        assert.ok(Math.abs(epochs[0]!.loss - expected) < 1e-12);
        assert.equal((await openRun(run.info.directory)).environment.epochLoss, kind);
      });
    }

    it('stores every step once and tells how far it is', async () => {
      const begun = performance.now();
      const { events, run } = await train(make({ epochs: 30 }), { createBackend });
      const tenths = Math.ceil((performance.now() - begun) / 100);
      const batches = events.filter((event) => event.kind === 'steps');
      assert.ok(batches.length <= tenths + 1, `${batches.length} events in ${tenths} tenths`);
      const stored = await readColumns(run.info.directory);
      assert.deepEqual(Object.keys(stored).sort(), ['accuracy', 'loss']);
      assert.deepEqual([stored['loss']!.length, stored['accuracy']!.length], [120, 120]);
      let before = 0;
      for (const { step, loss } of batches) {
        assert.ok(step > before);
        assert.equal(loss, stored['loss']![step - 1]);
        before = step;
      }
      assert.equal(before, 120);
    });

    it('gives the same bits for the same seed, whatever slices it runs in, and others for another', async () => {
      const first = await train(make({ epochs: 2 }), { createBackend });
      const stepped = await train(project, { createBackend, stopAt: 8 });
      const other = await train(project, { createBackend, seed: 8 });
      const [a, b] = [first, stepped].map(({ epochs }) => epochs.map(withoutTime));
      assert.deepEqual(b, a!.slice(0, b!.length));
      const tensors = async (directory: string) =>
        ((await lastState(directory)) as { tensors: unknown }).tensors;
      const expected = await tensors(first.run.info.directory);
      assert.deepEqual(await tensors(stepped.run.info.directory), expected);
      assert.notDeepEqual(await tensors(other.run.info.directory), expected);
    });

    it('keeps config, environment and preprocessing in the run', async () => {
      const { run, end } = await train(make({ epochs: 1 }), { createBackend });
      const { record, environment, configText, preprocessing } = await openRun(run.info.directory);
      assert.equal(record.state, 'completed');
      assert.equal(record.verdict, end.verdict);
      assert.equal(environment.backend, name);
      assert.equal(environment.data.rows, 40);
      assert.match(environment.data.sha256, /^[0-9a-f]{64}$/);
      assert.equal((JSON.parse(configText) as { name: string }).name, 'tiny');
      assert.ok('features' in preprocessing);
      assert.deepEqual(
        preprocessing.features.map((feature) => feature.name),
        ['x', 'y'],
      );
      const original = path.join(run.info.directory, 'original', 'tiny.train.yaml');
      assert.equal(readFileSync(original, 'utf8'), readFileSync(project.config, 'utf8'));
    });

    it('evaluates what it trained: the last record again, or another file', async () => {
      const { run, epochs, end } = await train(make({ epochs: 5 }), { createBackend });
      const { directory } = run.info;
      const own = await evaluateRun({ directory, createBackend });
      assert.equal(own.part, 'validation');
      assert.equal(own.loss, epochs.at(-1)!.val_loss);
      assert.equal(own.metrics['accuracy'], epochs.at(-1)!.metrics['val_accuracy']);
      const dataFile = path.join(project.folder, 'tiny.csv');
      const all = await evaluateRun({ directory, dataFile, createBackend });
      assert.equal(all.rows, 40);
      assert.match(all.verdict, /^\d+ of 40 right; always guessing the commonest class: \d+$/);
      assert.equal(own.verdict, end.verdict);
      const elsewhere = path.join(project.folder, 'elsewhere.csv');
      renameSync(dataFile, elsewhere);
      const again = await evaluateRun({ directory, dataFile: elsewhere, createBackend });
      assert.deepEqual(again, all);
      await assert.rejects(evaluateRun({ directory, createBackend }), { code: 'config.invalid' });
    });

    it('evaluates on the test rows where the split keeps some', async () => {
      const edit = (text: string) =>
        text.replace(/split: .*/, 'split: { train: 0.5, validation: 0.25, test: 0.25, seed: 1 }');
      const { run } = await train(make({ rows: 48, epochs: 2, edit }), { createBackend });
      const { part, rows, loss, metrics } = await evaluateRun({
        directory: run.info.directory,
        createBackend,
      });
      assert.deepEqual([part, rows], ['test', 12]);
      // The same rows in a file of their own say the same.
      const configText = readFileSync(project.config, 'utf8');
      const { prepared } = await prepareTraining({
        text: configText,
        file: project.config,
        configFile: project.config,
      });
      const { test } = prepared!.data;
      const lines = Array.from(test!.y, (y, i) => `${test!.x[2 * i]},${test!.x[2 * i + 1]},${y}`);
      const dataFile = path.join(project.folder, 'test.csv');
      writeFileSync(dataFile, `x,y,side\n${lines.join('\n')}\n`);
      const again = await evaluateRun({ directory: run.info.directory, dataFile, createBackend });
      assert.deepEqual([again.part, again.loss, again.metrics], ['file', loss, metrics]);
    });

    it('predicts any number of rows alike, by name', async () => {
      const { run } = await train(make({ rows: 120, epochs: 40 }), { createBackend });
      const { directory } = run.info;
      const one = await predictRun({ directory, createBackend, rows: [{ x: 0.1, y: 0.9 }] });
      assert.equal(one[0]!.class, '1');
      const chances = Object.values(one[0]!.probabilities!);
      assert.ok(Math.abs(chances.reduce((a, b) => a + b) - 1) < 1e-6);
      const rows = Array.from({ length: 300 }, () => ({ x: 0.1, y: 0.9 }));
      const many = await predictRun({ directory, createBackend, rows });
      assert.equal(many.length, 300);
      for (const prediction of many) assert.deepEqual(prediction, one[0]);
      const csvFile = path.join(project.folder, 'tiny.csv');
      assert.equal((await predictRun({ directory, createBackend, csvFile })).length, 120);
      await assert.rejects(predictRun({ directory, createBackend, rows: [{ x: 1 }] }), {
        code: 'input.invalid',
        message: /row 1: `y` is missing/,
      });
    });

    it('predicts the rows of a file that can be, and says why the others cannot', async () => {
      const { run } = await train(make({ rows: 120, epochs: 1 }), { createBackend });
      const { directory } = run.info;
      const predict = (csv: string) => {
        const csvFile = path.join(project.folder, 'new.csv');
        writeFileSync(csvFile, csv);
        return predictRun({ directory, createBackend, csvFile });
      };
      const found = await predict('x,y\n0.1,0.9\n0.1,\n0.5\nten,\n0.1,0.9\n');
      assert.deepEqual(
        found.map(({ problem }) => problem),
        [
          undefined,
          '`y` is missing',
          'line 4 has 1 cell where the header has 2',
          '`x`: expected a number, found "ten"; `y` is missing',
          undefined,
        ],
      );
      assert.deepEqual(found[4], found[0]);
      assert.equal(found[1]!.class, undefined);
      await assert.rejects(predict('x,y\n0.1\n,2\n'), {
        code: 'input.invalid',
        message: /row 1: line 2 has 1 cell where the header has 2/,
      });
    });

    it('fails when the loss is no longer finite, at that step, and names the first bad tensor', async () => {
      const edit = (yaml: string) =>
        yaml.replace(
          '{ type: Adam, learning_rate: 0.05 }',
          '{ type: SGD, learning_rate: 1.0e+38 }',
        );
      const { run, end, events } = await train(make({ epochs: 3, edit }), { createBackend });
      assert.equal(end.status, 'failed');
      assert.equal(end.error?.code, 'run.diverged');
      assert.match(end.verdict, /the loss became (NaN|Infinity|-Infinity) at step \d+, epoch 1/);
      assert.match(end.verdict, /first bad tensor is hidden\/kernel/);
      const { loss } = await readColumns(run.info.directory);
      assert.equal(loss!.length, end.step);
      assert.ok(!Number.isFinite(loss!.at(-1)));
      assert.ok(loss!.subarray(0, -1).every(Number.isFinite));
      assert.equal((await openRun(run.info.directory)).record.state, 'failed');
      assert.deepEqual(events.at(-1), { kind: 'state', state: 'failed', step: end.step });
    });

    it('learns a number, measured against the mean', async () => {
      const edit = (yaml: string) =>
        yaml
          .replace('task: classification', 'task: regression')
          .replace('target: side', 'target: y')
          .replace('features: [x, y]', 'features: [x, side]')
          .replace('units: 2, activation: softmax', 'units: 1')
          .replace('sparse_categorical_crossentropy', 'mse')
          .replace('[accuracy]', '[mae, r2]')
          .replace('{ x: 0.1, y: 0.9 }', '{ x: 0.1, side: 1 }')
          .replace('seed: 7', 'seed: 0');
      const { end, epochs, run } = await train(make({ rows: 120, epochs: 30, edit }), {
        createBackend,
      });
      assert.ok(epochs.at(-1)!.metrics['val_r2']! > 0.3);
      assert.match(
        end.verdict,
        /^off by 0\.\d+ \(root mean square\); always guessing the mean: 0\.\d+$/,
      );
      const { directory } = run.info;
      const [row] = await predictRun({ directory, createBackend, rows: [{ x: 0.5, side: 1 }] });
      assert.equal(typeof row!.value, 'number');
    });

    it('holds the state of the last completed step while paused, and after the end', async () => {
      const run = await startRun({ file: make().config, createBackend, startPaused: true });
      const before = await run.readTensor('hidden/kernel');
      assert.deepEqual([before.step, before.shape], [0, [2, 8]]);
      assert.equal(await run.takeStep(), 1);
      assert.equal(await run.takeStep(), 2);
      assert.equal(run.state, 'paused');
      const after = await run.readTensor('hidden/kernel');
      assert.equal(after.step, 2);
      assert.notDeepEqual(after.values, before.values);
      assert.deepEqual(await run.readTensor('hidden/kernel'), after);
      await assert.rejects(run.readTensor('hidden/nothing'), { code: 'input.invalid' });
      const end = await run.stop();
      assert.deepEqual([end.status, end.step, run.state], ['stopped', 2, 'stopped']);
      assert.deepEqual((await run.readTensor('hidden/kernel')).values, after.values);
      assert.equal(await run.pause(), 2);
      assert.equal(await run.continue(), 2);
      assert.deepEqual(await run.stop(), end);
    });

    it('pauses a running training at a step, continues, and stops', async () => {
      const run = await startRun({ file: make({ epochs: 100_000 }).config, createBackend });
      const states: string[] = [];
      run.onEvent((event) => event.kind === 'state' && states.push(event.state));
      await nextEvent(run, 'epochs');
      const step = await run.pause();
      assert.ok(step > 0);
      const [a, b] = await Promise.all(['out/kernel', 'out/kernel'].map((t) => run.readTensor(t)));
      assert.equal(run.step, step);
      assert.deepEqual(a, b);
      const going = nextEvent(run, 'epochs');
      await run.continue();
      await going;
      const end = await run.stop();
      assert.ok(end.step > step);
      assert.equal(end.status, 'stopped');
      assert.deepEqual(states.slice(-3), ['paused', 'running', 'stopped']);
      const shown = {
        name: 'out/kernel',
        dtype: 'f32' as const,
        ...(await run.readTensor('out/kernel')),
      };
      const { tensors } = (await lastState(run.info.directory)) as { tensors: { name: string }[] };
      const stored = tensors.find((tensor) => tensor.name === 'model/out/kernel');
      assert.deepEqual(stored, { ...(bits(shown) as object), name: 'model/out/kernel' });
    });
  });
}
