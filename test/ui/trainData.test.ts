/** From any table to a curve in three clicks, in a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { pngFile, writeFiles } from '../kit/imageFiles.ts';
import { chooseForFile, plotData, shoot, untilActive, untilPlotState, useWindow } from './uiKit.ts';

/** Two classes of small pictures. */
function shapes(): Readonly<Record<string, Buffer>> {
  const bar = (upright: boolean, i: number) =>
    pngFile({ height: 16, width: 16 }, (y, x) =>
      (upright ? x : y) % 16 === i ? [255, 255, 255] : [0, 0, 0],
    );
  const files = Array.from({ length: 16 }, (_, i) => [
    [`level/${i}.png`, bar(false, i)] as const,
    [`upright/${i}.png`, bar(true, i)] as const,
  ]);
  return Object.fromEntries(files.flat());
}

describe('Train on This Data', () => {
  const window = useWindow({
    prepare({ folder }) {
      fs.copyFileSync(path.join(folder, 'penguins.csv'), path.join(folder, 'birds.csv'));
      fs.writeFileSync(path.join(folder, 'single.csv'), 'a\n1\n2\n');
      writeFiles(path.join(folder, 'shapes'), shapes());
      fs.mkdirSync(path.join(folder, 'texts'));
      fs.writeFileSync(path.join(folder, 'texts', 'a.txt'), 'no image');
    },
  });
  let page: Page;

  before(async () => {
    ({ page } = window);
    // The extension is there when its menu entries are.
    await untilActive(page, 'penguins.train.yaml');
  });

  async function choose(file: string): Promise<void> {
    await chooseForFile(page, file, 'Train on This Data');
  }

  const picks = (text: string) =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  const toast = (text: string) => page.locator('.notification-toast', { hasText: text });

  it('writes a config with its reasons beside the data, and trains it', async () => {
    await choose('birds.csv');
    const likeliest = picks('Species').filter({ hasText: 'likeliest: its name says so' });
    await likeliest.filter({ hasText: 'a class: 0 152, 1 124, 2 68' }).waitFor();
    await picks('BodyMass').filter({ hasText: 'a number: 2700 to 6300' }).waitFor();
    await shoot(page, 'train-data-target-dark');
    await likeliest.click();
    await page.locator('.tab', { hasText: 'birds.train.yaml' }).waitFor();
    const offer = toast('birds.train.yaml says how to train');
    await offer.waitFor();
    await shoot(page, 'train-data-dark');
    await offer.locator('.monaco-button', { hasText: 'Train' }).click();
    await untilPlotState(page, 'completed');
    assert.ok(Number((await plotData(page))['points']) > 10);
    await shoot(page, 'train-data-trained-dark');
  });

  it('asks before it writes another beside one that is there', async () => {
    const file = path.join(window.ui.folder, 'birds.train.yaml');
    fs.appendFileSync(file, '# mine\n');
    await choose('birds.csv');
    const question = toast('birds.train.yaml exists already');
    await question.waitFor();
    await question.locator('.monaco-button', { hasText: 'Write Another' }).click();
    await picks('BodyMass').click();
    await page.locator('.tab', { hasText: 'birds-2.train.yaml' }).waitFor();
    const second = fs.readFileSync(path.join(window.ui.folder, 'birds-2.train.yaml'), 'utf8');
    assert.match(second, /^task: regression/m);
    assert.match(fs.readFileSync(file, 'utf8'), /# mine/);
  });

  it('says why there is nothing to learn from a table', async () => {
    await choose('single.csv');
    await toast(
      'There is no model to propose for single.csv: the file has only one column',
    ).waitFor();
    await shoot(page, 'train-data-refused-dark');
    assert.ok(!fs.existsSync(path.join(window.ui.folder, 'single.train.yaml')));
  });

  it('proposes a network for a folder of images', async () => {
    await choose('shapes');
    await page.locator('.tab', { hasText: 'shapes.train.yaml' }).waitFor();
    await toast('shapes.train.yaml says how to train').waitFor();
    await shoot(page, 'train-data-images-dark');
    const text = fs.readFileSync(path.join(window.ui.folder, 'shapes.train.yaml'), 'utf8');
    assert.match(text, /image_classification # 2 classes .*: level 16, upright 16/);
  });

  it('says what a folder without images lacks', async () => {
    await choose('texts');
    await toast('it has no folders; each class needs one with its images').waitFor();
    assert.ok(!fs.existsSync(path.join(window.ui.folder, 'texts.train.yaml')));
  });

  it('offers the tables of the workspace from the palette, and folders', async () => {
    await workbench.runCommand(page, 'Notifications: Clear All Notifications');
    await workbench.runCommand(page, 'Trainbench: Train on This Data');
    await picks('A Folder of Images…').waitFor();
    await shoot(page, 'train-data-palette-dark');
    await picks('single.csv').click();
    await toast('There is no model to propose for single.csv').waitFor();
  });
});
