/** What a config offers in its editor, and the tasks that train it in the terminal. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { viewOfTab } from './reloadKit.ts';
import { poll, shoot, untilPlotState, useWindow } from './uiKit.ts';

describe('a config', () => {
  const window = useWindow();
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  const rows = (): Locator => page.locator('.quick-input-list .monaco-list-row');
  const lens = (text: string) => page.locator('.codelens-decoration a', { hasText: text }).first();

  /** The states of the runs in the folder, by name. */
  function runStates(): readonly string[] {
    const runs = path.join(window.ui.folder, 'runs');
    const records = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
    return records.flatMap((run) => {
      const file = path.join(runs, run, 'run.json');
      if (!fs.existsSync(file)) return [];
      return [(JSON.parse(fs.readFileSync(file, 'utf8')) as { state: string }).state];
    });
  }

  async function runTask(name: string): Promise<void> {
    // Recently used tasks stand above it under names that begin alike.
    const kind = rows().filter({
      has: page.locator('.label-name', { hasText: /^\s*trainbench\s*$/ }),
    });
    const shown = () =>
      kind.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false, // the window was still opening and took the focus, which closes the list
      );
    await poll(async () => {
      await workbench.runCommand(page, 'Tasks: Run Task');
      return shown();
    });
    await kind.click();
    await rows().filter({ hasText: name }).first().click();
  }

  async function setLens(enabled: boolean): Promise<void> {
    const file = path.join(window.ui.folder, '.vscode', 'settings.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ 'trainbench.codeLens.enabled': enabled }));
    await lens('Train').waitFor({ state: enabled ? 'visible' : 'detached' });
  }

  it('is a task that trains in the terminal', async () => {
    await runTask('penguins');
    await poll(() => runStates().includes('completed'));
    await shoot(page, 'task-dark');
  });

  it('is a task whose faults are problems of its lines', async () => {
    await runTask('bad');
    await page.locator('.panel .composite-bar .action-item', { hasText: /Problems\s*1/ }).click();
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'batch_sise' });
    await problem.first().waitFor();
    assert.match(await problem.first().innerText(), /batch_size.*trainbench.*Ln \d+, Col \d+/s);
    await shoot(page, 'task-problems-dark');
    await problem.first().dblclick();
    await page.locator('.tab.active', { hasText: 'bad.train.yaml' }).waitFor();
    await workbench.closeTab(page, 'bad.train.yaml');
    assert.deepEqual(runStates(), ['completed']);
    await workbench.runCommand(page, 'View: Toggle Panel Visibility');
  });

  it('trains from above its first line', async () => {
    await workbench.explorerRow(page, 'penguins.train.yaml').dblclick();
    await lens('Train').click();
    await untilPlotState(page, 'completed');
    await poll(() => runStates().length === 2);
  });

  it('predicts from there with its newest run', async () => {
    await page.locator('.tab', { hasText: 'penguins.train.yaml' }).click();
    await lens('Predict CSV').waitFor();
    await shoot(page, 'codelens-dark');
    await page
      .locator('.codelens-decoration a', { hasText: /^Predict$/ })
      .first()
      .click();
    await viewOfTab(page, 'Predict: penguins', '#view[data-ready="true"]');
    await workbench.closeTab(page, 'Predict: penguins');
  });

  it('offers neither where the setting says so', async () => {
    await page.locator('.tab', { hasText: 'penguins.train.yaml' }).click();
    await lens('Train').waitFor();
    await setLens(false);
    assert.equal(await page.locator('.codelens-decoration a').count(), 0);
    await setLens(true);
  });
});
