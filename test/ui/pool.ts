/** Processes that run files of tests, each with a VS Code of its own that its files share. */
import { type ChildProcess, fork } from 'node:child_process';
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

/** What a worker is asked. */
export interface FileRequest {
  /** From the root of the repository. */
  readonly file: string;
  /** Where the results go, as JSON. */
  readonly results: string;
  /** Ends the file at its first failure: its tests build on each other, and the next would wait in vain. */
  readonly bail: boolean;
}

const root = path.resolve(import.meta.dirname, '../..');

class Worker {
  readonly #process: ChildProcess;
  #said: Buffer[] = [];

  constructor() {
    this.#process = fork(path.join(import.meta.dirname, 'worker.ts'), [], {
      cwd: root,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (data: Buffer) => this.#said.push(data));
    }
  }

  /** Prints what the file printed, and what it took. */
  async run(file: string, bail: boolean): Promise<FileRun> {
    const results = path.join(root, 'out/test-results/ui', `${path.basename(file)}.json`);
    fs.mkdirSync(path.dirname(results), { recursive: true });
    fs.rmSync(results, { force: true });
    const started = Date.now();
    const ended = new AbortController();
    const { signal } = ended;
    this.#process.send({ file, results, bail } satisfies FileRequest);
    await Promise.race([
      once(this.#process, 'message', { signal }),
      once(this.#process, 'close', { signal }),
    ]);
    ended.abort();
    // What it printed before it said so is on its way.
    await new Promise((resolve) => setImmediate(resolve));
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const text = Buffer.concat(this.#said.splice(0)).toString();
    process.stdout.write(`-- ${file} (${seconds} s)\n${text}`);
    return { file, ...readResults(results, { file, text }) };
  }

  /** Resolves when it has stopped its VS Code. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    // Node 20 never says 'close' of a process that was disconnected from here.
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}

/** A file that ended without results has failed. */
function readResults(results: string, { file, text }: { file: string; text: string }): Results {
  if (fs.existsSync(results)) return JSON.parse(fs.readFileSync(results, 'utf8')) as Results;
  const failures = [{ title: `${file} ended without results`, error: text.slice(-4000) }];
  return { passed: 0, failed: 1, skipped: 0, failures, skips: [] };
}

export interface PoolOptions {
  readonly atATime: number;
  readonly bail: boolean;
}

/** Runs them in their order. After a failure the worker's next file finds a new process, and a new VS Code. */
export async function runFiles(
  files: readonly string[],
  { atATime, bail }: PoolOptions,
): Promise<readonly FileRun[]> {
  const waiting = [...files];
  const runs: FileRun[] = [];
  const work = async () => {
    let worker: Worker | null = null;
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      worker ??= new Worker();
      const run = await worker.run(file, bail);
      runs.push(run);
      if (run.failed === 0) continue;
      await worker.end();
      worker = null;
    }
    await worker?.end();
  };
  await Promise.all(Array.from({ length: Math.min(atATime, files.length) }, work));
  return runs;
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
