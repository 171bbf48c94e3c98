/** Azure in the Compute view, against the rig. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoWorld } from '../../src/azureRig/demoWorld.ts';
import { startRig } from '../../src/azureRig/rig.ts';
import type { Rig, RigOptions } from '../../src/azureRig/rig.ts';
import { Contract } from '../azure/contract.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { type TestWindow, type Ui, useWindow } from './uiKit.ts';

export interface AzureWindow extends TestWindow {
  readonly rig: Rig;
}

export interface AzureWindowOptions {
  /** Adds files to the folder. @returns what the rig has that is not the demo's. */
  readonly prepare?: (ui: Ui) => RigOptions | Promise<RigOptions>;
}

/** One window whose extension asks a rig; every exchange is held to the specification. Call it in a `describe`, first. */
export function useAzureWindow({ prepare }: AzureWindowOptions = {}): AzureWindow {
  const contract = new Contract();
  let rig: Rig | null = null;
  const window = useWindow({
    async prepare(ui) {
      const own = (await prepare?.(ui)) ?? {};
      rig = await startRig({
        ...{ world: demoWorld(), pace: 0.2, onExchange: contract.check },
        ...own,
      });
      // Where VS Code keeps settings of scope `machine` for the machine that extensions run on.
      const folder = path.join(ui.host.root, 'ud', 'Machine');
      fs.mkdirSync(folder, { recursive: true });
      const settings = { 'trainbench.azure.endpoint': rig.endpoint };
      fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
    },
  });
  after(async () => {
    await rig?.close();
    process.stdout.write(contract.report());
    assert.deepEqual(contract.counts.violations, []);
  });
  return {
    get ui() {
      return window.ui;
    },
    get page() {
      return window.page;
    },
    get rig() {
      assert.ok(rig, 'the rig starts in a hook');
      return rig;
    },
  };
}

/** The row of a tree with this text. */
export function treeRow(page: Page, text: string | RegExp): Locator {
  return page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
}

/** A row that is closed has a twistie that says so. */
export async function expandRow(page: Page, text: string | RegExp): Promise<void> {
  const row = treeRow(page, text);
  await workbench.until(`${String(text)} to be open`, async () => {
    if ((await row.getAttribute('aria-expanded')) === 'true') return true;
    await row.locator('.monaco-tl-twistie').click({ timeout: workbench.attemptMs });
    return false;
  });
}

/** Closes what stands above Azure: rows that do not fit are not there for a test. */
export async function makeRoomForAzure(page: Page): Promise<void> {
  await treeRow(page, 'This machine').waitFor();
  await page.locator('.pane-header', { hasText: 'Runs' }).click();
  await treeRow(page, 'This machine').locator('.monaco-tl-twistie').click();
  await treeRow(page, /cpu/).waitFor({ state: 'detached' });
}
