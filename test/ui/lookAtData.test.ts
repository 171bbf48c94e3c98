/** What a file holds and what a config makes of it, in a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { viewOfTab } from './reloadKit.ts';
import { looksRightInThemes, setTheme, shootStill, themes } from './themes.ts';
import { chooseForFile, shoot, untilActive, useWindow } from './uiKit.ts';

/** Files that are odd in some way, beside the penguins. */
function writeFiles(folder: string): void {
  const write = (name: string, lines: readonly string[]) =>
    fs.writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${i === 37 ? '?' : (i * 7) % 40}.5,${(i * i) % 23},${i % 3}`,
  );
  write('odd.csv', ['size,weight,kind', ...rows]);
  const names = Array.from({ length: 1000 }, (_, i) => `gene${i}`);
  const row = (r: number) => names.map((_, c) => ((r * 31 + c * 17) % 101) / 8).join(',');
  write('wide.csv', [
    `${names.join(',')},ill`,
    ...Array.from({ length: 80 }, (_, r) => `${row(r)},${r % 2}`),
  ]);
  write('empty.csv', ['a,b']);
  const line = `${'0.12345678,'.repeat(12)}1`;
  write('large.csv', ['a,b,c,d,e,f,g,h,i,j,k,l,y', ...Array<string>(600_000).fill(line)]);
  const text = fs.readFileSync(path.join(folder, 'penguins.train.yaml'), 'utf8');
  const leaky = text
    .replace('encode: ordinal', 'encode: one_hot')
    .replace(/oversample: 4.*/, 'oversample: 4\n  oversample_before_split: true');
  fs.writeFileSync(path.join(folder, 'leaky.train.yaml'), leaky);
}

describe('Look at Data', () => {
  const window = useWindow({ prepare: ({ folder }) => writeFiles(folder) });
  let page: Page;

  before(async () => {
    ({ page } = window);
    // The extension is there when its menu entries are.
    await untilActive(page, 'penguins.train.yaml');
  });

  const fileOf = (name: string) => path.join(window.ui.folder, name);

  async function choose(name: string): Promise<void> {
    await chooseForFile(page, name, 'Look at Data');
  }

  function shown(name: string, state = 'shown', inside = ''): Promise<FrameLocator> {
    const view = `#view[data-state="${state}"]:has(h1[title$="/${name}"]) ${inside}`;
    return viewOfTab(page, `Data: ${name}`, view.trim());
  }

  async function look(name: string): Promise<FrameLocator> {
    await choose(name);
    return shown(name);
  }

  const fact = (view: FrameLocator, label: string): Locator =>
    view.locator('#facts dt', { hasText: label }).locator('xpath=following-sibling::dd[1]');

  const column = (view: FrameLocator, name: string): Locator =>
    view.locator('.column', { has: view.locator('h3', { hasText: new RegExp(`^${name}$`) }) });

  it('shows what every column of a table holds', async () => {
    const view = await look('penguins.csv');
    assert.equal(await fact(view, 'Rows').first().innerText(), '344');
    assert.equal(await fact(view, 'Missing Cells').innerText(), '8 (0.4%)');
    assert.match(
      await fact(view, 'Likely Target').innerText(),
      /^Species\. .* 0 .* 152 \(44\.2%\)/,
    );
    const mass = column(view, 'BodyMass');
    assert.match(await mass.innerText(), /whole number\s+Missing: 2 \(0\.6%\)/);
    assert.match(await mass.locator('dl').innerText(), /Smallest\s+2700\s+Largest\s+6300/);
    const island = await column(view, 'Island').locator('.value-bars li').allInnerTexts();
    assert.deepEqual(
      island.map((text) => text.replace(/\s+/g, ' ')),
      ['Biscoe 168 (48.8%)', 'Dream 124 (36%)', 'Torgersen 52 (15.1%)'],
    );
    await column(view, 'Species').locator('.role', { hasText: 'Likely Target' }).waitFor();
    await shoot(page, 'look-table-dark');
  });

  it('reads the bars of a histogram to the mouse and to the keyboard', async () => {
    const view = await shown('penguins.csv');
    const mass = column(view, 'BodyMass');
    const caption = mass.locator('.ends');
    assert.match(await caption.innerText(), /2700\s+6300/);
    await mass.locator('canvas').hover({ position: { x: 2, y: 40 } });
    await caption.filter({ hasText: /^2700 to 2880: \d+$/ }).waitFor();
    await page.mouse.move(5, 5);
    await caption.filter({ hasText: /^2700\s*6300$/ }).waitFor();
    await mass.locator('canvas').focus();
    await page.keyboard.press('End');
    await caption.filter({ hasText: /^6120 to 6300: \d+$/ }).waitFor();
    assert.match((await mass.locator('canvas').getAttribute('aria-label')) ?? '', /^Histogram of/);
  });

  it('leads from a cell that is no number to its line', async () => {
    const view = await look('odd.csv');
    const size = column(view, 'size');
    assert.match(await size.innerText(), /No numbers: 1, the first is "\?\.5" at line 39\./);
    await size.locator('.link', { hasText: 'line 39' }).click();
    await page.locator('.tab.active', { hasText: 'odd.csv' }).waitFor();
    await page.locator('.statusbar-item', { hasText: 'Ln 39' }).waitFor();
  });

  it('draws of a thousand columns only those on the screen', async () => {
    const view = await look('wide.csv');
    const nodes = () => view.locator('body').evaluate((body) => body.querySelectorAll('*').length);
    const few = await nodes();
    assert.ok(few < 1500, `${few} nodes`);
    assert.equal((await view.locator('.column').count()) < 20, true);
    await view.locator('body').evaluate(() => globalThis.scrollTo(0, 1e9));
    await column(view, 'ill').waitFor();
    assert.ok((await nodes()) < 1500, `${await nodes()} nodes at the end`);
    await view.getByLabel('Filter by Name').fill('GENE99');
    await view.getByRole('status').filter({ hasText: '11 of 1,001 columns' }).waitFor();
    await view.getByLabel('Sort by').selectOption('name');
    assert.deepEqual((await view.locator('.column h3').allInnerTexts()).slice(0, 2), [
      'gene99',
      'gene990',
    ]);
    await view.getByLabel('Filter by Name').fill('nothing like it');
    await view.getByRole('status').filter({ hasText: 'No column matches.' }).waitFor();
    await view.getByRole('tab', { name: 'First Rows' }).click();
    await view.locator('.pager', { hasText: 'Columns 1 to 24 of 1,001' }).waitFor();
    await view.getByLabel('Columns After').click();
    await view.locator('.pager', { hasText: 'Columns 25 to 48 of 1,001' }).waitFor();
    await view.locator('th', { hasText: 'gene24' }).waitFor();
    await shoot(page, 'look-wide-dark');
  });

  it('shows of a config the split, its classes, and rows that leak', async () => {
    const view = await look('leaky.train.yaml');
    const panel = view.locator('#panel-split');
    assert.match(await panel.innerText(), /Training: \d+ \(70%\)\s+Validation: \d+ \(30%\)/);
    assert.match(
      await panel.locator('.remark.warning').innerText(),
      /^⚠ Validation: \d+ of \d+ rows have inputs that occur in training too/,
    );
    const adelie = panel.locator('#classes tr', { hasText: 'Adelie' });
    assert.match(await adelie.innerText(), /^Adelie\s+\d+ \(\d+.*%\)\s+\d+ \(\d+.*%\)$/);
    assert.match(await panel.innerText(), /Always guessing Adelie, .* of \d+ validation rows/);
    await view.locator('.problems .warning .link', { hasText: 'leaky.train.yaml:' }).waitFor();
    await shoot(page, 'look-split-dark');
  });

  it('shows each column before and after the preprocessing', async () => {
    const view = await shown('leaky.train.yaml');
    await view.getByRole('tab', { name: 'Before and After' }).click();
    const island = view.locator('.feature', { hasText: 'Island' }).first();
    assert.match(await island.innerText(), /one column each for Biscoe, Dream, Torgersen/);
    assert.equal(await island.locator('.after canvas').count(), 3);
    const flipper = view.locator('.feature', { hasText: 'FlipperLength' });
    assert.match(await flipper.innerText(), /times 0\.1/);
    assert.match(await flipper.locator('.before .ends').innerText(), /172\s+231/);
    assert.match(await flipper.locator('.after .ends').innerText(), /17\.2\s+23\.1/);
    await shoot(page, 'look-model-dark');
    // Nothing is cut off to the right: what does not fit beside goes on below.
    const isWhole = (node: Element) => node.scrollWidth <= node.clientWidth;
    assert.ok(await island.locator('.after').evaluate(isWhole));
    await view.getByRole('tab', { name: 'First Rows' }).click();
    const rows = view.locator('.first-rows').nth(1).locator('tr');
    assert.match(
      await rows.nth(1).innerText(),
      /^2\s+.*\s0\s+0\s+1\s+39\.1\s+18\.7\s+18\.1\s+37\.5\s+Adelie$/,
    );
    assert.match(await rows.nth(4).innerText(), /^5\s+left out/);
    await shoot(page, 'look-rows-dark');
  });

  it('follows its files: the rows of a config, and a table', async () => {
    const view = await shown('leaky.train.yaml');
    fs.appendFileSync(fileOf('penguins.csv'), 'Dream,50,15,200,5000,1\n');
    await fact(view, 'Rows').first().filter({ hasText: '345' }).waitFor();
    assert.equal(await view.locator('#view').getAttribute('data-tab'), 'rows', 'the tab stays');
    const config = fs.readFileSync(fileOf('leaky.train.yaml'), 'utf8');
    fs.writeFileSync(fileOf('leaky.train.yaml'), config.replace(/ {2}oversample_before.*\n/, ''));
    await view.getByRole('tab', { name: 'Split and Target' }).click();
    await view.locator('.good', { hasText: 'no row has inputs that occur in training' }).waitFor();
  });

  it('says what is wrong with a config, at its line', async () => {
    const view = await look('bad.train.yaml');
    const problem = view.locator('.problems .error', { hasText: 'batch_sise' });
    assert.match(await problem.innerText(), /did you mean `batch_size`\?.*bad\.train\.yaml:\d+/s);
    await shoot(page, 'look-problems-dark');
    await problem.locator('.link').click();
    await page.locator('.tab.active', { hasText: 'bad.train.yaml' }).waitFor();
  });

  it('says that a file is empty, or gone, and looks again when it is back', async () => {
    const view = await look('empty.csv');
    await view.locator('#facts .warning', { hasText: 'The file has no rows.' }).waitFor();
    fs.rmSync(fileOf('empty.csv'));
    const gone = await shown('empty.csv', 'failed');
    assert.match(await gone.locator('#failure').innerText(), /empty\.csv.*no such file/);
    assert.equal(await gone.locator('.column').count(), 0);
    await shoot(page, 'look-gone-dark');
    fs.writeFileSync(fileOf('empty.csv'), 'a,b\n1,2\n');
    await shown('empty.csv', 'shown', '.column');
  });

  it('tells how far it is with a large file, and can be cancelled', async () => {
    await choose('large.csv');
    const looking = await shown('large.csv', 'looking', '#looking progress[value]');
    await shoot(page, 'look-progress-dark');
    await looking.locator('#cancel').click();
    const cancelled = await shown('large.csv', 'failed');
    assert.equal(
      await cancelled.locator('#failure').innerText(),
      'You cancelled the look at this file.',
    );
    await cancelled.locator('#again').click();
    await shown('large.csv', 'looking', '#cancel');
    fs.rmSync(fileOf('large.csv'));
  });

  it('goes on to training, from a config and from a table', async () => {
    const config = await look('penguins.train.yaml');
    await config.locator('#train').click();
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="completed"]');
    await workbench.closeTab(page, 'Loss: penguins');
    const table = await look('odd.csv');
    await table.locator('#train').click();
    const targets = page.locator('.quick-input-list .monaco-list-row');
    await targets.filter({ hasText: 'likeliest' }).click();
    await page.locator('.tab', { hasText: 'odd.train.yaml' }).waitFor();
  });

  it('means the file in the editor when the palette asks for it', async () => {
    await workbench.runCommand(page, 'Notifications: Clear All Notifications');
    await page.locator('.tab', { hasText: 'odd.train.yaml' }).click();
    await page.locator('.editor-actions .action-label[aria-label^="Look at Data"]').waitFor();
    await workbench.runCommand(page, 'Trainbench: Look at Data');
    await shown('odd.train.yaml');
  });

  looksRightInThemes(window, 'look-columns', async () => {
    const view = await look('penguins.train.yaml');
    await view.getByRole('tab', { name: 'Columns' }).click();
  });

  for (const theme of ['light', 'contrast'] as const) {
    it(`shows the split and the inputs in ${themes[theme].label}`, async () => {
      await setTheme(window, theme);
      const view = await shown('penguins.train.yaml');
      await view.getByRole('tab', { name: 'Split and Target' }).click();
      await shootStill(page, `look-split-${theme}`);
      await view.getByRole('tab', { name: 'Before and After' }).click();
      await shootStill(page, `look-model-${theme}`);
    });
  }
});
