/** The evaluation view in a real VS Code: a table of classes, images, numbers; choices, a file, a reload. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { reloadWindow, untilKept, viewOfTab } from './reloadKit.ts';
import { looksRightInThemes } from './themes.ts';
import { shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

/** A year of hours in a table like those of energy data: what a building uses, from the weather. */
const energyConfig = `task: regression
data:
  path: energy.csv
  features: [{ name: temperature, normalize: zscore }, { name: hour, normalize: zscore }]
  target: load
model:
  - { type: Dense, units: 16, activation: relu }
  - { type: Dense, units: 1 }
training:
  epochs: 40
  optimizer: { type: Adam, learning_rate: 0.01 }
  loss: mean_squared_error
  metrics: [mae, rmse, r2]
`;

function energyRows(): string {
  const lines = Array.from({ length: 400 }, (_, i) => {
    const [temperature, hour] = [10 + 12 * Math.sin(i / 9), i % 24];
    const load = 20 + 0.4 * Math.abs(temperature - 15) + 5 * Math.sin((hour - 6) / 4);
    return `${temperature.toFixed(2)},${hour},${load.toFixed(3)}`;
  });
  return `temperature,hour,load\n${lines.join('\n')}\n`;
}

/** So many that nobody is done with them before a click: the penguins, again and again. */
function manyRows(csv: string): string {
  const [head, ...rows] = fs.readFileSync(csv, 'utf8').trim().split('\n');
  return `${head}\n${`${rows.join('\n')}\n`.repeat(6000)}`;
}

describe('Evaluate', () => {
  const window = useWindow();
  let page: Page;

  const evaluated = async (name: string): Promise<FrameLocator> =>
    viewOfTab(page, `Evaluation: ${name}`, '#view[data-ready="true"] #verdict');
  const openFor = async (name: string, config: string) => {
    await trainFromMenu(page, config);
    await untilPlotState(page, 'completed');
    await workbench.runCommand(page, 'Trainbench: Evaluate a Run');
    await workbench.pick(page, name);
    return evaluated(name);
  };

  before(() => {
    ({ page } = window);
    const { folder } = window.ui;
    fs.writeFileSync(path.join(folder, 'energy.csv'), energyRows());
    fs.writeFileSync(path.join(folder, 'energy.train.yaml'), energyConfig);
    fs.cpSync('samples/digits', path.join(folder), { recursive: true });
  });

  it('tells figures beside those of a guess and of the training', async () => {
    const view = await openFor('penguins', 'penguins.train.yaml');
    assert.match(await view.locator('#verdict').innerText(), /^\d+ of 103 right/);
    // Types of cells are ours and there at once; their roles are the toolkit's and come a moment later.
    const head = await view.locator('#figures [cell-type="columnheader"]').allInnerTexts();
    assert.deepEqual(head, [
      'Metric',
      'Validation Rows (103)',
      'Without a Model',
      'Validation, Epoch 100',
      'Training, Epoch 100',
    ]);
    const loss = view.locator('#figures vscode-data-grid-row').nth(1);
    assert.equal(await loss.locator('[role="rowheader"]').innerText(), 'Loss');
    const cells = await loss.locator('[cell-type="default"]').allInnerTexts();
    assert.equal(cells[0], cells[2]);
    const counts = await view.locator('#confusion .count > :first-child').allInnerTexts();
    assert.equal(counts.length, 9);
    assert.equal(
      counts.reduce((sum, count) => sum + Number(count), 0),
      103,
    );
    assert.equal(await view.locator('#worst [cell-type="rowheader"]').count(), 24);
    await shoot(page, 'evaluate-penguins-dark');
  });

  it('takes other rows and other weights', async () => {
    const view = await evaluated('penguins');
    await view.locator('#rows').selectOption('train');
    await view.locator('#view[data-part="train"][data-ready="true"]').waitFor();
    await view.locator('#weights').selectOption('0');
    await view.locator('#about', { hasText: 'after step 0, epoch 0' }).waitFor();
    assert.match(await view.locator('#verdict').innerText(), /of 956 right/);
  });

  it('names the rows of a file that it cannot take', async () => {
    const file = path.join(window.ui.folder, 'penguins.csv');
    const view = await evaluated('penguins');
    await view.locator('#rows').selectOption('choose');
    await workbench.answerFileDialog(page, file);
    await view.locator('#view[data-part="file"][data-ready="true"]').waitFor();
    assert.match(await view.locator('#problems').innerText(), /row 4, column `CulmenLength`/);
    await view.locator('#save-csv').click();
    const target = path.join(window.ui.folder, 'evaluation.csv');
    await workbench.answerFileDialog(page, target);
    await page.locator('.tab', { hasText: 'evaluation.csv' }).waitFor();
    assert.equal(fs.readFileSync(target, 'utf8').trim().split('\n').length, 343);
    await workbench.closeTab(page, 'evaluation.csv');
  });

  it('comes back after a reload with the same rows and weights', async () => {
    await evaluated('penguins');
    await untilKept(page, 'evaluate', 'dataFile');
    await reloadWindow(page);
    const view = await evaluated('penguins');
    await view.locator('#view[data-part="file"]').waitFor();
  });

  it('stops where the user cancels, and goes on with other rows', async () => {
    const file = path.join(window.ui.folder, 'many.csv');
    fs.writeFileSync(file, manyRows(path.join(window.ui.folder, 'penguins.csv')));
    const view = await evaluated('penguins');
    await view.locator('#rows').selectOption('choose');
    await workbench.answerFileDialog(page, file);
    await view.locator('#cancel').click();
    await view.locator('#message', { hasText: 'You cancelled the evaluation.' }).waitFor();
    assert.ok(await view.locator('#cancel').isHidden());
    assert.equal(await view.locator('#verdict').count(), 0);
    await view.locator('#rows').selectOption('validation');
    await view.locator('#view[data-part="validation"][data-ready="true"] #verdict').waitFor();
    assert.ok(await view.locator('#work').isHidden());
    fs.rmSync(file);
  });

  it('shows the worst images as pictures', async () => {
    const view = await openFor('digits', 'digits.train.yaml');
    assert.equal(await view.locator('#confusion .count').count(), 100);
    assert.equal(await view.locator('#worst figure canvas').count(), 24);
    await view.locator('#worst').scrollIntoViewIfNeeded();
    await shoot(page, 'evaluate-digits-dark');
  });

  it('takes a folder of images where the run is over images', async () => {
    const folder = path.join(window.ui.folder, 'images');
    const view = await evaluated('digits');
    await view.locator('#rows').selectOption('choose');
    await workbench.pick(page, 'A Folder of Images…');
    await workbench.answerFileDialog(page, folder);
    await view.locator('#view[data-part="file"][data-ready="true"]').waitFor();
    const images = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const count = images.filter((name) => name.endsWith('.png')).length;
    assert.match(await view.locator('#verdict').innerText(), new RegExp(`of ${count} right`));
  });

  it('draws predicted against true numbers, and how far they are apart', async () => {
    const view = await openFor('energy', 'energy.train.yaml');
    await view.locator('canvas.scatter').waitFor();
    await view.locator('#residuals canvas').waitFor();
    await shoot(page, 'evaluate-energy-dark');
  });

  looksRightInThemes(window, 'evaluate', async () => {
    const view = await evaluated('energy');
    await view.locator('#verdict').scrollIntoViewIfNeeded();
  });
});
