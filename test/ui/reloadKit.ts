/** Reloading the window of a test, as a user does. */
import type { FrameLocator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';

/**
 * VS Code in a browser writes what it keeps of a window every five seconds and not when the page goes; on a desktop it
 * writes it then. Waits until what it keeps of the open editors mentions all these texts.
 */
export async function untilKept(page: Page, ...texts: readonly string[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const kept = await page.evaluate(readEditors);
    if (texts.every((text) => kept.includes(text))) return;
    if (Date.now() > deadline) throw new Error(`VS Code keeps no ${texts.join(', ')}: ${kept}`);
    await page.waitForTimeout(250);
  }
}

/** Runs in the page: the state of the editor area as VS Code has it in its database for this folder. */
async function readEditors(): Promise<string> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer'));
    });
  const texts: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith('vscode-web-state-db-') !== true) continue;
    const database = await asked(indexedDB.open(name));
    const table = database.transaction('ItemTable').objectStore('ItemTable');
    texts.push(String(await asked(table.get('memento/workbench.parts.editor'))));
    database.close();
  }
  return texts.join('\n');
}

/** Resolves when the files show again. */
export async function reloadWindow(page: Page): Promise<void> {
  await page.reload();
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
}

/** Brings a tab forward and finds its page: the webview in which `selector` is to be seen. */
export async function viewOfTab(page: Page, tab: string, selector: string): Promise<FrameLocator> {
  await page.locator('.tab', { hasText: tab }).first().click();
  const deadline = Date.now() + 30_000;
  for (;;) {
    const count = await page.locator('iframe.webview.ready').count();
    for (let nth = 0; nth < count; nth++) {
      const view = workbench.webview(page, nth);
      const found = view.locator(selector).first();
      if (await found.isVisible().catch(() => false)) return view;
    }
    if (Date.now() > deadline) throw new Error(`the tab ${tab} shows no ${selector}`);
    await page.waitForTimeout(100);
  }
}
