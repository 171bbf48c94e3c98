/** Reloading the window of a test, as a user does, and finding views in it. */
import type { Frame, FrameLocator, Page } from 'playwright-core';
import { counted } from '../vscode-host/spent.ts';
import * as workbench from '../vscode-host/workbench.ts';

/**
 * VS Code in a browser writes what it keeps of a window now and then and not when the page goes; on a desktop it writes it
 * then. Waits until what it keeps of the open editors mentions all these texts.
 */
export async function untilKept(page: Page, ...texts: readonly string[]): Promise<void> {
  let kept = '';
  const said = () => `VS Code to keep ${texts.join(', ')}: ${kept}`;
  await counted('what VS Code keeps', () =>
    workbench.until(said, async () => {
      kept = await page.evaluate(readEditors);
      return texts.every((text) => kept.includes(text));
    }),
  );
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
export function reloadWindow(page: Page): Promise<void> {
  return counted('reload', async () => {
    await page.reload();
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  });
}

/** Brings a tab forward and finds its page: the webview in which `selector` is to be seen. */
export async function viewOfTab(page: Page, tab: string, selector: string): Promise<FrameLocator> {
  await page.locator('.tab', { hasText: tab }).first().click();
  return workbench.untilFound(`${selector} in the tab ${tab}`, async () => {
    const count = await page.locator('iframe.webview.ready').count();
    for (let nth = 0; nth < count; nth++) {
      const view = workbench.webview(page, nth);
      if (await view.locator(selector).first().isVisible()) return view;
    }
    return null;
  });
}

/** The page of the view that has this element, wherever it is. */
export async function frameWith(page: Page, selector: string): Promise<Frame> {
  return workbench.untilFound(`a view with ${selector}`, async () => {
    for (const frame of page.frames()) {
      // A frame may go while it is asked.
      const found = await frame.$(selector).catch(() => null);
      if (found !== null) return frame;
    }
    return null;
  });
}
