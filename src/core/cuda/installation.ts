/** Where TensorFlow for CUDA is, if anywhere: in Trainbench's storage, or as the optional peer dependency beside us. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TensorFlowPlace } from './cudaBackend.ts';

export const packageNames = {
  gpu: '@tensorflow/tfjs-node-gpu',
  cpu: '@tensorflow/tfjs-node',
} as const;
export type PackageKind = keyof typeof packageNames;

/** The version that Trainbench is tested with. */
export const packageVersion = '4.22.0';

/** What `installed.json` says; paths relative to its folder, so that it may move. */
export interface Installed {
  readonly folder: string;
  readonly kind: PackageKind;
  readonly node: string;
}

export interface Installation extends TensorFlowPlace {
  readonly kind: PackageKind;
}

/** Majors of Node that the addon works on: later ones have dropped a function that it calls. */
const workingMajors = [22, 20];

export function cudaFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { TRAINBENCH_STORAGE: storage, XDG_DATA_HOME, LOCALAPPDATA } = environment;
  const data =
    process.platform === 'win32'
      ? LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local')
      : XDG_DATA_HOME || path.join(os.homedir(), '.local', 'share');
  return path.join(storage || path.join(data, 'trainbench'), 'cuda');
}

/** @returns null where there is none, or none whose Node is here */
export function findInstallation(): Installation | null {
  return installed() ?? peer();
}

function installed(): Installation | null {
  const root = cudaFolder();
  try {
    const text = readFileSync(path.join(root, 'installed.json'), 'utf8');
    const { folder, kind, node } = JSON.parse(text) as Installed;
    return installationIn(path.join(root, folder), kind, path.resolve(root, node));
  } catch {
    return null; // never installed, or taken away
  }
}

/** @throws where the package is not there */
export function installationIn(folder: string, kind: PackageKind, node: string): Installation {
  accessSync(node, constants.X_OK);
  const resolve = createRequire(path.join(folder, 'package.json')).resolve;
  return { kind, node, module: resolve(packageNames[kind]), bundle: bundlePath() };
}

function peer(): Installation | null {
  try {
    const module = createRequire(import.meta.url).resolve(packageNames.gpu);
    const node = findNode();
    return node === null ? null : { kind: 'gpu', node, module, bundle: bundlePath() };
  } catch {
    return null;
  }
}

function bundlePath(): string {
  return fileURLToPath(new URL('tensorflow.cjs', import.meta.url));
}

/** A Node on the PATH that the addon works on, or null. */
export function findNode(): string | null {
  return programsOnPath('node').find((program) => workingMajors.includes(majorOf(program))) ?? null;
}

/** Every program of that name on the PATH, in its order. */
export function programsOnPath(name: string): string[] {
  const file = process.platform === 'win32' ? (name === 'npm' ? 'npm.cmd' : `${name}.exe`) : name;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, file)).filter(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function majorOf(node: string): number {
  try {
    const text = execFileSync(node, ['--version'], { encoding: 'utf8', timeout: 5000 });
    return Number(/^v(\d+)\./.exec(text)?.[1]);
  } catch {
    return NaN; // not a Node after all
  }
}
