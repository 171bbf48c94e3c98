/** npm as a child process whose whole output is kept. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

export interface NpmRun {
  readonly npm: string;
  /** Runs npm and the scripts of packages. */
  readonly node: string | null;
  /** Takes all output, after what it has. */
  readonly log: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

const quiet = [
  '--no-audit',
  '--no-fund',
  '--no-save',
  '--no-update-notifier',
  '--loglevel=http',
  '--foreground-scripts',
];
/** Lines of output that an error shows; the log has all. */
const shownLines = 20;

/** `npm install` into `folder`. @throws AppError `device.install` with the end of what npm said. */
export async function npmInstall(
  words: readonly string[],
  folder: string,
  { npm, node, log, onLine, signal }: NpmRun,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(npm, ['install', '--prefix', folder, ...quiet, ...words], {
    cwd: folder,
    env: { ...process.env, PATH: searchPath(node) },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    detached: process.platform !== 'win32', // a group of its own, to be ended as a whole
    windowsHide: true,
  });
  const end = (): void => endAll(child);
  signal.addEventListener('abort', end);
  try {
    const lines = keepOutput(child, log, onLine);
    const code = await ended(child);
    signal.throwIfAborted();
    if (code !== 0) throw failure(code, lines, log);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** The Node that is wanted first, as scripts of packages run `node`. */
function searchPath(node: string | null): string {
  const given = process.env['PATH'] ?? '';
  return node === null ? given : [path.dirname(node), given].join(path.delimiter);
}

function keepOutput(child: ChildProcess, log: string, onLine: (line: string) => void): string[] {
  const file = createWriteStream(log, { flags: 'a' });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      file.write(text);
      const said = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
      lines.push(...said);
      const last = said.at(-1);
      if (last !== undefined) onLine(last.trim());
    });
  }
  child.once('close', () => file.end());
  return lines;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

function endAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') spawn('taskkill', ['/pid', `${pid}`, '/T', '/F']);
  else process.kill(-pid, 'SIGTERM');
}

function failure(code: number | null, lines: readonly string[], log: string): AppError {
  const ending = say`exit code ${code ?? '?'}`;
  const cause = lines.find((line) => /^\w*Error: /.test(line)) ?? ending;
  const said = [
    say`npm could not install TensorFlow (${cause}). Check the connection and the proxy, and try again.`,
    say`Its whole output is in ${log}; it ends with:`,
    ...lines.slice(-shownLines),
  ];
  return new AppError('device.install', said.join('\n'));
}
