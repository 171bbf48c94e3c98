/** Attaching and detaching in VS Code, against the rig: the kinds with what they can do, a machine by its form, and back. */
import type { Locator, Page } from 'playwright-core';
import { filterInput, pick, pickRows } from '../vscode-host/quickInput.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { expandRow, makeRoomForAzure, treeRow, useAzureWindow } from './azureKit.ts';
import { shoot } from './uiKit.ts';

const password = 'hunter2-S3cret!';

describe('Attached computes', () => {
  let page: Page;
  const window = useAzureWindow();

  before(() => {
    ({ page } = window);
  });

  const row = (text: string | RegExp): Locator => treeRow(page, text);
  const expand = (text: string | RegExp) => expandRow(page, text);
  const widget = () => page.locator('.quick-input-widget');

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
    await makeRoomForAzure(page);
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
