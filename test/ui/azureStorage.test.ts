/** Storage and resource groups in the Compute view, against the rig and Azurite: what the labs do with shares, blobs and groups. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startAzurite } from '../azure/azurite.ts';
import type { Azurite } from '../azure/azurite.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { expandRow, makeRoomForAzure, treeRow, useAzureWindow } from './azureKit.ts';
import { poll, shoot } from './uiKit.ts';

const account = 'penguinsstore';

describe('Azure storage', () => {
  let azurite: Azurite;
  let page: Page;
  // Before the window's own, which may fail: Azurite would keep the process alive.
  after(() => azurite.close());
  const window = useAzureWindow({
    async prepare({ folder }) {
      fs.mkdirSync(path.join(folder, 'back'));
      azurite = await startAzurite([account]);
      return { blobAddress: azurite.address };
    },
  });

  before(() => {
    ({ page } = window);
  });

  const row = (text: string | RegExp): Locator => treeRow(page, text);
  const expand = (text: string | RegExp) => expandRow(page, text);

  const brief = { timeout: workbench.attemptMs };
  const dialog = (text: string | RegExp) =>
    page.locator('.monaco-dialog-box').filter({ hasText: text });

  /** Into the box that asks this. */
  async function answer(question: string | RegExp, text: string): Promise<void> {
    await page.locator('.quick-input-widget', { hasText: question }).waitFor();
    await workbench.until(`${text} to be taken`, async () => {
      if (!(await page.locator('.quick-input-widget', { hasText: question }).isVisible())) {
        return true;
      }
      const input = workbench.filterInput(page);
      if ((await input.inputValue(brief)) !== text) await input.fill(text, brief);
      await input.press('Enter', brief);
      return false;
    });
  }

  it('shows storage and resource groups below a subscription', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await makeRoomForAzure(page);
    await expand(/^\s*Azure\s*$/);
    await expand('Demo Production');
    await expand(/^\s*Storage\s*$/);
    await row(/penguinsstore.*demo-training · eastus · LRS/).waitFor();
    await expand('penguinsstore');
  });

  it('makes a container, uploads a file with its size shown, and brings it back', async () => {
    await expand(/^\s*Blob containers/);
    await row('No blob containers').waitFor();
    await workbench.chooseInMenu(page, row(/^\s*Blob containers/), 'Create Blob Container…');
    await answer('Create Blob Container in penguinsstore', 'lab-data');
    await row('lab-data').waitFor();
    const { folder } = window.ui;
    await workbench.chooseInMenu(page, row('lab-data'), 'Upload Files…');
    await workbench.answerFileDialog(page, path.join(folder, 'penguins.csv'));
    await page
      .locator('.notification-toast', { hasText: /1 file \(.*kB\) is in lab-data now/ })
      .waitFor();
    await expand('lab-data');
    await row(/penguins\.csv.*kB/).waitFor();
    await shoot(page, 'azure-storage-dark');

    await workbench.chooseInMenu(page, row(/penguins\.csv.*kB/), 'Download…');
    await workbench.answerFileDialog(page, path.join(folder, 'back'));
    const back = path.join(folder, 'back', 'penguins.csv');
    await poll(() => Promise.resolve(fs.existsSync(back)));
    assert.equal(
      fs.readFileSync(back, 'utf8'),
      fs.readFileSync(path.join(folder, 'penguins.csv'), 'utf8'),
    );
  });

  it('asks before it replaces', async () => {
    await workbench.chooseInMenu(page, row('lab-data'), 'Upload Files…');
    await workbench.answerFileDialog(page, path.join(window.ui.folder, 'penguins.csv'));
    await dialog('penguins.csv is there already').waitFor();
    await dialog('penguins.csv is there already')
      .locator('.monaco-button', { hasText: 'Replace' })
      .click();
    await dialog('penguins.csv').waitFor({ state: 'detached' });
    await row(/penguins\.csv.*kB/).waitFor();
  });

  it('opens the share of a lab, and makes a directory in it', async () => {
    await expand('File shares');
    await expand('batchai');
    await row('scripts').waitFor();
    await workbench.chooseInMenu(page, row('batchai'), 'Create Directory…');
    await answer('Create Directory in batchai', 'horovod');
    await row('horovod').waitFor();
    await expand('scripts');
    await row(/train\.py/).waitFor();
    await shoot(page, 'azure-shares-dark');
    await row(/^\s*Storage\s*$/)
      .locator('.monaco-tl-twistie')
      .click(); // makes room
    await row('penguinsstore').waitFor({ state: 'detached' });
  });

  it('makes a resource group', async () => {
    await workbench.chooseInMenu(page, row('Resource groups'), 'Create Resource Group…');
    await answer('Name of the new resource group', 'lab-group');
    await workbench.pick(page, 'West US');
    await expand('Resource groups');
    await row(/lab-group.*westus/).waitFor();
  });

  it('deletes one after it has listed what is in it and its name was typed', async () => {
    await workbench.chooseInMenu(page, row('demo-network'), 'Delete Resource Group…');
    await dialog('Delete the resource group demo-network').waitFor();
    await dialog(/shared-network/).waitFor();
    await shoot(page, 'azure-group-delete-dark');
    await dialog(/shared-network/)
      .locator('.monaco-button', { hasText: 'Delete…' })
      .click();
    await answer('Type demo-network to go on', 'demo-network');
    await row('demo-network').waitFor({ state: 'detached' });
    assert.ok(window.rig.requests.some((request) => /^DELETE .*\/demo-network$/.test(request)));
    assert.equal(
      window.rig.world.resources.filter(({ id }) => id.includes('/demo-network/')).length,
      0,
    );
  });
});
