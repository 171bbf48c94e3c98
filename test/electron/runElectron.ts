/**
 * Runs the suite of test/host in a desktop VS Code that @vscode/test-electron downloads: for machines with a display
 * that may download VS Code. Build first (npm run build).
 */
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleSuite, copySample, suiteEnvironment } from '../host/suiteFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');

const extensionTestsPath = await bundleSuite();
const folder = copySample();
await runTests({
  // The oldest that package.json admits: what works there works later.
  version: '1.105.0',
  extensionDevelopmentPath: root,
  extensionTestsPath,
  launchArgs: [folder, '--disable-workspace-trust', '--disable-extensions'],
  extensionTestsEnv: { ...suiteEnvironment(), TRAINBENCH_HOST_REPORTER: 'spec' },
});
