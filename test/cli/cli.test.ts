/** The built `trainbench`: its words, exit codes, and what it says of configs, as JSON and for people. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtBundle, repositoryRoot } from '../kit/realCore.ts';
import { assertNoStack, jsonLines, runCli } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

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
    ['refuses an unknown option', ['train', 'x', '--epoch', '3'], 2, /--epoch[^]*Usage: /],
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
      devices
        .filter(({ device }) => device !== 'webgpu') // as the machine has it
        .map(({ type, device, usable }) => [type, device, usable]),
      [
        ['device', 'auto', true],
        ['device', 'cpu', true],
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
      const closing = /no problems: classification; 30 training, 10 validation, .*; 42 parameters/;
      if (json.length === 0) assert.match(result.stderr, closing);
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
