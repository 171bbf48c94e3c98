/**
 * Runs the suite inside the extension host of a real VS Code, on a copy of the penguins sample.
 * The results go to the file that TRAINBENCH_TEST_RESULTS names.
 */
import fs from 'node:fs';
import path from 'node:path';
import { runExtensionTests } from '../vscode-host/extensionTests.ts';
import { startHost } from '../vscode-host/host.ts';
import { isSupported, unsupported } from '../vscode-host/install.ts';
import { launchBrowser, screenshot } from '../vscode-host/workbench.ts';
import { bundleSuite, copySample, suiteEnvironment, suiteFolder } from './suiteFiles.ts';

const root = path.resolve(import.meta.dirname, '../..');
const timeoutMs = 300_000;

async function main(): Promise<boolean> {
  const extensionTestsPath = await bundleSuite();
  const folder = copySample();
  const results = process.env['TRAINBENCH_TEST_RESULTS'] ?? path.join(suiteFolder, 'results.json');
  const env = { ...suiteEnvironment(), TRAINBENCH_TEST_RESULTS: results };
  const log: string[] = [];
  const host = await startHost({ automation: true, env });
  const browser = await launchBrowser();
  try {
    const { code, page } = await runExtensionTests(browser, host, {
      folder,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      timeoutMs,
      onLog: (text) => log.push(text),
    });
    if (code !== 0) {
      const picture = path.join(suiteFolder, 'failure.png');
      await screenshot(page, picture);
      process.stdout.write(`${log.join('\n')}\nThe tests ended with ${code}; see ${picture}\n`);
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
