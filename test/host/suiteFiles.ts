/** The suite as files that an extension host can load, and a folder for it to work in. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** Holds the bundles, and what a failed run leaves to look at. */
export const suiteFolder = path.join(root, 'out', 'test-host');

/**
 * One CommonJS bundle per test file, because the extension host loads neither TypeScript nor ES modules for tests.
 * @returns the path of the entry, for `extensionTestsPath`.
 */
export async function bundleSuite(): Promise<string> {
  const suite = path.join(import.meta.dirname, 'suite');
  const isEntry = (file: string) => file === 'index.ts' || file.endsWith('.test.ts');
  fs.rmSync(suiteFolder, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: fs
      .readdirSync(suite)
      .filter(isEntry)
      .map((file) => path.join(suite, file)),
    outdir: suiteFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  return path.join(suiteFolder, 'index.cjs');
}

/** A temporary copy of the penguins sample without its runs. */
export function copySample(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-host-'));
  fs.cpSync(path.join(root, 'samples', 'penguins'), folder, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'runs',
  });
  return folder;
}

/** What the suite's entry reads from the environment. */
export function suiteEnvironment(): Readonly<Record<string, string>> {
  const corePath = process.env['TRAINBENCH_CORE_PATH'];
  return {
    TRAINBENCH_HOST_TESTS: suiteFolder,
    TRAINBENCH_HOST_REPORTER: path.join(root, 'test/kit/reporter.cjs'),
    // Another core to try, as the extension itself takes it.
    ...(corePath === undefined ? {} : { TRAINBENCH_CORE_PATH: corePath }),
  };
}
