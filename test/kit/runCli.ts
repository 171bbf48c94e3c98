/** `trainbench` as a user starts it: the built bundle in a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { builtBundle } from './realCore.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Folder it is started in. */
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with everything printed so far on stdout, whenever there is more. */
  readonly onStdout?: (stdout: string, child: ChildProcess) => void;
}

export function runCli(words: readonly string[], options: CliOptions): Promise<CliResult> {
  const child = spawn(process.execPath, [builtBundle('cli.cjs'), ...words], {
    cwd: options.cwd,
    env: {
      ...process.env,
      TRAINBENCH_LANGUAGE: 'en',
      NO_COLOR: undefined,
      INIT_CWD: undefined,
      npm_command: undefined,
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The objects of `--json` output. */
export function jsonLines(stdout: string): Readonly<Record<string, unknown>>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** An address in the output of a failed command is a bug of ours, whatever the exit code. */
export function assertNoStack({ stdout, stderr }: CliResult): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .*:\d+:\d+/m);
  assert.doesNotMatch(stdout + stderr, /internal:/);
}
