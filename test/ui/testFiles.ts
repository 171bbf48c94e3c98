/** Runs a file of tests in a Mocha of its own, so that what one file leaves behind cannot harm another. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

/** As the reporter of the stages writes them. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly error: string }[];
  readonly skips: readonly string[];
}

export interface FileRun extends Results {
  readonly file: string;
}

interface RunOptions {
  /** Ends the file at its first failure: its tests build on each other, and the next would wait in vain. */
  readonly bail: boolean;
}

const timeoutMs = 180_000;

/** Prints what the file printed, and what it took. @param file from `root`. */
export async function runFile(root: string, file: string, { bail }: RunOptions): Promise<FileRun> {
  const results = path.join(root, 'out/test-results/ui', `${path.basename(file)}.json`);
  fs.mkdirSync(path.dirname(results), { recursive: true });
  fs.rmSync(results, { force: true });
  const mocha = [path.join(root, 'node_modules/mocha/bin/mocha.js'), '--exit'];
  const reporter = ['--reporter', path.join(root, 'test/kit/reporter.cjs')];
  const flags = [...reporter, '--timeout', String(timeoutMs), ...(bail ? ['--bail'] : [])];
  const started = Date.now();
  const child = spawn(process.execPath, ['--import', 'tsx', ...mocha, ...flags, file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TRAINBENCH_TEST_RESULTS: results },
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => said.push(data));
  }
  await once(child, 'close');
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const text = Buffer.concat(said).toString();
  process.stdout.write(`-- ${file} (${seconds} s)\n${text}`);
  return { file, ...readResults(results, { file, text }) };
}

/** A file that ended without results has failed. */
function readResults(results: string, { file, text }: { file: string; text: string }): Results {
  if (fs.existsSync(results)) return JSON.parse(fs.readFileSync(results, 'utf8')) as Results;
  const failures = [{ title: `${file} ended without results`, error: text.slice(-4000) }];
  return { passed: 0, failed: 1, skipped: 0, failures, skips: [] };
}

export function sum(runs: readonly Results[]): Results {
  const total = (key: 'passed' | 'failed' | 'skipped') =>
    runs.reduce((count, run) => count + run[key], 0);
  return {
    passed: total('passed'),
    failed: total('failed'),
    skipped: total('skipped'),
    failures: runs.flatMap(({ failures }) => failures),
    skips: runs.flatMap(({ skips }) => skips),
  };
}
