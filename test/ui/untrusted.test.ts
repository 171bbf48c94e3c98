import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { openUi, shoot } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

describe('in a workspace that the user does not trust', () => {
  let ui: Ui;
  let page: Page;

  before(async () => {
    const settings = {
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    };
    ui = await openUi({ workspaceTrust: true, settings });
    page = await ui.openWindow();
  });

  after(() => ui.close());

  it('shows Train This Config, but disabled', async () => {
    const config = workbench.explorerRow(page, 'penguins.train.yaml');
    const menu = await workbench.openMenu(page, config, 'Train This Config', { disabled: true });
    assert.ok((await workbench.menuLabels(menu)).includes('Train This Config'));
    await shoot(page, 'untrusted');
    await workbench.closeMenu(page);
  });

  it('does not offer it in the palette', async () => {
    await page.keyboard.press('F1');
    const rows = workbench.pickRows(page);
    // Texts, since the list has no element for a row out of sight. The first shows that our commands are there.
    await workbench.filterInput(page).fill('>Trainbench: Show Log');
    await rows.filter({ hasText: 'Trainbench: Show Log' }).first().waitFor();
    await workbench.filterInput(page).fill('>Trainbench: Train This Config');
    await rows.filter({ hasText: 'Trainbench: Show Log' }).waitFor({ state: 'detached' });
    assert.equal(await rows.filter({ hasText: 'Train This Config' }).count(), 0);
    await page.keyboard.press('Escape');
    await workbench.runCommand(page, 'Trainbench: Show Log');
  });
});
