/** Explain This Step in a real VS Code: a finished run step by step, and a run that trains. */
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { frameWith } from './reloadKit.ts';
import { looksRightInThemes } from './themes.ts';
import { shoot, statusItem, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

describe('Explain This Step', () => {
  const window = useWindow();
  let page: Page;
  let frame: Frame;

  before(() => {
    ({ page } = window);
  });

  const part = (name: string) => frame.locator(`[data-part="title.${name}"]`);
  const text = async (id: string) => (await frame.locator(`#${id}`).innerText()).trim();
  const until = (attributes: string) => frame.locator(`#view${attributes}`).waitFor();
  const numbersIn = (line: string) => line.match(/-?\d+(\.\d+)?(e-?\d+)?/g)!.map(Number);

  it('opens from the title of the loss plot at the first step of a finished run', async () => {
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
    await page.locator('.tab', { hasText: 'Loss: penguins' }).click();
    await page.locator('.editor-actions .action-label[aria-label^="Explain This Step"]').click();
    frame = await frameWith(page, '#next-step');
    await until('[data-step="0"]');
    assert.equal(await frame.locator('h1').innerText(), 'Step 1 of penguins');
    assert.match(await text('where'), /^Epoch 1, batch 1 of \d+, 20 rows$/);
    await shoot(page, 'explain-top-dark');
  });

  it('tells the rows of the batch, raw and as the network gets them', async () => {
    const rows = part('batch').locator('#rows tr');
    assert.equal(await rows.count(), 21);
    assert.deepEqual(await rows.first().locator('th').allInnerTexts(), [
      'Row',
      'Island',
      'CulmenLength',
      'CulmenDepth',
      'FlipperLength',
      'BodyMass',
      'Species',
    ]);
    const mass = await rows.nth(1).locator('td').nth(4).locator('span span').allInnerTexts();
    const [raw, given] = mass.map(Number);
    assert.ok(Math.abs(raw! * 0.01 - given!) < 0.01, mass.join(' '));
  });

  it('follows the row that is chosen through every layer', async () => {
    const before = await part('forward').innerText();
    await part('batch').locator('[data-key="row-3"]').click();
    await until('[data-row="3"]');
    assert.notEqual(await part('forward').innerText(), before);
    assert.equal(await part('forward').locator('.card').count(), 3);
    assert.match(await part('batch').locator('tr.marked').innerText(), /^4\s/);
    await frame.locator('#row button').last().click();
    await until('[data-row="4"]');
  });

  it('works out the unit that is chosen: its products add up to its sum', async () => {
    const card = part('forward').locator('[data-layer="fc1"]');
    await card.locator('[data-key="fc1-out-6"]').click();
    const unit = card.locator('[data-unit="fc1-6"]');
    await unit.waitFor();
    const products = (await unit.locator('tr td:last-child').allInnerTexts()).map(Number);
    const sum = products.pop()!;
    assert.equal(products.length, 6); // five inputs and the bias
    const told = products.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(told - sum) < 0.01 * products.length, `${told} is not ${sum}`);
    assert.match(await unit.locator('.formulas').innerText(), /^a = max\(z, 0\) = max\(/);
    // The keyboard stays where it was.
    const key = await frame.evaluate(() => document.activeElement?.getAttribute('data-key'));
    assert.equal(key, 'fc1-out-6');
  });

  it('holds the answer against the right class, and puts it into the loss', async () => {
    const right = part('answer').locator('.right .percent');
    // Of some rows the network is sure before it has learned anything: a loss of 0 shows nothing.
    for (let row = 5; parseFloat(await right.innerText()) > 99; row++) {
      await frame.locator('#row button').last().click();
      await until(`[data-row="${row}"]`);
    }
    const percents = await part('answer').locator('.percent').allInnerTexts();
    const sum = percents.reduce((total, percent) => total + parseFloat(percent), 0);
    assert.ok(Math.abs(sum - 100) < 0.2, percents.join(' '));
    const chance = parseFloat(await right.innerText()) / 100;
    const formula = await part('loss').locator('.formulas').innerText();
    assert.match(formula, /^L = −ln\(p\) = −ln\([\d.]+(e-\d+)?\) = /);
    const [p, row] = numbersIn(formula.slice(formula.lastIndexOf('−ln(')));
    // Four digits are shown.
    const rounding = Math.max(0.001, 5e-4 * row!);
    assert.ok(Math.abs(p! - chance) < 0.001 && Math.abs(-Math.log(p!) - row!) < rounding, formula);
    assert.equal(numbersIn(await text('loss'))[0], row);
  });

  it('works out the weight that is chosen, from the forward part and by its place', async () => {
    const weight = part('forward').locator('[data-key="weight-fc1-2"]');
    await weight.click();
    await part('backward').locator('.lead', { hasText: 'from input 3 to unit 7 of fc1' }).waitFor();
    const before = Number(await weight.innerText());
    const [from, to] = numbersIn((await text('update')).replace('→', ''));
    assert.ok(Math.abs(from! - before) < 1e-3);
    assert.notEqual(from, to);
    const shares = part('backward').locator('vscode-data-grid vscode-data-grid-row');
    const cells = await shares.locator('[cell-type="default"]:last-child').allInnerTexts();
    const products = cells.map(Number);
    const gradient = products.pop()!;
    const add = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    const [sum, size] = [add(products), add(products.map(Math.abs))];
    assert.ok(size > 0 && Math.abs(sum - gradient) < 0.01 * size, cells.join(' '));
    assert.match(
      await part('backward').locator('.formulas').innerText(),
      /m′ = 0\.9 × m \+ 0\.1 × g/,
    );
    await part('backward').locator('[data-key="to"]').fill('2');
    await page.keyboard.press('Enter');
    await part('backward').locator('.lead', { hasText: 'from input 3 to unit 2 of fc1' }).waitFor();
    await part('backward').scrollIntoViewIfNeeded();
    await shoot(page, 'explain-backward-dark');
  });

  it('tells the loss after the update', async () => {
    const [before, after] = numbersIn(await text('after'));
    const loss = numbersIn(await text('loss')).at(-1);
    assert.equal(before, loss);
    assert.ok(after! < before!, `${after} is not below ${before}`);
  });

  it('goes to other batches and to later moments of the run', async () => {
    await frame.locator('#batch button').last().click();
    await until('[data-batch="1"][data-row="0"]');
    assert.match(await text('notice'), /not the turn of this batch/);
    await frame.locator('#next-kept').click();
    await frame.locator('#view:not([data-step="0"])').waitFor();
    await frame.locator('#previous-kept').click();
    await until('[data-step="0"][data-batch="0"]');
    assert.equal(await text('notice'), '');
  });

  it('walks the steps that training took: what one leaves is what the next begins with', async () => {
    const [, after] = numbersIn((await text('update')).replace('→', ''));
    await frame.locator('#next-step').click();
    await until('[data-step="1"][data-batch="1"]');
    const [before] = numbersIn((await text('update')).replace('→', ''));
    assert.equal(before, after);
    await frame.locator('#previous-kept').click();
    await until('[data-step="0"]');
  });

  it('explains its words', async () => {
    const word = frame.locator('[data-key="word-gradient"]');
    await word.locator('summary').click();
    await word.getByText('It points uphill').waitFor();
  });

  looksRightInThemes(window, 'explain', async () => {
    await part('forward').locator('.card').first().scrollIntoViewIfNeeded();
  });

  it('takes one step of a run that trains, and shows the next', async () => {
    await workbench.closeTab(page, 'Step: penguins');
    await trainFromMenu(page, 'long.train.yaml');
    await untilPlotState(page, 'running');
    await workbench.runCommand(page, 'Trainbench: Explain This Step');
    frame = await frameWith(page, '#next-step');
    await until('[data-step]');
    await frame.locator('#next-step').click();
    await frame.locator('#notice', { hasText: 'This run trains' }).waitFor();
    // It trained on until it was asked for one step.
    await statusItem(page).filter({ hasText: 'paused' }).waitFor();
    await frame.locator('#view:not([aria-busy])').waitFor();
    const stepOf = async () => Number(await frame.locator('#view').getAttribute('data-step'));
    const paused = await stepOf();
    assert.ok(paused > 0);
    await frame.locator('#next-step').click();
    await until(`[data-step="${paused + 1}"]`);
    await workbench.runCommand(page, 'Trainbench: Stop Training');
    await frame.locator('#next-kept:not([hidden])').waitFor();
  });
});
