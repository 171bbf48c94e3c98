/**
 * `install-cuda` and device `cuda` from end to end: npm installs a package of the test's own that stands for TensorFlow's
 * addon (plain TensorFlow.js under its name), and the run trains in a process on a Node that the addon works on.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { assertClose } from '../kit/close.ts';
import { assertNoStack, jsonLines, runCli } from '../kit/runCli.ts';
import { builtBundle } from '../kit/realCore.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { tolerances } from '../kit/tolerance.ts';

const plain = createRequire(import.meta.url).resolve('@tensorflow/tfjs');

interface FakePackage {
  /** Of its main file. */
  readonly code?: string;
  readonly install?: string;
}

function writePackage(folder: string, { code, install }: FakePackage): string {
  mkdirSync(folder, { recursive: true });
  const scripts = install === undefined ? {} : { install };
  const manifest = { name: '@tensorflow/tfjs-node-gpu', version: '4.22.0', main: 'i.js', scripts };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    path.join(folder, 'i.js'),
    code ?? `module.exports = require(${JSON.stringify(plain)});`,
  );
  return `file:${folder}`;
}

describe('device cuda', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let project: TinyProject;
  before(() => (project = createTinyProject()));
  after(() => project.remove());

  function machine(fake: FakePackage) {
    const storage = folder();
    const environment = {
      TRAINBENCH_STORAGE: storage,
      TRAINBENCH_TENSORFLOW_PACKAGE: writePackage(path.join(folder(), 'package'), fake),
    };
    const run = (...words: string[]) => runCli(words, { cwd: project.folder, environment });
    return { storage, run };
  }

  it('is installed, listed, trained on and taken away; TensorFlow loads for it alone', async () => {
    const loads = path.join(folder(), 'loads');
    writeFileSync(loads, '');
    const countLoads = () => readFileSync(loads, 'utf8').length;
    const code = `require('node:fs').appendFileSync(${JSON.stringify(loads)}, '1');
module.exports = require(${JSON.stringify(plain)});`;
    const { storage, run } = machine({ code });
    const before = await run('devices');
    assert.match(before.stdout, /- cuda +not installed: run "Install CUDA Backend"/);

    const installed = await run('install-cuda');
    assert.equal(installed.code, 0, installed.stderr);
    assert.match(installed.stdout, /device "cuda" can be used: TensorFlow\.js 4\.\d+\.\d+, cpu/);
    assert.match((await run('devices')).stdout, /\+ cuda +TensorFlow\.js .* \(tfjs\)/);

    const losses = async (device: string) => {
      const { stdout, stderr, code } = await run(
        'train',
        'tiny.train.yaml',
        '--device',
        device,
        '--json',
      );
      assert.equal(code, 0, stderr);
      const lines = jsonLines(stdout);
      const backend = device === 'cuda' ? 'tfjs' : 'wasm';
      assert.equal(lines.at(-1)!['backend'], backend);
      return lines.filter(({ type }) => type === 'epoch').map(({ loss }) => Number(loss));
    };
    const counts = [countLoads()];
    const cpu = await losses('cpu');
    counts.push(countLoads());
    const cuda = await losses('cuda');
    counts.push(countLoads());
    // To try it, to describe what was installed, and for the list; then for the run on it alone.
    assert.deepEqual(counts, [3, 3, 4]);
    assert.ok(cpu.length > 0);
    assertClose(cuda, cpu, tolerances.training);

    assert.match((await run('install-cuda', '--remove')).stdout, /taken away/);
    assert.ok(!existsSync(path.join(storage, 'cuda')));
  });

  it('brings nothing of TensorFlow.js in the bundles', () => {
    for (const bundle of ['core.cjs', 'tensorflow.cjs', 'cli.cjs', 'extension.cjs'] as const) {
      assert.doesNotMatch(
        readFileSync(builtBundle(bundle), 'utf8'),
        /tfjs-backend-cpu|registerKernel/,
      );
    }
  });

  it('tells the whole failure of npm, keeps what was there, and leaves no rest', async () => {
    const install = 'echo "Error: libtensorflow is not to be had" >&2; exit 3';
    const { storage, run } = machine({ install });
    const failed = await run('install-cuda');
    const { code, stderr } = failed;
    assert.equal(code, 1);
    assertNoStack(failed);
    assert.match(
      stderr,
      /npm could not install TensorFlow \(Error: libtensorflow is not to be had\)/,
    );
    assert.match(stderr, /libtensorflow is not to be had/);
    assert.deepEqual(readdirSync(path.join(storage, 'cuda')), ['install.log']);
    const log = readFileSync(path.join(storage, 'cuda', 'install.log'), 'utf8');
    assert.match(log, /libtensorflow is not to be had/);
    const { stderr: refused, code: no } = await run('train', 'tiny.train.yaml', '--device', 'cuda');
    assert.equal(no, 1);
    assert.match(refused, /device "cuda" cannot be used: not installed/);
  });

  it('says what a package says that is installed but does not load', async () => {
    const { run } = machine({ code: 'throw new Error("libcudart.so.11.0: cannot open");' });
    const { code, stderr } = await run('install-cuda');
    assert.equal(code, 1);
    assert.match(stderr, /TensorFlow does not load: .*libcudart\.so\.11\.0/);
  });

  it('is refused where the package finds no GPU', async () => {
    const code = `const tf = require(${JSON.stringify(plain)});
tf.backend().isUsingGpuDevice = false;
module.exports = tf;`;
    const { run } = machine({ code });
    const { stdout } = await run('install-cuda');
    assert.match(stdout, /cannot be used: TensorFlow is installed but finds no GPU/);
    const { stderr } = await run('train', 'tiny.train.yaml', '--device', 'cuda');
    assert.match(stderr, /finds no GPU that it can use/);
  });

  it('keeps the run and the core where the process of TensorFlow dies', async () => {
    const code = `const tf = require(${JSON.stringify(plain)});
let reads = 0;
module.exports = Object.create(tf, {
  stack: { value: (...args) => (++reads > 8 ? process.kill(process.pid, 'SIGKILL') : tf.stack(...args)) },
});`;
    const { run } = machine({ code });
    assert.equal((await run('install-cuda')).code, 0);
    const ended = await run('train', 'tiny.train.yaml', '--device', 'cuda', '--json');
    assert.equal(ended.code, 1);
    const end = jsonLines(ended.stdout).at(-1)!;
    assert.equal(end['status'], 'failed');
    assert.match(JSON.stringify(end), /TensorFlow's process is gone .*SIGKILL.*last checkpoint/);
    assert.ok(existsSync(path.resolve(project.folder, String(end['run']), 'run.json')));
  });
});
