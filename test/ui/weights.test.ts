/** The weights view in a real VS Code: of a finished run, of one that trains, and how it looks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { frameWith } from './reloadKit.ts';
import { looksRightInThemes } from './themes.ts';
import { shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

/** The lab's network: its tensors as the lab prints them. */
const shapes = ['5 × 10', '10', '10 × 10', '10', '10 × 3', '3'];

describe('Show Weights', () => {
  const window = useWindow();
  let page: Page;
  let frame: Frame;

  before(() => {
    ({ page } = window);
  });

  const section = (name: string) => frame.locator(`section[data-name="${name}"]`);

  it('opens from the title of the loss plot with every tensor of the run', async () => {
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
    await page.locator('.tab', { hasText: 'Loss: penguins' }).click();
    await page.locator('.editor-actions .action-label[aria-label^="Show Weights"]').click();
    frame = await frameWith(page, '#moment');
    await frame.locator('section[data-step]').first().waitFor();
    const lines = await frame.locator('.shape').allInnerTexts();
    assert.deepEqual(
      lines.map((line) => line.split(' · ')[0]),
      shapes,
    );
    await shoot(page, 'weights-dark');
  });

  it('draws a cell for each value and says the one under the mouse', async () => {
    const first = frame.locator('section').first();
    assert.equal(await first.getAttribute('data-cells'), '5x10');
    const canvas = first.locator('.heatmap');
    await canvas.hover({ position: { x: 3 * 28 + 5, y: 2 * 28 + 5 } });
    const readout = first.locator('.readout');
    await readout.filter({ hasText: /^\[2, 3\]: -?\d/ }).waitFor();
    assert.ok((await colors(canvas)) > 20, 'the heatmap is blank');
    assert.ok((await colors(first.locator('.histogram'))) > 1, 'the histogram is blank');
  });

  it('reads the values with the arrow keys', async () => {
    const first = frame.locator('section').first();
    await frame.locator('h1').hover(); // what the mouse is over counts too
    await first.locator('.heatmap').focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'End', 'ArrowLeft'])
      await page.keyboard.press(key);
    await first
      .locator('.readout')
      .filter({ hasText: /^\[1, 8\]: / })
      .waitFor();
  });

  it('shows the numbers as a table, in the layout of PyTorch too', async () => {
    const name = await frame.locator('section').nth(4).getAttribute('data-name');
    const last = section(name!);
    await last.locator('summary').click();
    const rows = last.locator('.numbers [role="row"]');
    await rows.nth(10).waitFor();
    assert.equal(await rows.count(), 11);
    const value = await rows.nth(3).locator('[role="gridcell"]').nth(1).innerText();
    await frame.locator('#layout').selectOption('pytorch');
    await last.locator('.shape').filter({ hasText: '3 × 10 · [out, in]' }).waitFor();
    await rows.nth(4).waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 4);
    assert.equal(await rows.nth(2).locator('[role="gridcell"]').nth(2).innerText(), value);
    await shoot(page, 'weights-numbers-dark');
    await frame.locator('#layout').selectOption('keras');
  });

  it('goes back to the first weights with the slider', async () => {
    const slider = frame.locator('#moment');
    assert.equal(await frame.locator('output').innerText(), 'final, used to predict');
    const final = await frame.locator('section').first().getAttribute('data-step');
    assert.ok(Number(final) > 0);
    await slider.focus();
    await page.keyboard.press('Home');
    await frame.locator('output').filter({ hasText: 'Epoch 0, step 0' }).waitFor();
    await frame.locator('section[data-step="0"]').first().waitFor();
    await page.keyboard.press('End');
    await frame.locator(`section[data-step="${final}"]`).first().waitFor();
  });

  it('follows a run that trains', async () => {
    await workbench.closeTab(page, 'Weights: penguins');
    await trainFromMenu(page, 'long.train.yaml');
    await untilPlotState(page, 'running');
    await workbench.runCommand(page, 'Trainbench: Show Weights');
    frame = await frameWith(page, '#moment');
    const first = frame.locator('section[data-step]').first();
    await first.waitFor();
    const steps = new Set<string | null>();
    await workbench.until('weights of three steps', async () => {
      steps.add(await first.getAttribute('data-step'));
      return steps.size >= 3;
    });
    await frame.locator('#view[data-live="true"]').waitFor();
    await workbench.runCommand(page, 'Trainbench: Stop Training');
    await frame.locator('#view[data-live="false"]').waitFor();
  });

  it('shows a big kernel in blocks, and its numbers window by window', async () => {
    await workbench.closeTab(page, 'Weights: penguins');
    const sample = fs.readFileSync(path.join(window.ui.folder, 'penguins.train.yaml'), 'utf8');
    const big = sample.replace(/units: 10\b/g, 'units: 500').replace(/epochs: \d+/, 'epochs: 2');
    fs.writeFileSync(path.join(window.ui.folder, 'big.train.yaml'), big);
    await trainFromMenu(page, 'big.train.yaml');
    await untilPlotState(page, 'completed');
    await workbench.runCommand(page, 'Trainbench: Show Weights');
    frame = await frameWith(page, '#moment');
    const kernel = section('fc2/kernel');
    await kernel.scrollIntoViewIfNeeded();
    await frame.locator('section[data-name="fc2/kernel"][data-cells="167x250"]').waitFor();
    await kernel.locator('.heatmap').hover({ position: { x: 10, y: 5 } });
    const block = /^\[15–17, 20–21\]: mean -?\d\S*, from -?\d\S* to -?\d/;
    await kernel.locator('.readout').filter({ hasText: block }).waitFor();
    await kernel.locator('summary').click();
    const place = kernel.locator('.place');
    await place.filter({ hasText: 'Rows 0 to 31 of 500, columns 0 to 15 of 500' }).waitFor();
    await kernel.getByRole('button', { name: 'Columns After' }).click();
    await place.filter({ hasText: 'columns 16 to 31 of 500' }).waitFor();
    await shoot(page, 'weights-big-dark');
  });

  looksRightInThemes(window, 'weights', async () => {
    assert.ok((await colors(frame.locator('.heatmap').first())) > 20);
  });
});

/** How many different colours a canvas has: a blank one has one. */
function colors(canvas: ReturnType<Frame['locator']>): Promise<number> {
  return canvas.evaluate((node) => {
    const { width, height } = node as HTMLCanvasElement;
    const { data } = (node as HTMLCanvasElement)
      .getContext('2d')!
      .getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
