/** The client and a real forked core. */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startCoreAnywhere } from '../../src/coreProcess/coreClient.ts';
import { protocolVersion } from '../../src/shared/protocol/version.ts';
import { isError } from '../../src/shared/errors.ts';
import { builtBundle, disposeCores, forkRealCore } from '../kit/realCore.ts';

/** A core that misbehaves: its script stands in for the bundle. */
function fakeBundle(folder: string, script: string): string {
  const file = path.join(folder, 'fakeCore.cjs');
  writeFileSync(file, script);
  return file;
}

const hello = (protocol: number) =>
  `process.send({ kind: 'hello', protocol: ${protocol}, build: 'source' });`;

describe('a forked core', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-core-'));
  });
  afterEach(async () => {
    await disposeCores();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shakes hands and lists devices with reasons', async () => {
    const { client } = forkRealCore();
    await client.ready;
    const { devices } = await client.request('device/list', {});
    assert.deepEqual(
      devices
        .filter(({ device }) => device !== 'webgpu') // as the machine has it
        .map(({ device, usable }) => [device, usable]),
      [
        ['auto', true],
        ['cpu', true],
        ['cuda', false],
      ],
    );
    assert.ok(devices.some(({ device }) => device === 'webgpu'));
    for (const { reason } of devices) assert.notEqual(reason, '');
  });

  it('runs on the Node that is shipped, where it is installed', function () {
    const { runtime } = forkRealCore();
    if (runtime.kind !== 'shipped') this.skip(); // its package is optional
    assert.match(runtime.executable, /node_modules.node-/);
  });

  it('runs on a Node that is named', async () => {
    const core = forkRealCore({ nodePath: process.execPath });
    assert.equal(core.runtime.executable, process.execPath);
    await core.client.ready;
  });

  it('starts whatever NODE_OPTIONS says, which is meant for another Node', async () => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = '--no-such-option';
    try {
      await forkRealCore().client.ready;
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  });

  it('opens its inspector where TRAINBENCH_CORE_INSPECT asks for it', async () => {
    process.env['TRAINBENCH_CORE_INSPECT'] = '0'; // any free port
    try {
      let output = '';
      const core = forkRealCore({ onOutput: (text) => (output += text) });
      await core.client.ready;
      assert.match(output, /Debugger listening/);
    } finally {
      delete process.env['TRAINBENCH_CORE_INSPECT'];
    }
  });

  it('gives diagnostics of a config as data', async () => {
    const file = path.join(folder, 'bad.train.yaml');
    writeFileSync(file, 'task: classification\nmodel: []\ntrainin: {}\n');
    const { client } = forkRealCore();
    const { diagnostics } = await client.request('config/validate', { file });
    assert.ok(
      diagnostics.some(({ start, code }) => start.line === 3 && code === 'config.unknownKey'),
    );
    assert.deepEqual((await client.request('config/check', { file })).diagnostics, diagnostics);
    assert.deepEqual(
      diagnostics.map(({ start }) => start.line),
      diagnostics.map(({ start }) => start.line).sort((a, b) => a - b),
    );
  });

  it('checks a config without its data, which need not be there', async () => {
    const file = path.join(folder, 'early.train.yaml');
    const sample = readFileSync('samples/penguins/penguins.train.yaml', 'utf8');
    writeFileSync(file, sample.replace('penguins.csv', 'later.csv'));
    const { client } = forkRealCore();
    assert.deepEqual((await client.request('config/check', { file })).diagnostics, []);
    const { diagnostics } = await client.request('config/validate', { file });
    assert.match(diagnostics[0]?.message ?? '', /later\.csv/);
  });

  it('runs on the next Node where ours cannot run on this machine', async () => {
    const tooNew = (file: string) => {
      mkdirSync(path.dirname(file), { recursive: true });
      const script = '#!/bin/sh\necho "libc.so.6: version GLIBC_2.99 not found" >&2\nexit 1\n';
      writeFileSync(file, script, { mode: 0o755 });
    };
    const { platform, arch, env } = process;
    tooNew(path.join(folder, 'node_modules', `node-${platform}-${arch}`, 'bin', 'node'));
    tooNew(path.join(folder, 'path', 'node'));
    const bundle = path.join(folder, 'dist', 'core.cjs');
    mkdirSync(path.dirname(bundle));
    symlinkSync(builtBundle('core.cjs'), bundle);
    const before = env['PATH'];
    env['PATH'] = path.join(folder, 'path');
    try {
      const core = await startCoreAnywhere({ bundle });
      const { kind, executable, reason } = core.runtime;
      assert.deepEqual({ kind, executable }, { kind: 'host', executable: process.execPath });
      assert.match(reason, /the Node that comes with Trainbench cannot run on this machine/);
      const { devices } = await core.client.request('device/list', {});
      assert.ok(devices.length > 0);
      await core.dispose();
    } finally {
      env['PATH'] = before;
    }
  });

  it('answers for a file that is not there', async () => {
    const file = path.join(folder, 'none.train.yaml');
    await assert.rejects(forkRealCore().client.request('config/validate', { file }), {
      code: 'file.notFound',
    });
  });

  it('of another protocol version is refused with both named', async () => {
    const core = forkRealCore({
      bundle: fakeBundle(folder, `${hello(999)} process.on('disconnect', () => process.exit());`),
    });
    await assert.rejects(core.client.ready, (error: unknown) => {
      assert.ok(isError(error, 'core.versionMismatch') && error instanceof Error);
      assert.match(error.message, /protocol 999/);
      assert.match(error.message, new RegExp(`protocol ${protocolVersion}\\b`));
      return true;
    });
  });

  it('that crashes fails the call in flight with its last words, and later calls at once', async () => {
    const crash = `${hello(protocolVersion)} process.on('message', () => { throw new Error('out of luck'); });`;
    const { client } = forkRealCore({ bundle: fakeBundle(folder, crash) });
    const expected = (error: unknown) => {
      assert.ok(isError(error, 'core.exited') && error instanceof Error);
      assert.match(error.message, /out of luck/);
      return true;
    };
    await assert.rejects(client.request('device/list', {}), expected);
    await assert.rejects(client.request('device/list', {}), expected);
  });

  it('that is killed says by which signal', async () => {
    const core = forkRealCore();
    await core.client.ready;
    process.kill(core.pid!, 'SIGKILL');
    assert.match(await core.exited, /by signal SIGKILL/);
    await assert.rejects(core.client.request('device/list', {}), { code: 'core.exited' });
  });

  it('that cannot be run says on which program', async () => {
    const notNode = path.join(folder, 'node');
    writeFileSync(notNode, 'neither a script nor a binary\u0000', { mode: 0o755 });
    const core = forkRealCore({ nodePath: notNode });
    await assert.rejects(core.client.ready, { code: 'core.exited' });
    assert.match(await core.exited, /could not be run on|ended with code/);
  });

  it('leaves when it is disposed of, and fails what was asked after', async () => {
    const core = forkRealCore();
    await core.client.ready;
    await core.dispose();
    assert.equal(await core.exited, 'the core process ended with code 0');
    await assert.rejects(core.client.request('device/list', {}), { code: 'core.exited' });
  });

  it('ignores the Ctrl+C that a terminal sends to the whole group', async () => {
    const core = forkRealCore();
    await core.client.ready;
    process.kill(core.pid!, 'SIGINT');
    await core.client.request('device/list', {});
  });

  it('goes when its parent is killed', async () => {
    const parent = `
      const { fork } = require('node:child_process');
      const core = fork(process.argv[2], { serialization: 'advanced' });
      core.on('message', () => process.send(core.pid));`;
    const file = path.join(folder, 'parent.cjs');
    writeFileSync(file, parent);
    const child = fork(file, [builtBundle('core.cjs')], { execArgv: [] });
    const [corePid] = (await once(child, 'message')) as [number];
    child.kill('SIGKILL');
    await once(child, 'exit');
    await waitUntilGone(corePid);
  });

  it('explains itself to whoever runs it by hand', () => {
    const { status, stderr } = spawnSync(process.execPath, [builtBundle('core.cjs')], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /started by `trainbench` or VS Code/);
  });
});

/** Polls, because nobody but its dead parent is told of the end of a process. */
async function waitUntilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
