/** Runs the UI tests with Mocha on the packaged extension, where the test VS Code runs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { isSupported, unsupported } from '../vscode-host/install.ts';

const root = path.resolve(import.meta.dirname, '../..');
const timeoutMs = 180_000;

function main(): number {
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const reporter = path.join(root, 'test/kit/reporter.cjs');
  const args = ['--import', 'tsx', mocha, '--reporter', reporter, '--timeout', String(timeoutMs)];
  const files = process.argv.length > 2 ? process.argv.slice(2) : ['test/ui/**/*.test.ts'];
  return (
    spawnSync(process.execPath, [...args, ...files], { cwd: root, stdio: 'inherit' }).status ?? 1
  );
}

if (isSupported) process.exitCode = main();
else unsupported('test of the user interface');
