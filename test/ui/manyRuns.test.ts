/** The Runs tree with several runs: menus while one trains, and what acts on all that are selected. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { runCli } from '../kit/runCli.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { poll, shoot, statusItem, trainFromMenu, useWindow } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

const names = ['adelie', 'chinstrap', 'gentoo'] as const;

/** A run of each name on disk. */
async function trainThree({ folder }: Ui): Promise<void> {
  const text = fs.readFileSync(path.join(folder, 'penguins.train.yaml'), 'utf8');
  for (const name of names) {
    const file = path.join(folder, `${name}.train.yaml`);
    fs.writeFileSync(
      file,
      text.replace(/^name: .*$/m, `name: ${name}`).replace(/epochs: \d+/, 'epochs: 3'),
    );
    const { code, stderr } = await runCli(['train', file], { cwd: folder });
    assert.equal(code, 0, stderr);
  }
}

describe('the Runs tree with several runs', () => {
  const window = useWindow({ prepare: trainThree });
  let page: Page;

  before(async () => {
    ({ page } = window);
    await trainFromMenu(page, 'long.train.yaml');
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await row(/penguins.*training/).waitFor();
    await row('gentoo').waitFor();
  });

  const row = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const dialog = () => page.locator('.monaco-dialog-box');
  const button = (label: string | RegExp) => dialog().locator('.monaco-button', { hasText: label });
  const folders = () => fs.readdirSync(path.join(window.ui.folder, 'runs'));

  async function choose(item: string, at: string | RegExp): Promise<void> {
    await workbench.chooseInMenu(page, row(at), item);
  }

  /** The row of the run in training is drawn anew as often, each time with other figures. */
  async function untilDrawn(times: number): Promise<void> {
    const seen = new Set<string>();
    await workbench.until(`the row in training to be drawn ${times} times`, async () => {
      seen.add(await row(/training/).innerText({ timeout: workbench.attemptMs }));
      return seen.size > times;
    });
  }

  /** Long enough for a row to be drawn several times: what the status bar says is drawn more often. */
  async function untilTrained(): Promise<void> {
    const seen = new Set<string>();
    await workbench.until('30 figures in the status bar', async () => {
      seen.add(await statusItem(page).innerText({ timeout: workbench.attemptMs }));
      return seen.size > 30;
    });
  }

  const selected = () => page.locator('.pane-body .monaco-list-row.selected');

  /** These rows and no others. */
  async function select(...texts: readonly (string | RegExp)[]): Promise<void> {
    for (const text of texts) {
      if (await row(text).evaluate((node) => node.classList.contains('selected'))) continue;
      await row(text).click({ modifiers: ['ControlOrMeta'] });
    }
    await poll(async () => (await selected().count()) === texts.length);
  }

  it('keeps the row under an open menu while a run trains', async () => {
    for (const name of names) {
      const menu = await workbench.openMenu(page, row(name), 'Delete a Run');
      await untilDrawn(3);
      assert.ok(await workbench.clickInMenu(menu, 'Delete a Run'), 'the menu is gone');
      await dialog().waitFor();
      assert.match(await dialog().innerText(), new RegExp(`Delete the run \\S*${name}\\?`));
      await button('Cancel').click();
      await dialog().waitFor({ state: 'detached' });
    }
  });

  it('keeps the row of the run in training itself', async () => {
    const menu = await workbench.openMenu(page, row(/training/), 'Show Weights');
    await untilDrawn(3);
    assert.ok(await workbench.clickInMenu(menu, 'Show Weights'), 'the menu is gone');
    await page.locator('.tab', { hasText: 'Weights: penguins' }).waitFor();
    await workbench.closeTab(page, 'Weights: penguins');
  });

  it('offers for several runs only what can be done with several', async () => {
    await select('adelie', 'gentoo');
    const menu = await workbench.openMenu(page, row('gentoo'), 'Compare Runs');
    const labels = await workbench.menuLabels(menu);
    assert.deepEqual(labels, ['Compare Runs…', 'Export the Weights…', 'Delete a Run…']);
    await shoot(page, 'runs-selected-dark');
    await workbench.closeMenu(page);
  });

  it('exports all that are selected to one folder', async () => {
    await choose('Export the Weights', 'gentoo');
    await workbench.pick(page, 'safetensors');
    await workbench.answerFileDialog(page, window.ui.folder);
    await page.locator('.notification-toast', { hasText: 'Wrote 2 files' }).waitFor();
    const written = fs.readdirSync(window.ui.folder).filter((file) => /safetensors$/.test(file));
    assert.deepEqual(written.map((file) => /adelie|gentoo/.exec(file)?.[0]).sort(), [
      'adelie',
      'gentoo',
    ]);
    await workbench.runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('offers no Delete where one of them trains', async () => {
    await select(/training/, 'adelie', 'gentoo');
    const menu = await workbench.openMenu(page, row('gentoo'), 'Compare Runs');
    assert.deepEqual(await workbench.menuLabels(menu), ['Compare Runs…', 'Export the Weights…']);
    await workbench.closeMenu(page);
    await untilTrained();
    assert.equal(await selected().count(), 3);
    await row(/training/).click({ modifiers: ['ControlOrMeta'] });
    await poll(async () => (await selected().count()) === 2);
  });

  it('deletes all that are selected once it has named them', async () => {
    await choose('Delete a Run', 'gentoo');
    await dialog().waitFor();
    const question = await dialog().innerText();
    for (const part of ['Delete these 2 runs?', 'gentoo', 'adelie']) {
      assert.ok(question.includes(part), question);
    }
    assert.doesNotMatch(question, /chinstrap/);
    await shoot(page, 'runs-delete-several-dark');
    await button('Cancel').click();
    assert.equal(folders().length, 4);
    await choose('Delete a Run', 'gentoo');
    await button(/^Delete$/).click();
    await button('Delete for Good').click();
    await row('gentoo').waitFor({ state: 'detached' });
    await row('adelie').waitFor({ state: 'detached' });
    assert.equal(folders().length, 2);
    await row('chinstrap').waitFor();
  });
});
