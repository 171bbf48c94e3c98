/**
 * Makes a fresh checkout ready: installs the npm packages of the lock file when they are missing or stale.
 * Plain JavaScript on Node's own modules, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const oldestNode = 20;

/** Runs a program in the repository root with its output shown; exits the process when it fails. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) fail(`${program} could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`${program} ${args.join(' ')} failed (exit ${result.status})`);
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The npm that started us, run by the same Node; `npm` on the PATH otherwise. */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) run(process.execPath, [cli, ...args], options);
  else
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
      shell: process.platform === 'win32',
      ...options,
    });
}

/** Installs the locked packages once; a stamp with the lock's hash recognises a finished install. */
export function installPackages() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode)
    fail(`Trainbench needs Node ${oldestNode} or newer; this is ${process.version}.`);
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules', '.trainbench-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stdout.write('Installing packages (npm ci) ...\n');
  // No package needs its install script: esbuild and Node come as binaries inside platform packages.
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}
