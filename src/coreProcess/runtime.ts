/**
 * Which Node the core runs on. In this order: the path the user gave, the runtime we ship for the platform,
 * a `node` on the PATH that is new enough, and last the Node that runs us.
 * README.md beside this file says why we ship one and how it is kept up to date.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';

export interface Runtime {
  readonly executable: string;
  readonly kind: 'setting' | 'shipped' | 'path' | 'host';
  /** One sentence for the log and the status bar. */
  readonly reason: string;
}

export interface RuntimeSearch {
  /** From the setting `trainbench.core.nodePath`; empty or absent when not set. */
  readonly nodePath?: string;
  /** Where our bundle lies: the shipped runtime is looked for in `node_modules` of this and every parent folder. */
  readonly bundleFolder: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly architecture?: string;
  /** What runs us. */
  readonly hostExecutable?: string;
  /** Programs that turned out not to run on this machine. */
  readonly passedOver?: readonly string[];
}

/** Older ones lack the WebAssembly speed the core counts on; ours ships 26. */
export const oldestOnPath = 24;

/** @throws AppError `core.noRuntime` when the path the user gave is not a program. */
export function findRuntime(search: RuntimeSearch): Runtime {
  return fromSetting(search) ?? shipped(search) ?? onPath(search) ?? host(search);
}

function fromSetting({ nodePath, environment = process.env }: RuntimeSearch): Runtime | null {
  const given = nodePath || environment['TRAINBENCH_NODE'];
  if (!given) return null;
  const name = nodePath ? say('the setting trainbench.core.nodePath') : 'TRAINBENCH_NODE';
  if (!isProgram(given)) {
    throw new AppError(
      'core.noRuntime',
      say`${name} is "${given}", which is not a program that can be run; correct it or leave it empty to use the Node that comes with Trainbench`,
    );
  }
  return { executable: given, kind: 'setting', reason: say`chosen by ${name}` };
}

/** The Node that lies beside our bundles for a platform, which may be another than this one. */
export function shipped(search: RuntimeSearch): Runtime | null {
  const { platform = process.platform, architecture = process.arch } = search;
  const program = platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of ancestors(search.bundleFolder)) {
    for (const name of runtimePackages(platform, architecture)) {
      const executable = path.join(folder, 'node_modules', name, 'bin', program);
      if (isProgram(executable) && !isPassedOver(search, executable)) {
        return { executable, kind: 'shipped', reason: say`comes with Trainbench (${name})` };
      }
    }
  }
  return null;
}

/** npm packages that hold a Node for a platform; Apple's newer processors have theirs under another name. */
export function runtimePackages(
  platform: NodeJS.Platform,
  architecture: string,
): readonly string[] {
  const system = platform === 'win32' ? 'win' : platform;
  return [`node-${system}-${architecture}`, `node-bin-${system}-${architecture}`];
}

function onPath(search: RuntimeSearch) {
  const { environment = process.env, platform = process.platform } = search;
  const program = platform === 'win32' ? 'node.exe' : 'node';
  for (const folder of (environment['PATH'] ?? '').split(path.delimiter)) {
    const executable = path.join(folder, program);
    if (folder === '' || !isProgram(executable) || isPassedOver(search, executable)) continue;
    const version = versionOf(executable);
    if (version === null || version < oldestOnPath) continue;
    const reason = say`found on the PATH (Node ${version}); ${whyNotOurs(search)}`;
    return { executable, kind: 'path', reason } satisfies Runtime;
  }
  return null;
}

function host(search: RuntimeSearch): Runtime {
  const { hostExecutable = process.execPath } = search;
  const what = process.versions['electron'] === undefined ? 'Node' : 'Electron/Node';
  return {
    executable: hostExecutable,
    kind: 'host',
    reason: say`${what} ${process.versions.node} as a last resort: ${whyNotOurs(search)}, and none of version ${oldestOnPath} or newer is on the PATH`,
  };
}

function isPassedOver({ passedOver = [] }: RuntimeSearch, executable: string): boolean {
  return passedOver.includes(executable);
}

function whyNotOurs({ passedOver = [] }: RuntimeSearch): string {
  return passedOver.length === 0
    ? say('the Node that comes with Trainbench is missing')
    : say('the Node that comes with Trainbench cannot run on this machine');
}

/** Does the program start at all? It does not where a system library is too old for it. */
export function canRun({ executable }: Runtime): boolean {
  return versionOf(executable) !== null;
}

function versionOf(executable: string): number | null {
  try {
    const text = execFileSync(executable, ['--version'], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(/^v(\d+)\./.exec(text)?.[1] ?? Number.NaN) || null;
  } catch {
    return null; // not a Node after all
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // missing, or not ours to run
  }
}

function* ancestors(folder: string): Generator<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    yield at;
    if (at === path.dirname(at)) return;
  }
}
