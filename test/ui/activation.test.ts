/** When the extension starts, and how long that takes, as VS Code itself measures it: reported, not asserted. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { corePids, openUi, poll } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

const report = path.resolve(import.meta.dirname, '../../out/activation.json');

describe('activation', () => {
  let ui: Ui;
  let unrelated: string;

  before(async () => {
    unrelated = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-unrelated-'));
    fs.writeFileSync(path.join(unrelated, 'table.csv'), 'a,b\n1,2\n');
    fs.writeFileSync(path.join(unrelated, 'notes.yaml'), 'a: 1\n');
    ui = await openUi({ isCold: true });
  });

  after(async () => {
    await ui.close();
    fs.rmSync(unrelated, { recursive: true, force: true });
  });

  it('does not happen in a folder without configs', async () => {
    const page = await workbench.openWorkbench(ui.browser, ui.host, unrelated);
    for (const name of ['notes.yaml', 'table.csv']) {
      await workbench.explorerRow(page, name).dblclick();
      await page.locator('.tab', { hasText: name }).waitFor();
    }
    const running = await runningExtensions(page);
    assert.ok(running.has('Git'), [...running.keys()].join(', '));
    assert.equal(running.get('Trainbench'), undefined);
    assert.deepEqual(corePids(ui), []);
    await page.context().close();
  });

  it('happens in a folder with a config', async () => {
    const page = await ui.openWindow();
    await poll(() => corePids(ui).length > 0);
    // The list may be read before VS Code has entered the time of an activation that has just ended.
    await poll(async () => (await runningExtensions(page)).has('Trainbench'));
    const running = await runningExtensions(page);
    const milliseconds = running.get('Trainbench');
    assert.ok(milliseconds, 'VS Code names no time');
    // One that registers a single command: what VS Code itself takes, on this machine at this moment.
    const emptyExtension = running.get('Empty View');
    fs.writeFileSync(report, JSON.stringify({ milliseconds, emptyExtension }));
    const beside = `an extension with a single command: ${emptyExtension ?? '?'} ms`;
    process.stdout.write(`    activated in ${milliseconds} ms (${beside})\n`);
  });
});

/** What VS Code lists as running, by name, with the milliseconds of the activation. */
async function runningExtensions(page: Page): Promise<ReadonlyMap<string, number>> {
  await workbench.runCommand(page, 'Developer: Show Running Extensions');
  const rows = page.locator('.runtime-extensions-editor .monaco-list-row');
  await rows.filter({ hasText: 'Git' }).first().waitFor();
  const texts = await rows.allInnerTexts();
  // It may lie over the editors instead of in a tab, and a list that stays open may grow old.
  await workbench.runCommand(page, 'View: Close Editor');
  return new Map(
    texts.flatMap((text) => {
      const time = /Activation: (\d+)\s?ms/.exec(text)?.[1];
      return time === undefined ? [] : [[text.split('\n')[0] ?? '', Number(time)]];
    }),
  );
}
