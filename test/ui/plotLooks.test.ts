/** The loss plot as it looks: the rate of a schedule, the table and its file, a further theme. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { headerBytes } from '../../src/shared/columns/columnFormat.ts';
import { writeSyntheticRun } from '../kit/syntheticRuns.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { hoverAt, openRunFromTree, readoutValues, untilChart } from './plotKit.ts';
import { setTheme, shootStill } from './themes.ts';
import { shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

const schedule = '{ type: CosineDecay, initial_learning_rate: 0.001, decay_steps: 4800 }';

/** The sample with a learning rate that falls step by step. */
function writeScheduled({ folder }: Ui): void {
  const text = fs.readFileSync(path.join(folder, 'penguins.train.yaml'), 'utf8');
  const scheduled = text.replace(/learning_rate: [\d.]+/, `learning_rate: ${schedule}`);
  fs.writeFileSync(path.join(folder, 'scheduled.train.yaml'), scheduled);
}

function prepare(ui: Ui): void {
  writeScheduled(ui);
  const runs = path.join(ui.folder, 'runs');
  writeSyntheticRun(runs, { name: 'lengthy', steps: 200_000, stepsPerEpoch: 10, seed: 5 });
}

const rateChart = 'metric-learning_rate';

describe('the looks of the loss plot', () => {
  const window = useWindow({ prepare });
  let page: Page;
  const view = () => workbench.webview(page);

  before(() => {
    ({ page } = window);
  });

  it('shows the learning rate of every step where it follows a schedule', async () => {
    await trainFromMenu(page, 'scheduled.train.yaml');
    await untilPlotState(page, 'completed');
    await untilChart(page, rateChart, ({ lines, points }) => lines === '2' && points === '4900');
    assert.equal(await view().locator('#rate').isChecked(), true);
    await hoverAt(page, rateChart, 0.5, 0.5);
    const values = await readoutValues(page, rateChart);
    const step = values.find(({ kind }) => kind === 'step')!;
    const runs = path.join(window.ui.folder, 'runs');
    const name = fs.readdirSync(runs).find((found) => /^\d/.test(found))!;
    const bytes = fs.readFileSync(path.join(runs, name, 'columns', 'learning_rate.f32'));
    const rates = new Float32Array(Uint8Array.from(bytes.subarray(headerBytes)).buffer);
    const index = Math.round(step.x * 48) - 1;
    const expected = 0.0005 * (1 + Math.cos((Math.PI * index) / 4800));
    assert.equal(step.value, rates[index]);
    assert.ok(Math.abs(step.value - expected) < 1e-9, `${step.value} at ${index}`);
    await shoot(page, 'plot-rate-dark');
    await view().locator('#rate').uncheck();
    await view().locator(`#${rateChart}`).waitFor({ state: 'detached' });
  });

  it('shows a long table a page at a time, and saves all of it', async () => {
    await openRunFromTree(page, 'lengthy');
    await untilChart(page, 'loss', ({ lines }) => lines === '3');
    await view().locator('#showTable').click();
    const rows = view().locator('#epochs vscode-data-grid-row[row-type="default"]');
    await rows.nth(99).waitFor();
    assert.equal(await rows.count(), 100);
    assert.equal(await view().locator('#epochs').getAttribute('role'), 'grid');
    await view().locator('#nextRows').click();
    await rows.first().filter({ hasText: '1010' }).waitFor();
    assert.equal(await rows.count(), 100);
    await view().locator('#table').scrollIntoViewIfNeeded();
    await shoot(page, 'plot-grid-dark');
    await view().locator('#exportCsv').click();
    await page.locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
    const target = path.join(window.ui.folder, 'runs', 'lengthy-epochs.csv');
    await page.locator('.tab', { hasText: 'lengthy-epochs.csv' }).waitFor();
    await shoot(page, 'plot-grid-saved-dark');
    const lines = fs.readFileSync(target, 'utf8').trim().split(/\r?\n/);
    assert.equal(lines.length, 20_001);
    assert.match(lines[0]!, /^epoch,step,loss,val_loss,accuracy,val_accuracy,learning_rate/);
    assert.match(lines[20_000]!, /^20000,200000,/);
    await workbench.closeTab(page, 'lengthy-epochs.csv');
  });

  it('looks right in Light High Contrast', async () => {
    await setTheme(window, 'contrastLight');
    await view().locator('#rate').check();
    await hoverAt(page, 'loss', 0.4, 0.5);
    await readoutValues(page, 'loss');
    await shootStill(page, 'plot-contrast-light');
    const button = view().locator('#showTable');
    if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
    await view().locator('#epochs vscode-data-grid-row').first().waitFor();
    await view().locator('#table').scrollIntoViewIfNeeded();
    await shootStill(page, 'plot-grid-contrast-light');
  });
});
