/** Drives the test VS Code with Chromium: windows, webviews, tabs, screenshots; menus, palette and lists beside it. */
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import type { Host } from './host.ts';
import { attemptMs, until, worked } from './until.ts';

export { chooseInMenu, clickInMenu, closeMenu, menuLabels, openMenu } from './menus.ts';
export { attemptMs, until, untilFound, worked } from './until.ts';
export { answerFileDialog, filterInput, pick, pickRows, runCommand } from './quickInput.ts';

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

/**
 * VS Code in a browser writes down the state of its window every five seconds, where a desktop does so when the window goes.
 * The timer is known by its length and by the scheduler that set it.
 */
const keepStateAtOnce = `(() => {
  if (self !== top) return;
  const later = globalThis.setTimeout;
  globalThis.setTimeout = (act, milliseconds, ...rest) => {
    const isOfState = milliseconds === 5000 && act.name === 'bound onTimeout';
    return later(act, isOfState ? 250 : milliseconds, ...rest);
  };
})();`;

const view = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' } as const;

/** Debian's Chromium, or the one that TRAINBENCH_CHROMIUM names. */
function launchOptions() {
  const named = process.env['TRAINBENCH_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!fs.existsSync(named)) {
    throw new Error(
      `There is no Chromium at ${named}. Install it (apt-get install chromium) or set TRAINBENCH_CHROMIUM.`,
    );
  }
  return { executablePath: named, headless: true, args: chromiumFlags };
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** A browser that remembers what it has compiled. @param folder where; it may be new. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...launchOptions(), ...view });
}

export interface WorkbenchOptions {
  /** VS Code's own page parameters, as [name, value]. */
  readonly payload?: readonly (readonly [string, string])[];
  readonly beforeLoad?: (page: Page) => Promise<void>;
  readonly waitForExplorer?: boolean;
  /** Pixels of the screen in one of CSS; 1 unless told. */
  readonly ratio?: number;
}

/** Opens the workbench on a folder, or on none with null; resolves when its files show. A browser makes a profile for it. */
export async function openWorkbench(
  browser: Browser | BrowserContext,
  host: Host,
  folder: string | null,
  options: WorkbenchOptions = {},
): Promise<Page> {
  const page = await newPage(browser, options.ratio);
  page.setDefaultTimeout(60_000);
  // tsx wraps named functions in a helper of its own, which functions sent to the page then miss.
  await page.addInitScript({ content: 'globalThis.__name = (target) => target;' });
  await page.addInitScript({ content: keepStateAtOnce });
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

async function newPage(browser: Browser | BrowserContext, ratio = 1): Promise<Page> {
  if (!('newContext' in browser)) return browser.newPage();
  const context = await browser.newContext({ ...view, deviceScaleFactor: ratio });
  return context.newPage();
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
  const brief = { timeout: attemptMs };
  await tab.waitFor();
  await until(`the tab ${title} to close`, async () => {
    await tab.hover(brief);
    await tab.locator('.tab-actions .action-label').click(brief);
    return worked(() => tab.waitFor({ state: 'detached', ...brief }));
  });
}

export function explorerRow(page: Page, name: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
}

export function screenshot(page: Page, file: string): Promise<Buffer> {
  return page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}
