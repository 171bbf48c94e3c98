/** A newcomer's way: no folder open, the walkthrough, the sample, a curve, a prediction. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { collectViolations } from './contentPolicy.ts';
import { viewOfTab } from './reloadKit.ts';
import { openUi, shoot } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

describe('first steps', () => {
  let ui: Ui;
  let page: Page;
  let violations: readonly string[] = [];

  before(async () => {
    ui = await openUi();
    const beforeLoad = async (p: Page) => void (violations = await collectViolations(p));
    page = await workbench.openWorkbench(ui.browser, ui.host, null, { beforeLoad });
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed() === true)
      await shoot(page, `failure-${this.currentTest.title.replaceAll(/\W+/g, '-').slice(0, 40)}`);
  });

  after(() => ui.close());

  const walkthrough = () => page.locator('.gettingStartedContainer');

  /** Opens a step of the walkthrough and clicks its button. */
  async function take(step: string, button: string): Promise<void> {
    const row = walkthrough().locator('.getting-started-step', { hasText: step });
    await openSteps(row);
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    const link = walkthrough().locator('.getting-started-step.expanded .monaco-button', {
      hasText: button,
    });
    await link.first().click();
  }

  /** A tab that comes forward again may show the list of all walkthroughs instead. */
  async function openSteps(row: Locator): Promise<void> {
    const tab = page.locator('.tab', { hasText: /Walkthrough|Welcome/ }).first();
    if (!(await walkthrough().isVisible())) await tab.click();
    const ours = { hasText: 'Train your first model' };
    const card = walkthrough().locator('.getting-started-category', ours).first();
    // What is not on show is disabled, or not made yet.
    const shown = async (part: Locator) => (await part.count()) > 0 && (await part.isEnabled());
    await workbench.until('the steps of the walkthrough', async () => {
      if (await shown(row)) return true;
      if (await shown(card)) await card.click({ timeout: workbench.attemptMs });
      return shown(row);
    });
  }

  it('are offered to those who train before there is a config: a sample, or data of their own', async () => {
    await workbench.runCommand(page, 'Trainbench: Train This Config');
    const offer = page.locator('.notification-toast', { hasText: 'There is no training config' });
    await offer.locator('.monaco-button', { hasText: 'Open Sample' }).waitFor();
    await offer.locator('.monaco-button', { hasText: 'Train on This Data' }).click();
    await workbench.pickRows(page).filter({ hasText: 'A Folder of Images…' }).waitFor();
    await page.keyboard.press('Escape');
    await workbench.pickRows(page).first().waitFor({ state: 'hidden' });
  });

  it('begin with the walkthrough, which opens the sample where no folder is open', async () => {
    await workbench.runCommand(page, 'Help: Welcome');
    await take('Open the sample', 'Open Sample');
    const place = { hasText: 'In a folder of Trainbench' };
    await page.locator('.quick-input-list .monaco-list-row', place).first().click();
    await page.locator('.tab', { hasText: 'penguins.train.yaml' }).waitFor();
    await shoot(page, 'first-steps-sample-dark');
  });

  it('train it from the walkthrough', async () => {
    await take('Train, and watch it learn', 'Train This Config');
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="completed"]');
    await shoot(page, 'first-steps-trained-dark');
  });

  it('show its run', async () => {
    await take('Find your runs again', 'Show Runs');
    const run = page.locator('.pane-body .monaco-list-row', { hasText: /penguins.*% right/ });
    await run.first().waitFor();
  });

  it('predict with it', async () => {
    await take('Predict new rows', 'Predict');
    const form = await viewOfTab(page, 'Predict: penguins', '#view[data-ready="true"]');
    assert.match(await form.locator('#answer').innerText(), /Adelie|Chinstrap|Gentoo|^[012]$/);
    await page
      .locator('.tab', { hasText: /Walkthrough|Welcome/ })
      .first()
      .click();
    await shoot(page, 'first-steps-done-dark');
  });

  it('predict the rows of a table', async () => {
    await take('Predict new rows', 'Predict CSV');
    const runs = page.locator('.quick-input-list .monaco-list-row', { hasText: 'penguins' });
    await runs.first().click();
    const dialog = page.locator('.quick-input-widget', { hasText: 'Rows to predict' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
  });

  it('break no content policy', () => {
    assert.deepEqual(violations, []);
  });
});
