/** The two Node versions the core is held to: the shipped one, and the oldest we support for development. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fail, npm, root } from '../src/build/setup.mjs';

const oldest = '20.20.2';

const runtimePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const runtimeBinary = path.join('bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** The Node that the extension ships for this platform. */
export function shippedNode() {
  for (const name of [runtimePackage, `node-bin-${process.platform}-${process.arch}`]) {
    const binary = path.join(root, 'node_modules', name, runtimeBinary);
    if (existsSync(binary)) return binary;
  }
  return fail(`No Node runtime is packaged for ${process.platform}-${process.arch}.`);
}

/** Node 20: the caller's own if it is that, else from the npm registry into a cache folder. */
export function nodeForOldestVersion() {
  if (process.versions.node.startsWith('20.')) return process.execPath;
  const cache = process.env.TRAINBENCH_CACHE ?? path.join(os.homedir(), '.cache', 'trainbench');
  const folder = path.join(cache, `node-${oldest}`);
  const binary = path.join(folder, 'node_modules', runtimePackage, runtimeBinary);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    npm([
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${runtimePackage}@${oldest}`,
    ]);
  }
  return spawnSync(binary, ['--version']).status === 0 ? binary : fail(`${binary} does not run.`);
}
