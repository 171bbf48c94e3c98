/** Every command of the built `trainbench`: what it prints, as JSON and for people, and its exit code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtBundle, repositoryRoot } from '../kit/realCore.ts';
import { jsonLines, runCli } from '../kit/runCli.ts';
import type { CliResult } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

/** An address in the output of a failed command is a bug of ours, whatever the exit code. */
function assertNoStack({ stdout, stderr }: CliResult): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .*:\d+:\d+/m);
  assert.doesNotMatch(stdout + stderr, /internal:/);
}

describe('trainbench', () => {
  let project: TinyProject;
  before(() => (project = createTinyProject()));
  after(() => project.remove());
  const run = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    runCli(words, { cwd: project.folder, environment });

  for (const [title, words, code, expected] of [
    ['without a command shows help', [], 2, /Usage: trainbench COMMAND/],
    ['--help shows help', ['--help'], 0, /Usage: trainbench COMMAND/],
    ['--version says which build', ['--version'], 0, /^trainbench 0\.1\.0 \(\w+\)\n$/],
    ['refuses an unknown command', ['tarin'], 2, /no command "tarin"/],
    ['refuses an unknown option', ['train', 'x', '--epoch', '3'], 2, /'--epoch'[^]*Usage: /],
    ['refuses a missing argument', ['resume'], 2, /RUN is missing/],
    [
      'refuses a config that is not there',
      ['train', 'no.train.yaml'],
      2,
      /no\.train\.yaml: there is no such file/,
    ],
    ['refuses a folder as config', ['validate', '.'], 2, /: it is a folder/],
    ['refuses a run that is not there', ['resume', 'no'], 2, /no is not a run/],
    ['refuses predict without rows', ['predict', 'x'], 2, /--input JSON or --csv FILE/],
    ['refuses rows that are no JSON', ['predict', 'x', '--input', '{'], 2, /--input is not JSON/],
    ['refuses rows that are no rows', ['predict', 'x', '--input', '[1]'], 2, /must be an object/],
    ['refuses an unknown format', ['export', 'x', '--format', 'h5'], 2, /one of pt, safetensors/],
    ['refuses a device that is none', ['train', 'x', '--device', 'gpu'], 2, /it is "gpu"/],
    ['refuses a seed too large', ['train', 'x', '--seed', '4294967296'], 2, /from 0 to 4294967295/],
    ['says why a device cannot train', ['train', 'tiny.train.yaml', '--device', 'cuda'], 1, /cuda/],
  ] as const) {
    it(title, async () => {
      const result = await run(words);
      assert.match(result.stdout + result.stderr, expected);
      assert.equal(result.code, code);
      assertNoStack(result);
    });
  }

  it('devices lists each, usable or with the reason', async () => {
    const { stdout, code } = await run(['devices', '--json']);
    assert.equal(code, 0);
    const devices = jsonLines(stdout);
    assert.deepEqual(
      devices.map(({ type, device, usable }) => [type, device, usable]),
      [
        ['device', 'auto', true],
        ['device', 'cpu', true],
        ['device', 'webgpu', false],
        ['device', 'cuda', false],
      ],
    );
    const forPeople = await run(['devices']);
    for (const { reason } of devices) assert.ok(forPeople.stdout.includes(String(reason)));
  });

  it('names a bad runtime instead of failing in it', async () => {
    const result = await run(['devices'], { TRAINBENCH_NODE: '/no/such/node' });
    assert.match(result.stderr, /TRAINBENCH_NODE is "\/no\/such\/node"/);
    assert.equal(result.code, 1);
    assertNoStack(result);
  });

  it('summary shows layers, shapes and parameters', async () => {
    const { stdout, code } = await run(['summary', 'tiny.train.yaml']);
    assert.equal(code, 0);
    for (const text of ['hidden', 'out', '24', '18', '42']) assert.ok(stdout.includes(text), text);
    const [summary] = jsonLines((await run(['summary', 'tiny.train.yaml', '--json'])).stdout);
    assert.equal(summary!['parameters'], 2 * 8 + 8 + 8 * 2 + 2);
  });

  it('works through a link from any folder, as an installed command', function () {
    if (process.platform === 'win32') this.skip(); // npm makes a .cmd there
    const link = path.join(project.folder, 'trainbench');
    symlinkSync(builtBundle('cli.cjs'), link);
    const { stdout, status } = spawnSync(process.execPath, [link, 'devices', '--json'], {
      cwd: '/',
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.equal(jsonLines(stdout).length, 4);
  });

  it('takes relative paths from where npm was called', async () => {
    const result = await runCli(['validate', 'tiny.train.yaml'], {
      cwd: repositoryRoot.replace(/[/\\]$/, ''),
      environment: {
        INIT_CWD: project.folder,
        npm_package_json: path.join(repositoryRoot, 'package.json'),
      },
    });
    assert.equal(result.code, 0, result.stderr);
  });
});

describe('trainbench validate', () => {
  let project: TinyProject;
  before(() => (project = createTinyProject()));
  after(() => project.remove());

  const bad = `version: 1
task: classification
data:
  path: tiny.csv
  features: [x, z]
  target: side
  split: { train: 0.75, validation: 0.5 }
model:
  - { type: Dense, unts: 8, activation: tanh }
training:
  epochs: 0
  batch_size: 8
  optimizer: { type: Adam }
  loss: sparse_categorical_crossentropy
`;

  it('prints a line for each problem and exits with 2', async () => {
    writeFileSync(path.join(project.folder, 'bad.train.yaml'), bad);
    const result = await runCli(['validate', 'bad.train.yaml'], { cwd: project.folder });
    assert.equal(result.code, 2);
    const lines = result.stdout.trimEnd().split('\n');
    for (const line of lines) {
      assert.match(line, /^bad\.train\.yaml:\d+:\d+ (error|warning|info) [\w.]+ \S/);
    }
    const errorLines = lines.flatMap((l) => /^bad\.train\.yaml:(\d+):\d+ error/.exec(l)?.[1] ?? []);
    for (const line of ['7', '9', '11']) assert.ok(errorLines.includes(line), `line ${line}`);
    assert.match(result.stdout, /did you mean `units`/);
    assertNoStack(result);
  });

  it('prints the same as objects', async () => {
    const { stdout, code } = await runCli(['validate', 'bad.train.yaml', '--json'], {
      cwd: project.folder,
    });
    assert.equal(code, 2);
    const plain = await runCli(['validate', 'bad.train.yaml'], { cwd: project.folder });
    const objects = jsonLines(stdout);
    assert.deepEqual(
      objects.map(({ file, line, column, severity, code: name }) =>
        [`${String(file)}:${String(line)}:${String(column)}`, severity, name].join(' '),
      ),
      plain.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ').slice(0, 3).join(' ')),
    );
    assert.ok(objects.every(({ type, message }) => type === 'diagnostic' && message !== ''));
  });

  it('prints nothing on stdout for a good config and exits with 0', async () => {
    for (const json of [[], ['--json']]) {
      const result = await runCli(['validate', 'tiny.train.yaml', ...json], {
        cwd: project.folder,
      });
      assert.equal(result.stdout, '');
      assert.equal(result.code, 0);
    }
  });

  it('train refuses the same config with the same lines, and begins no run', async () => {
    const result = await runCli(['train', 'bad.train.yaml'], { cwd: project.folder });
    assert.equal(result.code, 2);
    assert.match(result.stderr, /bad\.train\.yaml:9:\d+ error/);
    assert.equal(existsSync(path.join(project.folder, 'runs')), false);
    assertNoStack(result);
  });

  it('train --json ends with an end that has failed', async () => {
    const { stdout, code } = await runCli(['train', 'bad.train.yaml', '--json'], {
      cwd: project.folder,
    });
    assert.equal(code, 2);
    const [end, ...more] = jsonLines(stdout);
    assert.deepEqual(more, []);
    assert.equal(end!['type'], 'end');
    assert.equal(end!['status'], 'failed');
    assert.equal(end!['run'], null);
  });
});

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
    assert.match(result.stderr, /1 of 2 rows are not predicted/);
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

describe('trainbench with a core that dies', () => {
  it('fails with how it ended, as text and as JSON', async function () {
    if (process.platform === 'win32') this.skip(); // the stand-in is a shell script
    const project = createTinyProject();
    const node = path.join(project.folder, 'node');
    writeFileSync(node, '#!/bin/sh\necho "out of memory" >&2\nexit 7\n', { mode: 0o755 });
    const result = await runCli(['train', 'tiny.train.yaml', '--json'], {
      cwd: project.folder,
      environment: { TRAINBENCH_NODE: node },
    });
    project.remove();
    assert.equal(result.code, 1);
    assert.match(result.stderr, /ended with code 7; it last printed:\nout of memory/);
    const [end] = jsonLines(result.stdout);
    assert.deepEqual([end!['type'], end!['status']], ['end', 'failed']);
    assert.equal((end!['error'] as { code: string }).code, 'core.exited');
  });
});

describe('Ctrl+C', () => {
  it('stops, keeps the run, and resume goes on from there', async function () {
    if (process.platform === 'win32') this.skip(); // no signals between processes
    const project = createTinyProject({ epochs: 1_000_000 });
    let interrupted = false;
    const stopped = await runCli(['train', 'tiny.train.yaml', '--json'], {
      cwd: project.folder,
      onStdout(stdout, child) {
        if (interrupted || !stdout.includes('\n')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    });
    assert.equal(stopped.code, 0, stopped.stderr);
    const end = jsonLines(stopped.stdout).at(-1)!;
    assert.deepEqual([end['type'], end['status']], ['end', 'stopped']);
    const done = jsonLines(stopped.stdout).length - 1;
    const more = await runCli(
      ['resume', String(end['run']), '--epochs', String(done + 2), '--json'],
      {
        cwd: project.folder,
      },
    );
    assert.equal(more.code, 0, more.stderr);
    assert.equal(jsonLines(more.stdout).at(-2)!['epoch'], done + 2);
    project.remove();
  });
});
