/** Attaching and detaching in VS Code, against the rig: the kinds with what they can do, a machine by its form, and back. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoWorld } from '../../src/azureRig/demoWorld.ts';
import { startRig } from '../../src/azureRig/rig.ts';
import type { Rig } from '../../src/azureRig/rig.ts';
import { Contract } from '../azure/contract.ts';
import { filterInput, pick, pickRows } from '../vscode-host/quickInput.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { shoot, useWindow } from './uiKit.ts';

const password = 'hunter2-S3cret!';

describe('Attached computes', () => {
  const contract = new Contract();
  let rig: Rig;
  let page: Page;

  const window = useWindow({
    async prepare({ host }) {
      rig = await startRig({ world: demoWorld(), pace: 0.2, onExchange: contract.check });
      const folder = path.join(host.root, 'ud', 'Machine');
      fs.mkdirSync(folder, { recursive: true });
      const settings = { 'trainbench.azure.endpoint': rig.endpoint };
      fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
    },
  });

  before(() => {
    ({ page } = window);
  });
  after(async () => {
    await rig.close();
    process.stdout.write(contract.report());
    assert.deepEqual(contract.counts.violations, []);
  });

  const row = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const widget = () => page.locator('.quick-input-widget');

  async function expand(text: string | RegExp): Promise<void> {
    await workbench.until(`${String(text)} to be open`, async () => {
      if ((await row(text).getAttribute('aria-expanded')) === 'true') return true;
      await row(text).locator('.monaco-tl-twistie').click({ timeout: workbench.attemptMs });
      return false;
    });
  }

  /** Answers the line of text that asks this. One Enter: a second one might meet the next question. */
  async function type(question: RegExp, text: string): Promise<void> {
    const asks = widget().locator('.quick-input-message').filter({ hasText: question });
    await asks.waitFor();
    await filterInput(page).fill(text);
    await filterInput(page).press('Enter');
    await asks.waitFor({ state: 'hidden' });
  }

  it('says of each kind what it can do, and what is retired', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await row('This machine').waitFor();
    await page.locator('.pane-header', { hasText: 'Runs' }).click(); // makes room
    await row('This machine').locator('.monaco-tl-twistie').click();
    await workbench.runCommand(page, 'Provide Test Accounts');
    await expand(/^\s*Azure\s*$/);
    await row('Sign in to Azure').click();
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Allow' }).click();
    await expand('ada@demo.example');
    await expand('Demo Production');
    await expand(/penguins.*eastus/);
    await expand(/^\s*Compute\s*$/);
    await expand('Attached computes');
    await row(/lab-machine.*VirtualMachine · training, pipelines/).waitFor();
    await row(/old-lake.*retired/).waitFor();
    await workbench.chooseInMenu(page, row('Attached computes'), 'Create or Attach Compute');
    await pickRows(page)
      .filter({ hasText: /Kubernetes cluster.*real-time inference/ })
      .waitFor();
    await shoot(page, 'azure-attach-kinds-dark');
    await pick(page, 'Virtual machine');
  });

  it('refuses a second attachment with the reason, and attaches by password', async () => {
    await pickRows(page)
      .filter({ hasText: /gpu-box/ })
      .waitFor();
    await pickRows(page)
      .filter({ hasText: /attached already, as lab-machine/ })
      .waitFor();
    await shoot(page, 'azure-attach-machines-dark');
    await pick(page, 'gpu-box');
    await type(/Name of the compute/, 'my-machine');
    await type(/As which user/, 'ada');
    await type(/Port of SSH/, '22');
    await pick(page, /^Password/);
    await type(/Password of that user/, password);
    await pick(page, 'Attach my-machine');
    await row(/my-machine.*VirtualMachine · training, pipelines/).waitFor();
  });

  it('detaches once its name is typed, and says what stays', async () => {
    await workbench.chooseInMenu(page, row('my-machine'), 'Detach Compute');
    await widget()
      .locator('.quick-input-title', { hasText: 'gpu-box stays, and bills until it is stopped' })
      .waitFor();
    await shoot(page, 'azure-detach-dark');
    await type(/Type my-machine to go on/, 'my-machine');
    await row('my-machine').waitFor({ state: 'detached' });
  });
});
