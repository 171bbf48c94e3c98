/** A process that runs files of tests one after the other, in windows of the same VS Code; `pool.ts` starts it and talks to it. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';
import { kill, processorSeconds, processTree } from '../vscode-host/processes.ts';
import { takeSpent } from '../vscode-host/spent.ts';
import type { FileRequest } from './pool.ts';
import { shareHosts } from './uiKit.ts';

const root = path.resolve(import.meta.dirname, '../..');
const timeoutMs = 180_000;
const stopMs = 20_000;

const stop = shareHosts();
let last = Promise.resolve();

process.on('message', (request: FileRequest) => {
  last = last.then(() => run(request));
});
process.once('disconnect', () => {
  stop().then(end, end);
  setTimeout(end, stopMs);
});

/** Also what a file has started that did not end. */
function end(): void {
  for (const { pid } of processTree(process.pid).filter((row) => row.pid !== process.pid))
    kill(pid);
  process.exit();
}

// Who ended the tests from the keyboard has ended the other process too: the servers still have to go.
process.on('SIGINT', () => undefined);

/** The reporter writes the results where the request says. */
async function run({ file, results, bail }: FileRequest): Promise<void> {
  process.env['TRAINBENCH_TEST_RESULTS'] = results;
  const before = processorSeconds();
  const reporter = path.join(root, 'test/kit/reporter.cjs');
  const mocha = new Mocha({ reporter, timeout: timeoutMs, bail, forbidOnly: true });
  await load(mocha, path.join(root, file));
  await new Promise((resolve) => mocha.run(resolve));
  mocha.dispose();
  if (process.env['TRAINBENCH_TEST_TIMES'] !== undefined) sayTimes(before);
  process.send?.('done');
}

/** As Mocha does it, but always as a module: it would give the file modules of its own, and so a VS Code of its own. */
async function load(mocha: Mocha, file: string): Promise<void> {
  mocha.suite.emit('pre-require', globalThis, file, mocha);
  await import(pathToFileURL(file).href);
  mocha.suite.emit('post-require', globalThis, file, mocha);
}

function sayTimes(before: ReadonlyMap<string, number>): void {
  const used = [...processorSeconds()].map(([kind, seconds]) => {
    // Processes that have ended count below their parents.
    const more = Math.max(0, seconds - (before.get(kind) ?? 0));
    return `${more.toFixed(1).padStart(7)} s of the processors  ${kind}`;
  });
  process.stdout.write(`${[...takeSpent().slice(0, 15), ...used].join('\n')}\n`);
}
