/**
 * Runs the suite inside the extension host of a real VS Code, on a copy of the penguins sample.
 * The results go to the file that TRAINBENCH_TEST_RESULTS names.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { runExtensionTests } from '../vscode-host/extensionTests.ts';
import { startHost } from '../vscode-host/host.ts';
import { isSupported, unsupported } from '../vscode-host/install.ts';
import { launchBrowser, screenshot } from '../vscode-host/workbench.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bundles = path.join(root, 'out', 'test-host');
const timeoutMs = 300_000;

/** One CommonJS bundle per test file, because the extension host loads neither TypeScript nor ES modules for tests. */
async function bundleSuite(): Promise<void> {
  const suite = path.join(import.meta.dirname, 'suite');
  const files = fs
    .readdirSync(suite)
    .filter((file) => file === 'index.ts' || file.endsWith('.test.ts'));
  fs.rmSync(bundles, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: files.map((file) => path.join(suite, file)),
    outdir: bundles,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
}

function copySample(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-host-'));
  fs.cpSync(path.join(root, 'samples', 'penguins'), folder, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'runs',
  });
  return folder;
}

async function main(): Promise<boolean> {
  await bundleSuite();
  const folder = copySample();
  const results = process.env['TRAINBENCH_TEST_RESULTS'] ?? path.join(bundles, 'results.json');
  const corePath = process.env['TRAINBENCH_CORE_PATH'];
  const env = {
    TRAINBENCH_TEST_RESULTS: results,
    TRAINBENCH_HOST_TESTS: bundles,
    TRAINBENCH_HOST_REPORTER: path.join(root, 'test/kit/reporter.cjs'),
    // Another core to try, as the extension itself takes it.
    ...(corePath === undefined ? {} : { TRAINBENCH_CORE_PATH: corePath }),
  };
  const host = await startHost({ automation: true, env });
  const browser = await launchBrowser();
  try {
    const { code, page } = await runExtensionTests(browser, host, {
      folder,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(bundles, 'index.cjs'),
      timeoutMs,
      onLog: (text) => process.stdout.write(`${text}\n`),
    });
    if (code !== 0) {
      await screenshot(page, path.join(bundles, 'failure.png'));
      process.stderr.write(`The extension host ended with ${code}; see ${bundles}/failure.png\n`);
    }
    return code === 0 && fs.existsSync(results);
  } finally {
    await browser.close();
    await host.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

if (isSupported) process.exitCode = (await main()) ? 0 : 1;
else unsupported('test in the extension host');
