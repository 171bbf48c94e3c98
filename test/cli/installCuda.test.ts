/**
 * `install-cuda` with an npm of the test's own, which tells how it was called and makes the packages itself: the Node that
 * TensorFlow is given, its build for processors, and an installation that is cancelled.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installed } from '../../src/core/cuda/installation.ts';
import { isAlive } from '../../src/core/system/isAlive.ts';
import { runtimePackages } from '../../src/coreProcess/runtime.ts';
import { runCli } from '../kit/runCli.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

const plain = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
const isPosix = process.platform !== 'win32';

/** As `npm install --prefix FOLDER ... SPEC` does; a Node package is a script that runs this one. */
const fakeNpm = (calls: string) => `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const words = process.argv.slice(2);
const prefix = words[words.indexOf('--prefix') + 1];
const spec = words.at(-1);
const name = spec.slice(0, spec.lastIndexOf('@'));
const call = { spec, words, firstOnPath: process.env.PATH.split(path.delimiter)[0], pid: process.pid };
fs.appendFileSync(${JSON.stringify(calls)}, JSON.stringify(call) + '\\n');
if (fs.existsSync(${JSON.stringify(`${calls}.hang`)})) {
  console.log('downloading libtensorflow');
  setInterval(() => 0, 1000);
} else {
  const folder = path.join(prefix, 'node_modules', name);
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
  if (name.startsWith('node-')) fs.symlinkSync(process.execPath, path.join(folder, 'bin', 'node'));
  const manifest = { name, version: '1.0.0', main: 'index.js' };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'index.js'), 'module.exports = require(${JSON.stringify(plain)});');
}
`;

interface Call {
  readonly spec: string;
  readonly words: readonly string[];
  readonly firstOnPath: string;
  readonly pid: number;
}

/** A program that says it is this version of Node, and is the one that runs the tests. */
function fakeNode(version: string): string {
  return `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else exec ${process.execPath} "$@"; fi\n`;
}

(isPosix ? describe : describe.skip)('the installation of TensorFlow', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  /** Whose PATH has this npm and a Node of that version alone. */
  function machine(version: string) {
    const [storage, programs, calls] = [folder(), folder(), path.join(folder(), 'calls')];
    for (const [name, text] of [
      ['npm', fakeNpm(calls)],
      ['node', fakeNode(version)],
    ] as const) {
      mkdirSync(programs, { recursive: true });
      writeFileSync(path.join(programs, name), text);
      chmodSync(path.join(programs, name), 0o755);
    }
    mkdirSync(path.dirname(calls), { recursive: true });
    writeFileSync(calls, '');
    const environment = {
      PATH: programs,
      TRAINBENCH_STORAGE: storage,
      TRAINBENCH_TENSORFLOW_PACKAGE: undefined,
    };
    const cwd = path.dirname(calls);
    return {
      programs,
      root: path.join(storage, 'cuda'),
      run: (...words: string[]) => runCli(words, { cwd, environment }),
      /** npm hangs; `onStart` has the process of the command. */
      hang: (onStart: (child: ChildProcess) => void) => {
        writeFileSync(`${calls}.hang`, '');
        return runCli(['install-cuda'], { cwd, environment, onStart });
      },
      calls: () =>
        readFileSync(calls, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Call),
    };
  }

  function installed(root: string): Installed {
    const text = readFileSync(path.join(root, 'installed.json'), 'utf8');
    return JSON.parse(text) as Installed;
  }

  it('takes a Node 22 from the PATH', async () => {
    const { run, calls, root, programs } = machine('v22.11.0');
    const { code, stderr } = await run('install-cuda');
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      calls().map(({ spec }) => spec),
      ['@tensorflow/tfjs-node-gpu@4.22.0'],
    );
    assert.equal(calls()[0]!.firstOnPath, programs);
    const { kind, node } = installed(root);
    assert.deepEqual([kind, node], ['gpu', path.join(programs, 'node')]);
    assert.match((await run('devices')).stdout, /\+ cuda +TensorFlow\.js/);
  });

  it('brings a Node 22 where that on the PATH is too new, and runs scripts of packages on it', async () => {
    const { run, calls, root } = machine('v26.1.0');
    const { code, stderr } = await run('install-cuda');
    assert.equal(code, 0, stderr);
    const [nodePackage = ''] = runtimePackages(process.platform, process.arch);
    const [first, second] = calls();
    assert.deepEqual(
      [first!.spec, second!.spec.split('@')[1]],
      [`${nodePackage}@^22`, 'tensorflow/tfjs-node-gpu'],
    );
    assert.ok(
      first!.words.includes('--ignore-scripts') && !second!.words.includes('--ignore-scripts'),
    );
    const { folder: own, node } = installed(root);
    assert.equal(node, path.join(own, 'node_modules', nodePackage, 'bin', 'node'));
    assert.equal(second!.firstOnPath, path.dirname(path.join(root, node)));
    assert.match((await run('devices')).stdout, /\+ cuda +TensorFlow\.js/);
  });

  it('takes the build for processors where that is asked for', async () => {
    const { run, calls, root } = machine('v20.10.0');
    const { code, stdout, stderr } = await run('install-cuda', '--cpu');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /device "cuda" can be used/);
    assert.deepEqual(
      calls().map(({ spec }) => spec),
      ['@tensorflow/tfjs-node@4.22.0'],
    );
    assert.equal(installed(root).kind, 'cpu');
  });

  it('that is cancelled ends npm, and keeps what was there before', async () => {
    const { run, hang, calls, root } = machine('v22.11.0');
    assert.equal((await run('install-cuda', '--cpu')).code, 0);
    const before = readdirSync(root).sort();

    let child: ChildProcess | null = null;
    const hanging = hang((started) => (child = started));
    await until('npm to hang', () => calls().length === 2);
    const { pid } = calls()[1]!;
    child!.kill('SIGINT');
    const { code, stdout } = await hanging;
    assert.notEqual(code, 0);
    assert.doesNotMatch(stdout, /can be used/);
    await until('npm to be gone', () => !isAlive(pid));
    assert.deepEqual(readdirSync(root).sort(), before);
    assert.equal(installed(root).kind, 'cpu');
  });
});

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited for ${what}`);
    await sleep(20);
  }
}
