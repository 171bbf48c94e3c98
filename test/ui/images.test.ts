/** A network on images in a real VS Code: its filters, and what it says of an image that is chosen. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { cifar10Files, cifarSample, writeFiles } from '../kit/imageFiles.ts';
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

  describe('Explain This Step', () => {
    let frame: Frame;

    const maps = (key: string) => frame.locator(`[data-maps="${key}"]`);

    before(async () => {
      await page.locator('.tab', { hasText: 'Loss: digits' }).click();
      await workbench.runCommand(page, 'Trainbench: Explain This Step');
      frame = await frameWith(page, '#pictures canvas');
    });

    it('shows the batch as pictures, each with its class and loss', async () => {
      const photos = frame.locator('#pictures .photo');
      assert.equal(await photos.count(), 16);
      assert.ok((await colors(photos.first().locator('canvas'))) > 5, 'the image is blank');
      assert.match(await photos.first().innerText(), /^1 · \d\s+L = \d/);
      await photos.first().scrollIntoViewIfNeeded();
      await shoot(page, 'explain-pictures');
      await photos.nth(2).click();
      await frame.locator('#view[data-row="2"]').waitFor();
      assert.equal(await photos.nth(2).getAttribute('aria-pressed'), 'true');
    });

    it('draws what convolutions and pools make of it as maps', async () => {
      const first = maps('conv2d-out');
      await first.scrollIntoViewIfNeeded();
      assert.match(await first.innerText(), /8 maps of 16 × 16; values from 0 to \d/);
      assert.ok((await colors(first.locator('canvas'))) > 20, 'the maps are blank');
      assert.match(await maps('max_pooling2d-out').innerText(), /8 maps of 8 × 8;/);
      assert.equal(await frame.locator('[data-strip="conv2d-sums"]').count(), 0);
    });

    it('says the value under the mouse or the keyboard, and works out the one that is chosen', async () => {
      const first = maps('conv2d-out');
      // Cells of 3 pixels, 16 in a map, and a gap of 6: the second map, row 3, column 5.
      const position = { x: 48 + 6 + 4 * 3 + 1, y: 2 * 3 + 1 };
      await first.locator('canvas').hover({ position });
      const readout = first.locator('.readout').filter({ hasText: /^Map 2, place 3, 5: -?\d/ });
      await readout.waitFor();
      const said = (await readout.innerText()).split(': ')[1]!;
      await first.locator('canvas').click({ position });
      const unit = frame.locator('[data-layer="conv2d"] details');
      await unit.locator('summary', { hasText: 'Unit 3, 5, 2 worked out' }).waitFor();
      await unit.locator('summary').click();
      const formula = await unit.locator('.formulas').innerText();
      assert.ok(formula.trim().endsWith(`= ${said}`), `${formula} is not ${said}`);
      await first.locator('canvas').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await first
        .locator('.readout')
        .filter({ hasText: /^Map 1, place 2, 1: / })
        .waitFor();
    });

    looksRightInThemes(window, 'explain-images', async () => {
      await maps('conv2d-out').scrollIntoViewIfNeeded();
      assert.ok((await colors(maps('conv2d-out').locator('canvas'))) > 20);
    });
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
        .locator('.numbers [role="row"]')
        .nth(1 + 6)
        .locator('[role="gridcell"]')
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
  const text = cifarSample('cifar10-net').replace('filters: 6', 'filters: 96');
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
