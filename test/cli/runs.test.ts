/** The commands of the built `trainbench` that make a run and use it: what they print, as JSON and for people. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assertNoStack, jsonLines, runCli } from '../kit/runCli.ts';
import type { CliResult } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

describe('trainbench on a run', () => {
  let project: TinyProject;
  let trained: CliResult;
  let directory = '';
  const run = (...words: string[]) => runCli(words, { cwd: project.folder });

  before(async () => {
    project = createTinyProject();
    trained = await run('train', 'tiny.train.yaml', '--json');
    assert.equal(trained.code, 0, trained.stderr);
    directory = String(jsonLines(trained.stdout).at(-1)!['run']);
  });
  after(() => project.remove());

  it('train --json prints an object per epoch and one end', () => {
    const lines = jsonLines(trained.stdout);
    assert.equal(lines.length, 4);
    for (const [index, line] of lines.slice(0, 3).entries()) {
      assert.deepEqual(Object.keys(line), [
        'type',
        'epoch',
        'epochs',
        'loss',
        'val_loss',
        'metrics',
        'seconds',
      ]);
      assert.deepEqual([line['type'], line['epoch'], line['epochs']], ['epoch', index + 1, 3]);
      assert.deepEqual(Object.keys(line['metrics'] as object), ['accuracy', 'val_accuracy']);
    }
    const end = lines.at(-1)!;
    assert.deepEqual(Object.keys(end), ['type', 'status', 'run', 'backend', 'device', 'seconds']);
    assert.deepEqual([end['type'], end['status'], end['backend']], ['end', 'completed', 'wasm']);
    assert.ok(existsSync(path.join(directory, 'run.json')));
    assert.equal(path.dirname(directory), path.join(project.folder, 'runs'));
  });

  it('train for people ends with verdict, baseline, prediction and folder', async () => {
    const out = path.join(project.folder, 'other');
    const result = await run('train', 'tiny.train.yaml', '--out', 'other', '--epochs', '2');
    assert.equal(result.code, 0, result.stderr);
    const [name] = readdirSync(out);
    assert.match(result.stdout, /\d+ of 10 right; always guessing the commonest class: \d+/);
    assert.match(result.stdout, /x=0\.1, y=0\.9: [01] \(0: [\d.]+ %, 1: [\d.]+ %\)/);
    assert.ok(result.stdout.includes(path.join('other', name!)));
    assert.match(result.stdout, /trainbench predict /);
    assert.match(result.stderr, /epoch 2\/2, loss/);
    for (const control of ['\u001b', '\r'])
      assert.ok(!(result.stdout + result.stderr).includes(control));
  });

  it('repeats a run bit for bit from its seed, and another with another', async () => {
    const losses = async (...words: string[]) =>
      jsonLines((await run('train', 'tiny.train.yaml', '--json', ...words)).stdout)
        .slice(0, -1)
        .map(({ loss }) => loss);
    const first = jsonLines(trained.stdout)
      .slice(0, -1)
      .map(({ loss }) => loss);
    assert.deepEqual(await losses(), first);
    assert.notDeepEqual(await losses('--seed', '8'), first);
  });

  it('evaluate gives the losses of the validation rows, and of a file', async () => {
    const [own] = jsonLines((await run('evaluate', directory, '--json')).stdout);
    assert.equal(own!['rows'], 10);
    const last = jsonLines(trained.stdout).at(-2)!;
    assert.ok(Math.abs(Number(own!['loss']) - Number(last['val_loss'])) < 1e-6);
    const [file] = jsonLines(
      (await run('evaluate', directory, '--data', 'tiny.csv', '--json')).stdout,
    );
    assert.equal(file!['rows'], 40);
    assert.match((await run('evaluate', directory)).stdout, /of 10 right/);
  });

  it('predict gives class and probabilities, for a row and for a file', async () => {
    const input = { x: 0.1, y: 0.9 };
    const one = await run('predict', directory, '--input', JSON.stringify(input), '--json');
    assert.equal(one.code, 0, one.stderr);
    const [prediction] = jsonLines(one.stdout);
    assert.deepEqual(Object.keys(prediction!), ['type', 'input', 'probabilities', 'class']);
    assert.deepEqual(prediction!['input'], input);
    const probabilities = prediction!['probabilities'] as Record<string, number>;
    assert.deepEqual(Object.keys(probabilities), ['0', '1']);
    assert.ok(Math.abs(probabilities['0']! + probabilities['1']! - 1) < 1e-6);
    const file = await run('predict', directory, '--csv', 'tiny.csv', '--json');
    assert.equal(jsonLines(file.stdout).length, 40);
  });

  it('predict answers for the good rows of a file, and marks the others', async () => {
    writeFileSync(path.join(project.folder, 'new.csv'), 'x,y\n0.1,0.9\n0.1,\n');
    const result = await run('predict', directory, '--csv', 'new.csv', '--json');
    assert.equal(result.code, 2);
    const [good, bad] = jsonLines(result.stdout);
    assert.ok('class' in good!);
    assert.deepEqual(bad, {
      type: 'prediction',
      input: { x: 0.1, y: null },
      problem: '`y` is missing',
    });
    assert.match(result.stderr, /1 of 2 rows is not predicted/);
    assert.match(
      (await run('predict', directory, '--csv', 'new.csv')).stdout,
      /y=missing: not predicted/,
    );
  });

  it('predict names the feature that a row lacks', async () => {
    const result = await run('predict', directory, '--input', '{"x": 1}');
    assert.equal(result.code, 2);
    assert.match(result.stderr, /y/);
    assertNoStack(result);
  });

  it('export writes both formats', async () => {
    for (const format of ['pt', 'safetensors']) {
      const result = await run('export', directory, '--format', format, '--out', `m.${format}`);
      assert.equal(result.code, 0, result.stderr);
      assert.ok(existsSync(path.join(project.folder, `m.${format}`)));
      assert.equal(result.stdout.trim(), `m.${format}`);
    }
  });

  it('fails in plain words where it cannot write', async () => {
    const blocked = path.join('tiny.csv', 'below-a-file');
    for (const words of [
      ['export', directory, '--format', 'pt', '--out', blocked],
      ['train', 'tiny.train.yaml', '--out', blocked],
    ]) {
      const result = await run(...words);
      assert.equal(result.code, 1);
      assert.match(result.stderr, /cannot (write|make a run directory in) .*below-a-file/);
      assertNoStack(result);
    }
  });

  it('evaluate and predict refuse a file that is not there', async () => {
    for (const words of [
      ['evaluate', directory, '--data', 'none.csv'],
      ['predict', directory, '--csv', 'none.csv'],
    ]) {
      const result = await run(...words);
      assert.equal(result.code, 2);
      assert.match(result.stderr, /none\.csv/);
      assertNoStack(result);
    }
  });

  it('runs lists it', async () => {
    const [entry] = jsonLines((await run('runs', '--json')).stdout).filter(
      (line) => line['directory'] === directory,
    );
    assert.deepEqual(
      [entry!['type'], entry!['name'], entry!['state'], entry!['epochsDone']],
      ['run', 'tiny', 'completed', 3],
    );
    assert.match((await run('runs')).stdout, /completed, epoch 3\/3, loss /);
  });

  it('runs of an empty folder is no failure', async () => {
    mkdirSync(path.join(project.folder, 'empty'), { recursive: true });
    const result = await run('runs', 'empty', '--json');
    assert.deepEqual([result.stdout, result.code], ['', 0]);
  });

  it('resume extends a finished run', async () => {
    const result = await run('resume', directory, '--epochs', '5', '--json');
    assert.equal(result.code, 0, result.stderr);
    const lines = jsonLines(result.stdout);
    assert.deepEqual(
      lines.map(({ type, epoch }) => [type, epoch]),
      [
        ['epoch', 4],
        ['epoch', 5],
        ['end', undefined],
      ],
    );
  });
});
