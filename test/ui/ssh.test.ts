/** *Train over SSH* in a real VS Code: a machine is added by form, and trains as this one does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { requireSshd, startSshd, type Sshd } from '../kit/sshd.ts';
import { plotData, poll, shoot, statusItem, untilPlotState, useWindow } from './uiKit.ts';

describe('Train over SSH', () => {
  let sshd: Sshd;
  before(async function () {
    requireSshd(this);
    sshd = await startSshd();
  });
  after(() => sshd?.stop());
  const window = useWindow({ env: { SSH_AUTH_SOCK: '' } });
  let page: Page;
  before(() => {
    ({ page } = window);
  });

  const row = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const title = (text: string) =>
    page.locator('.quick-input-widget .quick-input-title', { hasText: text });
  /** Fills the box that asks this, and goes on. */
  async function answer(prompt: string, text: string): Promise<void> {
    const widget = page.locator('.quick-input-widget');
    const input = widget.locator('.quick-input-filter input, .quick-input-box input').first();
    await widget.getByText(prompt).first().waitFor();
    await input.fill(text);
    await input.press('Enter');
  }

  it('adds a machine by its address and key', async () => {
    const { user, host, port, identityFile } = sshd.machine;
    await workbench.runCommand(page, 'Trainbench: Add SSH Machine');
    await title('Add SSH Machine (1/3)').waitFor();
    await answer('Where is the machine?', `${user}@${host}:${port}`);
    await title('Add SSH Machine (2/3)').waitFor();
    await shoot(page, 'ssh-add-dark');
    await workbench.pick(page, 'A Key File');
    await workbench.answerFileDialog(page, identityFile);
    await title('Add SSH Machine (3/3)').waitFor();
    await answer('What do you call it?', 'testbox');
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await row('SSH machines').locator('.monaco-tl-twistie').click();
    await row(/testbox.*127\.0\.0\.1/).waitFor();
  });

  it('asks whether it is the right machine, copies itself there, and trains', async () => {
    await workbench.chooseInMenu(page, row('testbox'), 'Train over SSH');
    await workbench.pick(page, /penguins.*penguins\.train\.yaml/);
    const dialog = page.locator('.monaco-dialog-box', { hasText: 'Is this the machine?' });
    await dialog.getByText(/SHA256:/).waitFor();
    await shoot(page, 'ssh-host-key-dark');
    await dialog.locator('.monaco-button', { hasText: 'Connect' }).click();
    await untilPlotState(page, 'completed');
    assert.equal((await plotData(page))['epochs'], '100');
    const [run = ''] = fs.readdirSync(path.join(window.ui.folder, 'runs'));
    const record = fs.readFileSync(path.join(window.ui.folder, 'runs', run, 'run.json'), 'utf8');
    assert.match(record, /"machine": "testbox"/);
    await row(/testbox.*Linux/).waitFor();
    await shoot(page, 'ssh-trained-dark');
  });

  it('draws the curve while it trains there, pauses and stops', async () => {
    await workbench.chooseInMenu(page, row('testbox'), 'Train over SSH');
    await workbench.pick(page, /long.*long\.train\.yaml/);
    await untilPlotState(page, 'running');
    const points = async () => Number((await plotData(page))['points']);
    await poll(async () => (await points()) > 0);
    const before = await points();
    await poll(async () => (await points()) > before);
    await shoot(page, 'ssh-live-dark');
    await workbench.runCommand(page, 'Trainbench: Pause');
    await untilPlotState(page, 'paused');
    await workbench.runCommand(page, 'Trainbench: Stop Training');
    await untilPlotState(page, 'stopped');
    await statusItem(page).filter({ hasText: 'penguins: stopped' }).waitFor();
  });
});
