/** The main job in a real VS Code with the packaged extension: right-click, train, read the plot. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { looksRightInThemes } from './themes.ts';
import {
  canvasColors,
  corePids,
  plot,
  plotData,
  poll,
  shoot,
  statusItem,
  trainFromMenu,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

describe('Train This Config', () => {
  const window = useWindow();
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  it('draws the loss of every step after a right-click on the sample', async () => {
    await trainFromMenu(page, 'penguins.train.yaml');
    await statusItem(page)
      .filter({ hasText: /loss \d/ })
      .waitFor();
    await untilPlotState(page, 'completed');
    const data = await plotData(page);
    assert.equal(data['epochs'], '100');
    // 239 training rows of 342, four times each, in batches of 20.
    assert.equal(Number(data['points']), 100 * Math.ceil((239 * 4) / 20));
    assert.ok(Number(data['lastLoss']) < 0.3, JSON.stringify(data));
    assert.ok(Number(data['lastValidationLoss']) < 0.5, JSON.stringify(data));
    assert.ok((await canvasColors(page, 'loss')) > 8, 'the loss chart is blank');
    assert.ok(
      (await canvasColors(page, 'metric-accuracy')) > 4,
      'the chart of the accuracy is blank',
    );
    await shoot(page, 'trained-dark');
  });

  it('says how it went in the status bar, in words, and to a screen reader', async () => {
    assert.match(
      await statusItem(page).innerText(),
      /penguins: loss 0\.\d+, validation loss 0\.\d+/,
    );
    const view = workbench.webview(page);
    assert.match(await view.locator('#verdict').innerText(), /\d+ of \d+ right/);
    assert.match(
      await view.locator('#announcement').innerText(),
      /Epoch 100 of 100: training loss/,
    );
  });

  it('shows the same again after its tab was hidden', async () => {
    const before = await plotData(page);
    await workbench.explorerRow(page, 'README.md').dblclick();
    await page.locator('.tab', { hasText: 'README.md' }).waitFor();
    await page.locator('.tab', { hasText: 'Loss: penguins' }).click();
    await untilPlotState(page, 'completed');
    assert.deepEqual(await plotData(page), before);
  });

  it('pauses, continues and stops from the plot', async () => {
    await trainFromMenu(page, 'long.train.yaml');
    await untilPlotState(page, 'running');
    const view = workbench.webview(page);
    await view.locator('#pause').click();
    await untilPlotState(page, 'paused');
    await shoot(page, 'paused-dark');
    const paused = Number((await plotData(page))['points']);
    await view.locator('#continue').click();
    await untilPlotState(page, 'running');
    await plot(page).evaluate(
      (node, points) =>
        new Promise<void>((resolve) => {
          const more = () =>
            Number((node as HTMLElement).dataset['points']) > points
              ? resolve()
              : void requestAnimationFrame(more);
          more();
        }),
      paused,
    );
    await view.locator('#stop').click();
    await untilPlotState(page, 'stopped');
    await statusItem(page).filter({ hasText: 'stopped' }).waitFor();
  });

  it('asks before it stops one run for another', async () => {
    await trainFromMenu(page, 'long.train.yaml');
    await untilPlotState(page, 'running');
    await trainFromMenu(page, 'penguins.train.yaml');
    const toast = page.locator('.notification-toast', { hasText: 'still training' });
    await toast.waitFor();
    await shoot(page, 'still-training-dark');
    await toast.locator('.monaco-button', { hasText: 'Stop and Keep It' }).click();
    await untilPlotState(page, 'completed');
    assert.equal((await plotData(page))['epochs'], '100');
  });

  it('offers the configs of the workspace when none is open', async () => {
    for (const tab of ['README.md', 'Loss: penguins']) await workbench.closeTab(page, tab);
    await workbench.runCommand(page, 'Trainbench: Train This Config');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'penguins' }).first().waitFor();
    assert.equal(await rows.count(), 3);
    // Last is the one that cannot be trained.
    await rows.last().filter({ hasText: 'Cannot be trained: 1 problem' }).waitFor();
    await shoot(page, 'pick-config-dark');
    await rows.filter({ hasText: 'penguins' }).first().click();
    await untilPlotState(page, 'completed');
  });

  it('points to the line that is wrong in a bad config', async () => {
    const row = workbench.explorerRow(page, 'bad.train.yaml');
    const instead = 'Show Problems of This Config';
    const labels = await workbench.menuLabels(await workbench.openMenu(page, row, instead));
    assert.ok(!labels.includes('Train This Config'), labels.join('; '));
    await workbench.closeMenu(page);
    // Who picks it from the list is told, too.
    await workbench.runCommand(page, 'View: Close All Editors');
    await workbench.runCommand(page, 'Trainbench: Train This Config');
    await workbench.pick(page, 'Cannot be trained');
    const toast = page.locator('.notification-toast', { hasText: 'cannot be trained' });
    await toast.waitFor();
    await shoot(page, 'bad-config-dark');
    assert.equal(await page.locator('.tab').count(), 0, 'a plot of nothing opened');
    await toast.locator('.monaco-button', { hasText: 'Show Problems' }).click();
    await page
      .locator('.markers-panel .monaco-list-row', { hasText: 'batch_sise' })
      .first()
      .waitFor();
    await shoot(page, 'problems-dark');
  });

  it('ends its core with the window, and starts another with the next', async () => {
    const [before] = corePids(window.ui);
    assert.ok(before);
    await page.reload();
    await poll(
      () =>
        corePids(window.ui).some((pid) => pid !== before) && !corePids(window.ui).includes(before),
    );
    // VS Code may bring back the plot of an earlier run, which is none of this test's business.
    await workbench.runCommand(page, 'View: Close All Editors');
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
  });

  looksRightInThemes(window, 'plot', async () => {
    assert.ok((await canvasColors(page, 'loss')) > 8);
  });
});
