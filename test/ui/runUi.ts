/** Runs the UI tests on the packaged extension where the test VS Code runs: `runUi.ts [file...]`, all files by default. */
import fs from 'node:fs';
import path from 'node:path';
import { isSupported, unsupported } from '../vscode-host/install.ts';
import { packedExtensions, preparedVariable } from './packedExtensions.ts';
import { type FileRun, runFiles, sum } from './pool.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Much of a test is waiting: on two cores, two at a time take three quarters of what one after the other takes. */
const atATime = Number(process.env['TRAINBENCH_UI_AT_A_TIME'] ?? 2);

/** The longest first, so that none is left alone at the end. */
function allFiles(): readonly string[] {
  const names = fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const files = names.map((name) => path.join('test/ui', name));
  const size = (file: string) => fs.statSync(path.join(root, file)).size;
  return files.sort((a, b) => size(b) - size(a));
}

/**
 * Runs files that failed once more, each in a fresh VS Code: a test drives some ten processes, and on a shared machine one
 * of them may stand still for seconds. A file that fails twice has failed; one that passes then is named, with its first
 * error, so that nobody overlooks a test that is not reliable.
 */
async function runAll(files: readonly string[]): Promise<readonly FileRun[]> {
  const runs = await runFiles(files, { atATime, bail: true });
  const failed = runs.filter((run) => run.failed > 0).map(({ file }) => file);
  const second = await runFiles(failed, { atATime: 1, bail: false });
  const again = new Map(second.map((run) => [run.file, run]));
  reportSecondTries(runs.filter(({ file }) => again.get(file)?.failed === 0));
  return runs.map((run) => again.get(run.file) ?? run);
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
