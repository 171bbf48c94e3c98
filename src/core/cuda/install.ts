/**
 * Installs TensorFlow for Node, with a Node that it works on, into Trainbench's storage: in a new folder, which takes
 * over only once the package has loaded. Whatever fails or is cancelled leaves what was there before.
 */
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { runtimePackages } from '../../coreProcess/runtime.ts';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { openTensorFlow } from './cudaBackend.ts';
import {
  type Installed,
  type PackageKind,
  cudaFolder,
  findNode,
  installationIn,
  packageNames,
  packageVersion,
  programsOnPath,
} from './installation.ts';
import { npmInstall } from './runNpm.ts';
import type { NpmRun } from './runNpm.ts';

export interface InstallOptions {
  readonly kind: PackageKind;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** What is installed if no other Node that the addon works on is here. */
const nodeVersion = '^22';

/** @throws AppError `device.install` with npm's output, or that of loading the package. */
export async function installCuda({ kind, signal, onProgress }: InstallOptions): Promise<void> {
  const root = cudaFolder();
  const folder = path.join(root, `${Date.now()}`);
  const log = path.join(root, 'install.log');
  await fs.mkdir(folder, { recursive: true });
  try {
    await fs.writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
    await fs.writeFile(log, '');
    const run = { npm: findNpm(), log, signal, onLine: onProgress };
    const node = findNode() ?? (await installNode(folder, run));
    onProgress(say`Installing ${packageNames[kind]}`);
    await npmInstall([packageSpec(kind)], folder, { ...run, node });
    onProgress(say('Loading TensorFlow'));
    await tryLoading(installationIn(folder, kind, node));
    signal.throwIfAborted();
    await takeOver(root, { folder: path.basename(folder), kind, node: relativeNode(root, node) });
  } catch (error) {
    await fs.rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** @returns whether there was something */
export async function removeCuda(): Promise<boolean> {
  const root = cudaFolder();
  const wasThere = existsSync(root);
  await fs.rm(root, { recursive: true, force: true });
  return wasThere;
}

function findNpm(): string {
  const [npm] = programsOnPath('npm');
  if (npm !== undefined) return npm;
  throw new AppError(
    'device.install',
    say(
      'npm, which fetches TensorFlow, is not on the PATH: install Node.js 22, which brings it, and try again',
    ),
  );
}

async function installNode(folder: string, run: Omit<NpmRun, 'node'>): Promise<string> {
  run.onLine(say('Installing a Node.js that TensorFlow works on'));
  const names = runtimePackages(process.platform, process.arch);
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    const words = ['--ignore-scripts', `${name}@${nodeVersion}`];
    const done = await npmInstall(words, folder, { ...run, node: null }).then(
      () => true,
      (error: unknown) => {
        if (isLast || run.signal.aborted) throw error;
        return false; // the platform's Node has the other name
      },
    );
    if (done) return path.join(folder, 'node_modules', name, 'bin', program);
  }
  throw new AppError('internal', 'internal: no name of a Node package');
}

/** Tests install a package of their own. */
function packageSpec(kind: PackageKind): string {
  return process.env['TRAINBENCH_TENSORFLOW_PACKAGE'] || `${packageNames[kind]}@${packageVersion}`;
}

async function tryLoading(installation: Parameters<typeof openTensorFlow>[0]): Promise<void> {
  const { close } = await openTensorFlow(installation);
  close();
}

/** Ours moves with the folder; another one stays where it is. */
function relativeNode(root: string, node: string): string {
  const relative = path.relative(root, node);
  return relative.startsWith('..') ? node : relative;
}

async function takeOver(root: string, installed: Installed): Promise<void> {
  const file = path.join(root, 'installed.json');
  await fs.writeFile(`${file}.new`, JSON.stringify(installed));
  await fs.rename(`${file}.new`, file);
  const others = (await fs.readdir(root)).filter(
    (name) => /^\d+$/.test(name) && name !== installed.folder,
  );
  for (const name of others) await fs.rm(path.join(root, name), { recursive: true, force: true });
}
