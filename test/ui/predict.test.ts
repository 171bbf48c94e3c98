/** The form that asks a trained run, in a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import type { FrameLocator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { looksRightInThemes } from './themes.ts';
import { shoot, trainFromMenu, untilActive, untilPlotState, useWindow } from './uiKit.ts';

describe('Predict', () => {
  const window = useWindow();
  let page: Page;

  before(async () => {
    ({ page } = window);
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
  });

  it('opens from the title of the loss plot, filled in with the row of the config', async () => {
    await page.locator('.editor-actions .action-label[aria-label^="Predict with a Run"]').click();
    const view = await answered(page);
    assert.equal(await view.locator('h1').innerText(), 'Predict Species with penguins');
    assert.equal(await view.getByLabel('Island').inputValue(), 'Dream');
    assert.equal(await view.getByLabel('CulmenLength').inputValue(), '50.4');
    const rows = await view.locator('#chances li').allInnerTexts();
    const percents = rows.map((row) => Number(/([\d.]+)%/.exec(row)?.[1]));
    assert.equal(rows.length, 3);
    assert.ok(Math.abs(percents.reduce((a, b) => a + b) - 100) < 0.2, rows.join('; '));
    // The likeliest class is the answer.
    const names = rows.map((row) => row.split(/\s/)[0]);
    const best = names[percents.indexOf(Math.max(...percents))];
    assert.equal(await view.locator('#answer').innerText(), best);
  });

  it('opens from the button of a plot whose run is over, too', async () => {
    await workbench.closeTab(page, 'Predict: penguins');
    const plot = workbench.webview(page).locator('#view[data-state="completed"] #predict');
    await plot.click();
    const view = await answered(page);
    assert.equal(await view.getByLabel('CulmenLength').inputValue(), '50.4');
  });

  it('answers anew at every change', async () => {
    const view = await answered(page);
    const before = await view.locator('#chances').innerText();
    await view.getByLabel('CulmenLength').fill('38');
    await view.getByLabel('CulmenDepth').fill('19');
    await view.getByLabel('Island').selectOption('Torgersen');
    await answered(page);
    assert.notEqual(await view.locator('#chances').innerText(), before);
  });

  it('warns beyond the range that training saw, and refuses what is no number, at the field', async () => {
    const view = await answered(page);
    await view.getByLabel('BodyMass').fill('9000');
    assert.match(await view.locator('.notice.warning').innerText(), /Training saw 2700 to 6300/);
    await answered(page);
    await view.getByLabel('FlipperLength').fill('long');
    assert.equal(
      await view.locator('.notice.error').innerText(),
      'long is not a number. Write it like 12.5.',
    );
    assert.equal(await view.getByLabel('FlipperLength').getAttribute('aria-invalid'), 'true');
    await shoot(page, 'predict-problems-dark');
    await view.getByLabel('FlipperLength').fill('');
    assert.equal(await view.locator('.notice.error').innerText(), 'FlipperLength is needed.');
    await view.getByLabel('FlipperLength').fill('181');
    await answered(page);
  });

  it('keeps what was typed while its tab is hidden, and starts over on request', async () => {
    await workbench.explorerRow(page, 'README.md').dblclick();
    await page.locator('.tab', { hasText: 'README.md' }).waitFor();
    await page.locator('.tab', { hasText: 'Predict: penguins' }).click();
    const view = await answered(page);
    assert.equal(await view.getByLabel('BodyMass').inputValue(), '9000');
    await view.locator('#reset').click();
    await answered(page);
    assert.equal(await view.getByLabel('BodyMass').inputValue(), '5000');
  });

  it('offers the runs of the folder in a new window', async () => {
    await page.reload();
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    // VS Code brings the plot back; while a plot is in front, the command means its run without asking.
    await workbench.runCommand(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    await untilActive(page, 'penguins.train.yaml'); // the extension is there now
    await workbench.runCommand(page, 'Trainbench: Predict with a Run');
    const rows = page.locator('.quick-input-list .monaco-list-row', {
      hasText: /penguins.*% right/,
    });
    await rows.first().click();
    const view = await answered(page);
    assert.equal(await view.getByLabel('BodyMass').inputValue(), '5000');
  });

  looksRightInThemes(window, 'predict', async () => {
    const view = await answered(page);
    const [button, theme] = await view.locator('#reset').evaluate((node) => {
      const probe = document.body.appendChild(document.createElement('p'));
      probe.style.color = 'var(--vscode-button-secondaryForeground)';
      const colors = [node, probe].map((each) => getComputedStyle(each).color);
      probe.remove();
      return colors;
    });
    assert.equal(button, theme, 'the button has the colour of another theme');
  });
});

/** The form's page, once it shows the answer to what is in its fields. */
async function answered(page: Page): Promise<FrameLocator> {
  return workbench.untilFound('an answer in the form', async () => {
    const count = await page.locator('iframe.webview.ready').count();
    for (let nth = 0; nth < count; nth++) {
      const view = workbench.webview(page, nth);
      if ((await view.locator('#view[data-ready="true"] #answer').count()) > 0) return view;
    }
    return null;
  });
}
