/** Forks the core and gives its IPC channel as a Transport; what it printed last explains a crash. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { currentLanguage } from '../shared/language.ts';
import type { Envelope, Transport } from '../shared/protocol/contract.ts';
import type { CoreProcess } from './coreProcess.ts';
import type { Runtime } from './runtime.ts';

export interface ForkOptions {
  readonly runtime: Runtime;
  /** The core's bundle, `dist/core.cjs`. */
  readonly bundle: string;
  /** What the core prints, for a log; it should print nothing. */
  readonly onOutput?: (text: string) => void;
  /** Part of the name of the GPU to take. */
  readonly adapter?: string;
}

export interface ForkedCore extends CoreProcess {
  readonly pid: number | undefined;
}

/** Enough to see a stack, not enough to flood a message. */
const keptOutput = 4000;

export function forkCore({ runtime, bundle, onOutput, adapter }: ForkOptions): ForkedCore {
  const child = fork(bundle, [], {
    execPath: runtime.executable,
    execArgv: [...coreNodeFlags, ...inspectFlags(process.env)],
    serialization: 'advanced', // keeps typed arrays typed
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...coreEnvironment(process.env, runtime),
      ...(adapter === undefined ? {} : { TRAINBENCH_ADAPTER: adapter }),
    },
    windowsHide: true,
  } as Parameters<typeof fork>[2]);
  child.on('error', () => undefined); // `exited` tells of it
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutput);
      onOutput?.(text);
    });
  }
  const exited = describeEnd(child, runtime, () => output);
  return {
    transport: childTransport(child, exited),
    pid: child.pid,
    exited,
    kill: () => void child.kill('SIGKILL'),
  };
}

function childTransport(child: ChildProcess, exited: Promise<string>): Transport {
  return {
    send(message) {
      // A failed send means the child is going; its exit tells every caller why.
      child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', (message) => listener(message as Envelope)),
    onClose: (listener) => void exited.then(listener),
    close() {
      if (child.connected) child.disconnect();
    },
  };
}

/**
 * Waits for the exit and for all output. Node's own `close` event would be that, but it does not come
 * after a disconnect from our side.
 */
async function describeEnd(
  child: ChildProcess,
  runtime: Runtime,
  output: () => string,
): Promise<string> {
  try {
    const [[code, signal]] = await Promise.all([
      once(child, 'exit') as Promise<[number | null, string | null]>,
      ...[child.stdout, child.stderr].map((stream) => stream && finished(stream)),
    ]);
    return describeExit(code, signal, output());
  } catch (error) {
    return say`the core could not be run on ${runtime.executable}: ${errorMessage(error)}`;
  }
}

export function describeExit(code: number | null, signal: string | null, output: string): string {
  const last = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('    at ')) // frames are for the log
    .slice(-12)
    .join('\n');
  const ended =
    signal === null
      ? say`the core process ended with code ${code ?? '?'}`
      : say`the core process ended by signal ${signal}`;
  return last === '' ? ended : `${say`${ended}; it last printed:`}\n${last}`;
}

/**
 * V8 begins with a young generation of 1 MB: what preparing a run leaves would be collected again and again
 * while a quick run trains. With 32 MB the 100 epochs of the penguins take some 5 % less.
 */
export const coreNodeFlags: readonly string[] = [
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
];

function inspectFlags({ TRAINBENCH_CORE_INSPECT: port }: NodeJS.ProcessEnv): string[] {
  return port ? [`--inspect=${port}`] : [];
}

/**
 * Only what the core needs: neither VS Code's own variables nor the NODE_OPTIONS of another Node,
 * which would stop ours from starting.
 */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USERPROFILE',
  'LOCALAPPDATA',
  'XDG_CACHE_HOME',
  // Where keys for SSH are kept unlocked.
  'SSH_AUTH_SOCK',
  'USER',
  'USERNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'LANG',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  // Where Vulkan finds its drivers, and what those need.
  'VK_DRIVER_FILES',
  'VK_ADD_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'LD_LIBRARY_PATH',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_DIRS',
  // Which GPUs CUDA may use, and how much TensorFlow prints.
  'CUDA_VISIBLE_DEVICES',
  'TF_CPP_MIN_LOG_LEVEL',
  // Where npm, which installs TensorFlow, finds packages and TensorFlow its library, and what Windows needs to run it.
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_USERCONFIG',
  'NPM_CONFIG_GLOBALCONFIG',
  'NPM_CONFIG_CAFILE',
  'TFJS_NODE_BASE_URI',
  'TFJS_NODE_CDN_STORAGE',
  'XDG_DATA_HOME',
  'APPDATA',
  'COMSPEC',
  'PATHEXT',
]);

function coreEnvironment(own: NodeJS.ProcessEnv, runtime: Runtime): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: compileCache(own) };
  for (const [name, value] of Object.entries(own)) {
    const upper = name.toUpperCase();
    if (passedOn.has(upper) || upper.startsWith('TRAINBENCH_')) environment[name] = value;
  }
  environment['TRAINBENCH_LANGUAGE'] = currentLanguage();
  if (runtime.kind === 'host') environment['ELECTRON_RUN_AS_NODE'] = '1';
  return environment;
}

/**
 * Node 22 and newer keep compiled code here, which makes a start a quarter quicker; older ones ignore it.
 * A folder of the user's own: whoever could write to it could run code as the user.
 */
function compileCache({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  const caches =
    process.platform === 'win32'
      ? LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local')
      : XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(caches, 'trainbench', 'compiled');
}
