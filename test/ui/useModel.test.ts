/** What "Use This Model" writes, in a real VS Code with the packaged extension; the scripts and the line are run. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { shoot, trainFromMenu, untilPlotState, useWindow } from './uiKit.ts';

describe('Use This Model', () => {
  const window = useWindow();
  let page: Page;

  before(async () => {
    ({ page } = window);
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
  });

  async function pick(label: string): Promise<void> {
    await workbench.runCommand(page, 'Trainbench: Use This Model');
    await workbench.pickRows(page).filter({ hasText: label }).first().waitFor();
    if (label === 'Python') await shoot(page, 'use-model-pick-dark');
    await workbench.pick(page, label);
  }

  function exported(name: string): string {
    const [run] = fs.readdirSync(path.join(window.ui.folder, 'runs'));
    return path.join(window.ui.folder, 'runs', run!, 'export', name);
  }

  /** What the editor in front holds, once a line of it has this. */
  async function shellText(wanted: string, screenshot: string): Promise<string> {
    const line = page.locator('.view-line', { hasText: wanted }).first();
    await line.waitFor();
    await shoot(page, screenshot);
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await line.click();
    await page.keyboard.press('Control+End');
    const lines = await page.locator('.editor-instance .view-line').allTextContents();
    return lines.join('\n').replaceAll('\u00a0', ' ').trim();
  }

  it('opens a Python script beside its weights and says where they are', async () => {
    await pick('Python');
    await page.locator('.tab', { hasText: 'penguins.py' }).waitFor();
    const toast = page.locator('.notification-toast', { hasText: 'penguins.py and its weights' });
    await toast.waitFor();
    await shoot(page, 'use-model-python-dark');
    assert.ok(
      fs.existsSync(exported('penguins.py')) && fs.existsSync(exported('penguins.safetensors')),
    );
  });

  it('opens a JavaScript module that predicts by itself', async () => {
    await pick('JavaScript');
    await page.locator('.tab', { hasText: 'penguins.mjs' }).waitFor();
    await shoot(page, 'use-model-javascript-dark');
    const { stdout, stderr } = spawnSync(process.execPath, [exported('penguins.mjs')], {
      encoding: 'utf8',
    });
    assert.match(stdout, /^\{"class":"(Adelie|Gentoo|Chinstrap)","probabilities":/, stderr);
  });

  it('gives a line for the terminal that predicts the same', async () => {
    await pick('Command line');
    const command = await shellText('cli.cjs', 'use-model-shell-dark');
    const said = spawnSync('sh', ['-c', `${command} --json`], { encoding: 'utf8' });
    const same = spawnSync(process.execPath, [exported('penguins.mjs')], { encoding: 'utf8' });
    const answer = JSON.parse(said.stdout) as { class: string };
    assert.equal(answer.class, (JSON.parse(same.stdout) as { class: string }).class, said.stderr);
  });

  it('serves the model and gives the curl that asks it', async () => {
    await pick('curl');
    const text = await shellText('curl http', 'use-model-curl-dark');
    const command = /^curl .*$/m.exec(text)![0];
    const same = spawnSync(process.execPath, [exported('penguins.mjs')], { encoding: 'utf8' });
    const said = await untilServed(command);
    const { predictions } = JSON.parse(said) as { predictions: { class: string }[] };
    assert.equal(predictions[0]!.class, (JSON.parse(same.stdout) as { class: string }).class);
  });
});

/** The terminal starts its program a moment after the line is there. */
function untilServed(command: string): Promise<string> {
  return workbench.untilFound(`an answer to ${command}`, () => {
    const { stdout, status } = spawnSync('sh', ['-c', `${command} --silent`], { encoding: 'utf8' });
    return Promise.resolve(status === 0 ? stdout : null);
  });
}
