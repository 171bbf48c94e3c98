/** Runs the UI tests on the packaged extension where the test VS Code runs: `runUi.ts [file...]`, all files by default. */
import fs from 'node:fs';
import path from 'node:path';
import { isSupported, unsupported } from '../vscode-host/install.ts';
import { packedExtensions, preparedVariable } from './packedExtensions.ts';
import { runFile, sum, type FileRun } from './testFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What these report would be the other file's time, too; a GPU in software takes all cores. */
const alone = ['activation', 'plotMany', 'timing', 'webgpu'].map(
  (name) => `test/ui/${name}.test.ts`,
);

/** Much of a test is waiting: on two cores, two at a time take three quarters of what one after the other takes. */
const atATime = 2;

/** The longest first, so that none is left alone at the end. */
function allFiles(): readonly string[] {
  const names = fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const files = names.map((name) => path.join('test/ui', name));
  const size = (file: string) => fs.statSync(path.join(root, file)).size;
  return files.sort((a, b) => size(b) - size(a));
}

async function runOnce(files: readonly string[]): Promise<readonly FileRun[]> {
  const runs: FileRun[] = [];
  const waiting = files.filter((file) => !alone.includes(file));
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      runs.push(await runFile(root, file, { bail: true }));
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  for (const file of files.filter((name) => alone.includes(name))) {
    runs.push(await runFile(root, file, { bail: true }));
  }
  return runs;
}

/**
 * Runs files that failed once more, each in a fresh VS Code: a test drives some ten processes, and on a shared machine one
 * of them may stand still for seconds. A file that fails twice has failed; one that passes then is named, with its first
 * error, so that nobody overlooks a test that is not reliable.
 */
async function runAll(files: readonly string[]): Promise<readonly FileRun[]> {
  const runs = await runOnce(files);
  const second = new Map<string, FileRun>();
  for (const { file, failed } of runs) {
    if (failed > 0) second.set(file, await runFile(root, file, { bail: false }));
  }
  reportSecondTries(runs.filter(({ file }) => second.get(file)?.failed === 0));
  return runs.map((run) => second.get(run.file) ?? run);
}

function reportSecondTries(runs: readonly FileRun[]): void {
  if (runs.length === 0) return;
  process.stdout.write('\nPassed at the second try:\n');
  for (const { file, failures } of runs) {
    const [first] = failures;
    process.stdout.write(`  ${file}: ${first?.title ?? ''}\n${first?.error ?? ''}\n`);
  }
}

async function main(): Promise<boolean> {
  process.env[preparedVariable] = await packedExtensions();
  const given = process.argv.slice(2);
  const runs = await runAll(given.length > 0 ? given : allFiles());
  const results = sum(runs);
  const file = process.env['TRAINBENCH_TEST_RESULTS'];
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(results));
  return results.failed === 0;
}

if (isSupported) process.exitCode = (await main()) ? 0 : 1;
else unsupported('test of the user interface');
