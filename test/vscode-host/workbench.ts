/** Drives the test VS Code with Chromium: menus, palette, status bar, webviews, screenshots. */
import fs from 'node:fs';
import { chromium, errors } from 'playwright-core';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import type { Host } from './host.ts';

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Debian's Chromium, or the one that TRAINBENCH_CHROMIUM names. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['TRAINBENCH_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!fs.existsSync(named)) {
    throw new Error(
      `There is no Chromium at ${named}. Install it (apt-get install chromium) or set TRAINBENCH_CHROMIUM.`,
    );
  }
  return chromium.launch({ executablePath: named, headless: true, args: chromiumFlags });
}

export interface WorkbenchOptions {
  /** VS Code's own page parameters, as [name, value]. */
  readonly payload?: readonly (readonly [string, string])[];
  readonly beforeLoad?: (page: Page) => Promise<void>;
  readonly waitForExplorer?: boolean;
}

/** Opens the workbench on a folder, or on none with null; resolves when its files show. */
export async function openWorkbench(
  browser: Browser,
  host: Host,
  folder: string | null,
  options: WorkbenchOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  // tsx wraps named functions in a helper of its own, which functions sent to the page then miss.
  await page.addInitScript({ content: 'globalThis.__name = (target) => target;' });
  await options.beforeLoad?.(page);
  const query = new URLSearchParams(folder === null ? { ew: 'true' } : { folder });
  if (options.payload !== undefined) query.set('payload', JSON.stringify(options.payload));
  await page.goto(`${host.origin}/?${query.toString()}`);
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  if (folder !== null && options.waitForExplorer !== false) {
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 60_000 });
  }
  return page;
}

/**
 * Runs a command by its title from the palette. A palette that is just closing takes no text, the key is lost while the
 * focus moves, and a command is enabled a moment after the state it needs: so this tries again.
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await runFromPalette(page, title))) {
    if (Date.now() > deadline) throw new Error(`the palette has no command ${title}`);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(250);
  }
}

async function runFromPalette(page: Page, title: string): Promise<boolean> {
  const timeout = 3000;
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget .quick-input-filter input').first();
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  try {
    await input.fill(`>${title}`, { timeout });
    await row.click({ timeout });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/** The document of the n-th webview: page > iframe.webview > iframe#active-frame. */
export function webview(page: Page, nth = 0): FrameLocator {
  return page
    .locator('iframe.webview.ready')
    .nth(nth)
    .contentFrame()
    .frameLocator('iframe#active-frame');
}

/** With the mouse, because the keyboard's focus may be inside a webview that closes. */
export async function closeTab(page: Page, title: string): Promise<void> {
  const tab = page.locator('.tab', { hasText: title }).first();
  await tab.hover();
  await tab.locator('.tab-actions .action-label').click();
  await tab.waitFor({ state: 'detached' });
}

export function explorerRow(page: Page, name: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
}

export async function openContextMenu(page: Page, row: Locator): Promise<Locator> {
  await row.click({ button: 'right' });
  const menu = page.locator('.context-view .monaco-menu');
  await menu.locator('.action-label').first().waitFor();
  return menu;
}

export async function menuLabels(menu: Locator): Promise<readonly string[]> {
  const labels = await menu.locator('.action-label').allInnerTexts();
  return labels.map((label) => label.trim()).filter((label) => label !== '');
}

/** VS Code's menus ignore the mouse for a moment after opening, so one fast click may be lost. */
export async function clickMenuItem(page: Page, menu: Locator, label: string): Promise<void> {
  const item = menu.locator('.action-item', { hasText: label }).first();
  for (let attempt = 0; attempt < 5; attempt++) {
    await page.waitForTimeout(150);
    await item.click();
    const closed = await menu.waitFor({ state: 'hidden', timeout: 1500 }).then(
      () => true,
      () => false, // still open: the click was lost
    );
    if (closed) return;
  }
  throw new Error(`the menu item did not react: ${label}`);
}

/** VS Code's own file dialog, as a browser shows it. */
export async function answerFileDialog(page: Page, file: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-filter input').first();
  await input.waitFor({ state: 'visible' });
  await page
    .locator('.quick-input-widget .monaco-button', { hasText: /OK|Save/ })
    .first()
    .waitFor();
  await page.waitForTimeout(1000); // it sets a path of its own once it has looked
  await input.fill(file);
  await page.waitForTimeout(700); // it looks the path up while one types
  await input.press('Enter');
}

export async function screenshot(page: Page, file: string): Promise<void> {
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}
