/** A network on images in a real VS Code: its filters, and what it says of an image that is chosen. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { cifar10Files, writeFiles } from '../kit/imageFiles.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { frameWith } from './reloadKit.ts';
import { looksRightInThemes } from './themes.ts';
import {
  chooseForFile,
  shoot,
  trainFromMenu,
  type Ui,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');

describe('A network on images', () => {
  const window = useWindow({ prepare: addImages });
  let page: Page;

  before(async () => {
    ({ page } = window);
    await trainFromMenu(page, 'digits.train.yaml');
    await untilPlotState(page, 'completed');
  });

  describe('Predict', () => {
    let frame: Frame;

    const answer = (text: string) => frame.locator('#answer').filter({ hasText: text }).waitFor();

    it('shows the image of the config as the network sees it, beside the answer', async () => {
      await workbench.runCommand(page, 'Trainbench: Predict with a Run');
      frame = await frameWith(page, '#preview canvas');
      await answer('3');
      const canvas = frame.locator('#preview canvas');
      const size = await canvas.evaluate((node: HTMLCanvasElement) => [node.width, node.height]);
      assert.deepEqual(size, [16, 16]);
      const caption = await frame.locator('#preview figcaption').innerText();
      assert.equal(caption, 'As the network sees it: 16 × 16 pixels, grey');
      assert.ok((await colors(canvas)) > 5, 'the image is blank');
      await shoot(page, 'predict-image-dark');
    });

    it('lets the user choose another file', async () => {
      const file = path.join(window.ui.folder, 'images/8/05.png');
      await frame.locator('#browse').click();
      await workbench.answerFileDialog(page, file);
      await answer('8');
      assert.equal(await frame.getByLabel('image').inputValue(), file);
      await frame.locator('#preview:not([hidden])').waitFor();
    });

    it('says what is wrong with a file, and shows no image then', async () => {
      await frame.getByLabel('image').fill('penguins.csv');
      await frame.locator('#message').filter({ hasText: 'it is neither PNG nor JPEG' }).waitFor();
      assert.ok(await frame.locator('#preview').isHidden());
      await frame.locator('#reset').click();
      await answer('3');
    });

    looksRightInThemes(window, 'predict-image', () => answer('3'));
  });

  it('shows its layers with their feature maps in a look at its data', async () => {
    await chooseForFile(page, 'digits.train.yaml', 'Look at Data');
    const frame = await frameWith(page, '#view[data-state] [role="tab"]');
    await frame.getByRole('tab', { name: 'Network' }).click();
    const rows = await frame.locator('#network tr').allInnerTexts();
    assert.match(rows[1] ?? '', /conv2d \(Conv2D\)\s+16 × 16 × 8\s+80/);
    assert.equal(rows.length, 8);
    await shoot(page, 'look-network');
  });

  describe('Show Weights', () => {
    let frame: Frame;

    const bank = (tensor: string) => frame.locator(`section[data-name="${tensor}"] .bank`);
    const readout = (tensor: string, text: RegExp) =>
      bank(tensor).locator('.readout').filter({ hasText: text }).waitFor();

    before(async () => {
      await page.locator('.tab', { hasText: 'Loss: digits' }).click();
      await workbench.runCommand(page, 'Trainbench: Show Weights');
      frame = await frameWith(page, '.bank[data-filters]');
    });

    it('draws the filters of the first convolution as grey images', async () => {
      const first = bank('conv2d/kernel');
      assert.equal(await first.getAttribute('data-mode'), 'grey');
      assert.equal(await first.getAttribute('data-filters'), '8');
      const limits = await first.locator('.limits span').allInnerTexts();
      assert.equal(limits[1], '0');
      assert.equal(`-${limits[2]}`, limits[0]);
      assert.ok((await colors(first.locator('canvas'))) > 20, 'the filters are blank');
    });

    it('says the value under the mouse, which is that of the table', async () => {
      const canvas = bank('conv2d/kernel').locator('canvas');
      // Cells of 14 pixels, three in a filter, and a gap of 6: filter 1, row 2, column 0.
      await canvas.hover({ position: { x: 48 + 5, y: 2 * 14 + 5 } });
      await readout('conv2d/kernel', /^Filter 1, \[2, 0\]: -?\d/);
      const said = await bank('conv2d/kernel').locator('.readout').innerText();
      const section = frame.locator('section[data-name="conv2d/kernel"]');
      await section.locator('summary').click();
      const cell = section
        .locator('.numbers tr')
        .nth(1 + 6)
        .locator('td')
        .nth(1);
      assert.equal(said.split(': ')[1], await cell.innerText());
      await section.locator('summary').click();
    });

    it('draws those of a later one for each input channel', async () => {
      const second = bank('conv2d_1/kernel');
      await second.scrollIntoViewIfNeeded();
      assert.equal(await second.getAttribute('data-mode'), 'channel');
      await second.locator('.place').first().filter({ hasText: 'channel 0 of 8' }).waitFor();
      const canvas = second.locator('canvas');
      await canvas.focus();
      await readout('conv2d_1/kernel', /^Filter 0, \[0, 0\]: /);
      const before = await second.locator('.readout').innerText();
      await second.getByRole('button', { name: 'Next Input Channel' }).click();
      await second.locator('.place').first().filter({ hasText: 'channel 1 of 8' }).waitFor();
      await canvas.focus();
      await readout('conv2d_1/kernel', new RegExp(`^(?!${before.replaceAll(/[[\]]/g, '\\$&')}$)`));
      await shoot(page, 'weights-filters-channel');
    });

    it('draws those of colour photos in colour', async () => {
      await workbench.runCommand(page, 'View: Close All Editors');
      await trainFromMenu(page, 'photos.train.yaml');
      await untilPlotState(page, 'completed');
      await workbench.runCommand(page, 'Trainbench: Show Weights');
      frame = await frameWith(page, '.bank[data-mode="rgb"][data-filters]');
      const first = bank('conv1/kernel');
      assert.equal(await first.getAttribute('data-filters'), '64');
      await first.locator('canvas').hover({ position: { x: 4, y: 4 } });
      await readout('conv1/kernel', /^Filter 0, \[0, 0\]: red -?\d\S*, green -?\d\S*, blue -?\d/);
      await first.getByRole('button', { name: 'Filters After' }).click();
      await first
        .locator('.place')
        .filter({ hasText: 'Filters 64 to 95 of 96, counted from 0' })
        .waitFor();
      await frame.locator('.bank[data-mode="rgb"][data-filters="32"]').waitFor();
      await first.getByRole('button', { name: 'Filters Before' }).click();
      await frame.locator('.bank[data-mode="rgb"][data-filters="64"]').waitFor();
    });

    looksRightInThemes(window, 'weights-filters', async () => {
      assert.ok((await colors(bank('conv1/kernel').locator('canvas'))) > 100);
    });
  });
});

/** The digits sample, and a few photos in the true format of CIFAR-10. */
function addImages({ folder }: Ui): void {
  const digits = path.join(samples, 'digits');
  fs.cpSync(path.join(digits, 'images'), path.join(folder, 'images'), { recursive: true });
  fs.copyFileSync(path.join(digits, 'digits.train.yaml'), path.join(folder, 'digits.train.yaml'));
  writeFiles(path.join(folder, 'cifar-10-batches-bin'), cifar10Files());
  const text = fs
    .readFileSync(path.join(samples, 'cifar10-net/cifar10-net.train.yaml'), 'utf8')
    .replace('format: cifar10', 'format: cifar10\n  path: cifar-10-batches-bin\n ')
    .replace('filters: 6', 'filters: 96');
  fs.writeFileSync(path.join(folder, 'photos.train.yaml'), text);
}

function colors(canvas: Locator): Promise<number> {
  return canvas.evaluate((node) => {
    const { width, height } = node as HTMLCanvasElement;
    const context = (node as HTMLCanvasElement).getContext('2d')!;
    const { data } = context.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
