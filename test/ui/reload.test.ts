/** What a reload of the window leaves: every view comes back as it was. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { reloadWindow, untilKept, viewOfTab } from './reloadKit.ts';
import { plotData, shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

describe('a reload of the window', () => {
  const window = useWindow();
  let page: Page;

  before(async () => {
    ({ page } = window);
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
  });

  const runs = () => fs.readdirSync(path.join(window.ui.folder, 'runs'));

  it('brings plot, form and weights back as they were', async () => {
    const plot = await plotData(page);
    await workbench.runCommand(page, 'Trainbench: Show Weights');
    const weights = await viewOfTab(page, 'Weights: penguins', 'section[data-step]');
    await weights.locator('#layout').selectOption('pytorch');
    await weights.locator('#moment').focus();
    await page.keyboard.press('Home');
    await weights.locator('output').filter({ hasText: 'Epoch 0, step 0' }).waitFor();
    await workbench.runCommand(page, 'Trainbench: Predict with a Run');
    const form = await viewOfTab(page, 'Predict: penguins', '#answer');
    await form.getByLabel('BodyMass').fill('4321');
    await untilKept(page, 'lossPlot', 'weights', 'pytorch', '4321');

    await reloadWindow(page);
    await viewOfTab(page, 'Predict: penguins', '#view[data-ready="true"] #answer');
    const again = await viewOfTab(page, 'Predict: penguins', '#answer');
    assert.equal(await again.getByLabel('BodyMass').inputValue(), '4321');
    await shoot(page, 'reload-predict-dark');
    const tensors = await viewOfTab(page, 'Weights: penguins', 'section[data-step="0"]');
    await tensors.locator('output').filter({ hasText: 'Epoch 0, step 0' }).waitFor();
    assert.equal(await tensors.locator('#layout').inputValue(), 'pytorch');
    await tensors.locator('.shape').filter({ hasText: '[out, in]' }).first().waitFor();
    await shoot(page, 'reload-weights-dark');
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="completed"]');
    assert.deepEqual(await plotData(page), plot);
    await shoot(page, 'reload-plot-dark');
    assert.equal(await page.locator('.tab').count(), 3);
  });

  it('brings a plot back as often as it is asked for', async () => {
    for (let i = 0; i < 3; i++) {
      await untilKept(page, 'lossPlot');
      await reloadWindow(page);
      await viewOfTab(page, 'Loss: penguins', '#view[data-state="completed"]');
    }
    assert.equal((await plotData(page))['points'], '4800');
  });

  it('says in its tab why a view does not come back', async () => {
    await untilKept(page, 'lossPlot');
    for (const name of runs()) {
      fs.renameSync(path.join(window.ui.folder, 'runs', name), path.join(window.ui.folder, name));
    }
    await reloadWindow(page);
    const notice = await viewOfTab(page, 'Loss: penguins', 'p[role="alert"]');
    assert.match(
      await notice.locator('p').innerText(),
      /^This view could not be shown again: .*penguins/,
    );
    await shoot(page, 'reload-gone-dark');
  });
});
