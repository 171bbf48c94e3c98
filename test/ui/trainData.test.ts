/** From any table to a curve in three clicks, in a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { chooseForFile, plotData, shoot, untilActive, untilPlotState, useWindow } from './uiKit.ts';

describe('Train on This Data', () => {
  const window = useWindow({
    prepare({ folder }) {
      fs.copyFileSync(path.join(folder, 'penguins.csv'), path.join(folder, 'birds.csv'));
      fs.writeFileSync(path.join(folder, 'single.csv'), 'a\n1\n2\n');
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

  const toast = (text: string) => page.locator('.notification-toast', { hasText: text });

  it('writes a config with its reasons beside the data, and trains it', async () => {
    await choose('birds.csv');
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
    await page.locator('.tab', { hasText: 'birds-2.train.yaml' }).waitFor();
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
});
