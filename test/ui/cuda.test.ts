/** *Install CUDA Backend* in a real VS Code where npm fails, as where TensorFlow's library is not to be had. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { shoot, useWindow } from './uiKit.ts';

/** A package whose install script fails; TRAINBENCH_REAL_TENSORFLOW=1 takes TensorFlow's own from the registry. */
function failingPackage(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-cuda-'));
  const install = 'echo "Error: getaddrinfo ENOTFOUND libtensorflow.example" >&2; exit 3';
  const manifest = { name: '@tensorflow/tfjs-node-gpu', version: '4.22.0', scripts: { install } };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return `file:${folder}`;
}

const isReal = process.env['TRAINBENCH_REAL_TENSORFLOW'] === '1';

describe('Install CUDA Backend', () => {
  const window = useWindow({
    env: isReal ? {} : { TRAINBENCH_TENSORFLOW_PACKAGE: failingPackage() },
  });
  let page: Page;
  before(() => {
    ({ page } = window);
  });

  it('asks what for, names the reason of a failure, and shows all that npm said', async () => {
    await workbench.runCommand(page, 'Trainbench: Install CUDA Backend');
    const choices = page.locator('.quick-input-list .monaco-list-row');
    await choices.filter({ hasText: 'For the processor' }).waitFor();
    await shoot(page, 'cuda-choice-dark');
    await choices.filter({ hasText: 'For an NVIDIA GPU' }).click();
    const failure = page.locator('.notifications-toasts .notification-list-item', {
      hasText: 'npm could not install TensorFlow',
    });
    await failure.waitFor({ timeout: 150_000 });
    assert.match((await failure.textContent()) ?? '', /getaddrinfo ENOTFOUND/);
    await shoot(page, 'cuda-failure-dark');
    await failure.getByText('Show Output').click();
    await page.locator('.tab', { hasText: 'install.log' }).waitFor();
    await page.locator('.view-lines', { hasText: 'ENOTFOUND' }).first().waitFor();
    await shoot(page, 'cuda-output-dark');
  });

  it('is said to be missing in the view Compute', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    const row = page.locator('.pane-body .monaco-list-row', { hasText: 'cuda' });
    await row.filter({ hasText: 'not installed' }).first().waitFor();
    await shoot(page, 'cuda-devices-dark');
  });
});
