/** The activity bar's views on the installed extension: runs on disk, compute, samples, CodeLens, walkthrough. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { looksRightInThemes } from './themes.ts';
import { plotData, poll, shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

describe('Runs and Compute', () => {
  const window = useWindow();
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  const row = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const runFolders = () => {
    const parent = path.join(window.ui.folder, 'runs');
    return fs.existsSync(parent) ? fs.readdirSync(parent) : [];
  };

  it('welcomes where there are no runs, and says what can train here', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await page.locator('.welcome-view', { hasText: 'There are no runs here yet' }).waitFor();
    await row('This machine').waitFor();
    await row(/cpu/).waitFor();
    await row(/webgpu/).waitFor();
    await shoot(page, 'runs-empty-dark');
  });

  it('lists a run with its score beside a guess, its metrics, checkpoints and files', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Explorer"]').first().click();
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    const run = row(/penguins.*\d+% right \(guess: \d+%\)/);
    await run.waitFor();
    await run.locator('.monaco-tl-twistie').click();
    await row('Metrics').locator('.monaco-tl-twistie').click();
    await row(/val_accuracy.*guess: 0\.\d+/).waitFor();
    await row('Checkpoints').locator('.monaco-tl-twistie').click();
    await row(/Last, step 4800/).waitFor();
    await row('Files').locator('.monaco-tl-twistie').click();
    await row('columns').waitFor();
    await shoot(page, 'runs-dark');
  });

  it('opens the plot of a run from disk after a reload of the window', async () => {
    await workbench.closeTab(page, 'Loss: penguins');
    await page.reload();
    await row(/penguins/).waitFor();
    await row(/penguins/).click();
    await untilPlotState(page, 'completed');
    const data = await plotData(page);
    assert.equal(data['epochs'], '100');
    assert.equal(data['points'], '4800');
    await shoot(page, 'runs-plot-dark');
  });

  it('evaluates a run from its menu', async () => {
    await fromMenu(page, row(/penguins/), 'Evaluate a Run');
    await page.locator('.tab', { hasText: 'Evaluation: ' }).waitFor();
    const view = workbench.webview(page).locator('#view[data-ready="true"]');
    assert.match(await view.locator('#verdict').innerText(), /\d+ of \d+ right/);
    await workbench.closeTab(page, 'Evaluation: ');
  });

  it('writes predictions beside the rows, with a probability for each class', async () => {
    await fromMenu(page, row(/penguins/), 'Predict CSV');
    const rows = fs.readFileSync(path.join(window.ui.folder, 'penguins.csv'), 'utf8').split('\n');
    fs.writeFileSync(path.join(window.ui.folder, 'new.csv'), `${rows.slice(0, 4).join('\n')}\n`);
    await workbench.answerFileDialog(page, path.join(window.ui.folder, 'new.csv'));
    await workbench.answerFileDialog(page, path.join(window.ui.folder, 'new-predictions.csv'));
    await page.locator('.tab', { hasText: 'new-predictions.csv' }).waitFor();
    const text = fs.readFileSync(path.join(window.ui.folder, 'new-predictions.csv'), 'utf8');
    assert.match(text.split('\n')[0] ?? '', /,predicted,probability of /);
    assert.equal(text.trim().split('\n').length, 4);
  });

  it('exports the weights where the user says', async () => {
    await fromMenu(page, row(/penguins/), 'Export the Weights');
    await workbench.pick(page, 'safetensors');
    const file = path.join(window.ui.folder, 'mine.safetensors');
    await workbench.answerFileDialog(page, file);
    await page.locator('.notification-toast', { hasText: 'Wrote' }).waitFor();
    assert.ok(fs.statSync(file).size > 500);
    await workbench.runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('resumes a run that was stopped', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Explorer"]').first().click();
    await trainFromMenu(page, 'long.train.yaml');
    // The command is enabled while a run trains; an older plot may be open already.
    await page.locator('.statusbar-item', { hasText: /penguins: epoch \d/ }).waitFor();
    await workbench.runCommand(page, 'Trainbench: Stop Training and Keep the Run');
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    const stopped = row(/penguins.*stopped/);
    await stopped.waitFor();
    await fromMenu(page, stopped, 'Resume a Run');
    await row(/penguins.*training/).waitFor();
    await shoot(page, 'runs-training-dark');
    await fromMenu(page, row(/penguins.*training/), 'Stop Training');
    await row(/penguins.*stopped/).waitFor();
  });

  it('deletes a run only after it asked', async () => {
    const count = runFolders().length;
    assert.equal(count, 2);
    await fromMenu(page, row(/penguins.*stopped/), 'Delete a Run');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await shoot(page, 'runs-delete-dark');
    await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
    assert.equal(runFolders().length, count);
    await fromMenu(page, row(/penguins.*stopped/), 'Delete a Run');
    await dialog.locator('.monaco-button', { hasText: /^Delete$/ }).click();
    const forGood = dialog.locator('.monaco-button', { hasText: 'Delete for Good' });
    // Where there is no trash, VS Code asks once more.
    await poll(async () => (await forGood.isVisible()) || runFolders().length < count);
    if (await forGood.isVisible()) await forGood.click();
    await row(/penguins.*stopped/).waitFor({ state: 'detached' });
    assert.equal(runFolders().length, count - 1);
  });

  it('offers Train above a config, and Predict once it has a run', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Explorer"]').first().click();
    await workbench.explorerRow(page, 'penguins.train.yaml').dblclick();
    const lens = page.locator('.codelens-decoration a');
    await lens.filter({ hasText: 'Train' }).first().waitFor();
    await lens.filter({ hasText: 'Predict CSV' }).first().waitFor();
    await shoot(page, 'codelens-dark');
  });

  it('opens a sample of its own folder', async () => {
    await workbench.runCommand(page, 'Trainbench: Open Sample');
    const samples = page.locator('.quick-input-list .monaco-list-row');
    await samples.filter({ hasText: 'species' }).first().click();
    await workbench.pick(page, 'In a folder of Trainbench');
    const tabs = page.locator('.tab', { hasText: 'penguins.train.yaml' });
    await tabs.nth(1).waitFor();
    await shoot(page, 'sample-dark');
  });

  it('walks through a first model', async () => {
    await workbench.runCommand(page, 'Welcome: Open Walkthrough');
    await workbench.pick(page, 'Train your first model');
    await page.locator('.gettingStartedContainer', { hasText: 'Open the sample' }).waitFor();
    await shoot(page, 'walkthrough-dark');
  });

  looksRightInThemes(window, 'runs', async () => {
    if (!(await row(/penguins/).isVisible())) {
      await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    }
    await row(/penguins/).waitFor();
  });
});

async function fromMenu(page: Page, row: Locator, label: string): Promise<void> {
  await workbench.chooseInMenu(page, row, label);
}
