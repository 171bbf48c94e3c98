/** Where a step goes and what was generated for it, in a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { reloadWindow, untilKept, viewOfTab } from './reloadKit.ts';
import { looksRightInThemes } from './themes.ts';
import { chooseForFile, shoot, type Ui, useWindow } from './uiKit.ts';

const digits = path.resolve(import.meta.dirname, '../../samples/digits');

/** A net of convolutions beside the penguins. */
function addDigits({ folder }: Ui): void {
  fs.cpSync(digits, folder, { recursive: true, filter: (file) => !file.includes('runs') });
}

async function measured(page: Page, tab: string): Promise<FrameLocator> {
  return viewOfTab(page, tab, '#view[data-state="measured"]');
}

describe('Show Profile', () => {
  const window = useWindow({ prepare: addDigits });
  let page: Page;
  let view: FrameLocator;

  before(() => {
    ({ page } = window);
  });

  const shares = async () => {
    const cells = await view.locator('#kernels tbody td:first-child').allInnerTexts();
    return cells.map((text) => parseFloat(text));
  };

  it('measures a config from its menu, and keeps no run', async () => {
    await chooseForFile(page, 'digits.train.yaml', 'Show Profile');
    view = await measured(page, 'Profile: digits');
    assert.equal(await view.locator('h1').innerText(), 'Where a step of digits goes');
    assert.match(await view.locator('#facts').innerText(), /Memory\s+[\d.]+ kB: .* at their peak/);
    assert.equal(fs.existsSync(path.join(window.ui.folder, 'runs')), false);
  });

  it('lists every kernel by its share, with layer and pass, and sorts as one likes', async () => {
    const all = await shares();
    assert.ok(all.length > 20, `${all.length} kernels`);
    assert.deepEqual(
      all,
      all.toSorted((a, b) => b - a),
    );
    assert.match(
      await view.locator('#kernels tbody').innerText(),
      /conv2d\s+forward\s+conv2d \+ add \+ max/,
    );
    assert.match(await view.locator('#kernels tfoot').innerText(), /^100%.*All kernels$/s);
    await view.locator('th button', { hasText: 'Pass' }).click();
    const passes = await view.locator('#kernels tbody td:nth-child(7)').allInnerTexts();
    assert.deepEqual(
      passes,
      passes.toSorted((a, b) => a.localeCompare(b, 'en')),
    );
    await view.locator('th button', { hasText: 'Share' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const rising = await shares();
    assert.deepEqual(
      rising,
      rising.toSorted((a, b) => a - b),
    );
    await page.keyboard.press('Enter');
  });

  looksRightInThemes(window, 'profile-table', () => shares());

  it('shows layers, passes and kernels as wide as their time, for mouse and keyboard', async () => {
    await view.locator('#tab-flame').click();
    const row = (index: number) => view.locator(`.block[data-row="${index}"]`);
    assert.equal(await row(0).count(), 1);
    assert.ok((await row(1).count()) > 5);
    const readout = view.locator('#readout');
    await row(1).filter({ hasText: 'conv2d' }).first().hover();
    await readout
      .filter({ hasText: /^conv2d.*: [\d.]+ ms, [\d.]+% of the step, .* GFLOP\/s/ })
      .waitFor();
    await row(0).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp']) {
      await page.keyboard.press(key);
    }
    assert.equal(await view.locator('.block:focus').getAttribute('aria-level'), '2');
    await page.keyboard.press('ArrowRight');
    const layer = await view.locator('.block:focus').innerText();
    await page.keyboard.press('Enter');
    await row(0).filter({ hasText: layer }).waitFor();
    await shoot(page, 'profile-flame-closer-dark');
    await page.keyboard.press('Escape');
    await row(0).filter({ hasText: 'Step' }).waitFor();
  });

  looksRightInThemes(window, 'profile-flame', () => view.locator('.block').count());

  it('shows how far it is, can be cancelled, and keeps what was measured before', async () => {
    // So large that nobody has to hurry.
    const file = path.join(window.ui.folder, 'digits.train.yaml');
    const text = fs.readFileSync(file, 'utf8');
    const large = text.replaceAll(/filters: \d+/g, 'filters: 256').replace(/size: 16/, 'size: 450');
    fs.writeFileSync(file, large);
    await view.locator('#again').click();
    await view.locator('#measuring progress').waitFor();
    await view.locator('#cancel').click();
    await view.locator('#failure', { hasText: 'You cancelled the measuring.' }).waitFor();
    fs.writeFileSync(file, text);
    assert.ok((await view.locator('.block').count()) > 20);
  });

  it('opens what was generated as a document that nobody can change', async () => {
    await view.locator('#show-kernels').click();
    await page.locator('.tab', { hasText: 'digits.wat' }).waitFor();
    const lines = page.locator('.editor-instance .view-lines').first();
    await lines.filter({ hasText: /wasm\smodule/ }).waitFor();
    await page.locator('.statusbar-item', { hasText: 'Trainbench Kernels' }).waitFor();
    await shoot(page, 'kernels-dark');
    await lines.click();
    await page.keyboard.type('x');
    await page.locator('.monaco-editor-overlaymessage', { hasText: /read-only/ }).waitFor();
  });

  it('is there after a reload without measuring again', async () => {
    await page.locator('.tab', { hasText: 'Profile: digits' }).click();
    await untilKept(page, 'trainbench.profile');
    await reloadWindow(page);
    view = await measured(page, 'Profile: digits');
    assert.ok((await view.locator('.block').count()) > 20);
  });

  it('says why a config cannot be measured', async () => {
    await chooseForFile(page, 'bad.train.yaml', 'Show Profile');
    const failed = await viewOfTab(page, 'Profile: bad', '#view[data-state="failed"]');
    assert.match(await failed.locator('#failure').innerText(), /batch_sise/);
  });
});
