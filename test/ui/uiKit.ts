/** The packaged extension, installed in a real VS Code, on a copy of the penguins sample. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { startHost } from '../vscode-host/host.ts';
import type { Host, HostOptions } from '../vscode-host/host.ts';
import { type LentHost, SharedHosts } from '../vscode-host/sharedHosts.ts';
import { counted } from '../vscode-host/spent.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { collectViolations } from './contentPolicy.ts';
import { packedExtensions } from './packedExtensions.ts';

const root = path.resolve(import.meta.dirname, '../..');
const trainTitle = 'Train This Config';
const screenshots = path.join(root, 'test', 'screenshots');

export interface Ui {
  readonly host: Host;
  readonly browser: Browser | BrowserContext;
  /** The open workspace folder, a copy that tests may change. */
  readonly folder: string;
  /** Opens the folder in a fresh window, as a user who comes for the first time. */
  openWindow(options?: Pick<workbench.WorkbenchOptions, 'ratio'>): Promise<Page>;
  /** Changes settings of the open folder, which VS Code takes over at once; those of the user it reads only at its start. */
  changeSettings(change: Readonly<Record<string, unknown>>): void;
  /** What content policies refused the views in any of its windows. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Longer than any test, and still what a timer of a browser can hold. */
const neverMs = 2 ** 30;

/** A hover that opens over a row takes the click that was meant for it; `showHover` asks for one. */
const settings = {
  'workbench.colorTheme': 'Dark Modern',
  'workbench.hover.delay': neverMs,
  // The explorer does not show what tests set.
  'files.exclude': { '**/.vscode': true },
};

let shared: SharedHosts | null = null;

/** From now on the tests of this process share servers and a browser where they can. @returns what stops them. */
export function shareHosts(): () => Promise<void> {
  const hosts = new SharedHosts();
  shared = hosts;
  return () => hosts.stop();
}

export interface UiOptions extends HostOptions {
  /** A server and a browser that nobody has used before, each window with a profile of its own. */
  readonly isCold?: boolean;
}

export async function openUi({ isCold = false, ...options }: UiOptions = {}): Promise<Ui> {
  const extensions = await packedExtensions();
  const all = {
    extensions,
    isLean: !isCold,
    ...options,
    settings: { ...settings, ...options.settings },
  };
  const hosts = isCold ? null : shared;
  const lent = await counted('server and browser', () =>
    hosts === null ? startOwn(all) : hosts.lend(all),
  );
  const { host, browser } = lent;
  const folder = copySample();
  const violations: (readonly string[])[] = [];
  const beforeLoad = async (page: Page) => void violations.push(await collectViolations(page));
  return {
    host,
    browser,
    folder,
    openWindow: (screen = {}) =>
      counted('window', () =>
        workbench.openWorkbench(browser, host, folder, { beforeLoad, ...screen }),
      ),
    changeSettings: (change) => changeSettings(folder, change),
    violations: () => violations.flat(),
    async close() {
      await counted('end', () => lent.giveBack());
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function startOwn(options: HostOptions): Promise<LentHost> {
  const host = await startHost(options);
  const browser = await workbench.launchBrowser();
  const giveBack = async () => {
    await browser.close();
    await host.stop();
  };
  return { host, browser, giveBack };
}

/** Set once the test's first hook has run. */
export interface TestWindow {
  readonly ui: Ui;
  readonly page: Page;
}

export interface TestWindowOptions extends UiOptions {
  /** Adds files to the folder before the window opens. */
  readonly prepare?: (ui: Ui) => void | Promise<void>;
}

/**
 * One VS Code with one dark window for all tests of a `describe`; call it there, first. A failed test leaves a
 * picture; a view that breaks its content policy fails the block.
 */
export function useWindow({ prepare, ...options }: TestWindowOptions = {}): TestWindow {
  let ui: Ui | null = null;
  let page: Page | null = null;
  const window = {
    get ui() {
      assert.ok(ui, 'the window opens in a hook');
      return ui;
    },
    get page() {
      assert.ok(page, 'the window opens in a hook');
      return page;
    },
  };
  before(async () => {
    ui = await openUi(options);
    await prepare?.(ui);
    page = await ui.openWindow();
  });
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.isFailed() !== true || page === null) return;
    await shoot(page, `failure-${currentTest.title.replaceAll(/\W+/g, '-').slice(0, 40)}`);
  });
  after(async () => {
    const violations = ui?.violations() ?? [];
    await ui?.close();
    assert.deepEqual(violations, [], 'a content policy was broken');
  });
  return window;
}

/** Adds to what is set already. */
function changeSettings(folder: string, change: Readonly<Record<string, unknown>>): void {
  const file = path.join(folder, '.vscode', 'settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const now: unknown = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.writeFileSync(file, JSON.stringify(Object.assign({}, now, change), null, 2));
}

function copySample(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-ui-'));
  const sample = path.join(root, 'samples', 'penguins');
  for (const name of ['penguins.train.yaml', 'penguins.csv', 'README.md']) {
    fs.copyFileSync(path.join(sample, name), path.join(folder, name));
  }
  const text = fs.readFileSync(path.join(sample, 'penguins.train.yaml'), 'utf8');
  const change = (name: string, from: RegExp, to: string) =>
    fs.writeFileSync(path.join(folder, name), text.replace(from, to));
  change('long.train.yaml', /epochs: \d+/, 'epochs: 2000000');
  change('bad.train.yaml', /batch_size/, 'batch_sise');
  return folder;
}

/** Chooses an entry in the menu of a file in the explorer. */
export async function chooseForFile(page: Page, file: string, label: string): Promise<void> {
  await workbench.chooseInMenu(page, workbench.explorerRow(page, file), label);
}

/** Resolves when the extension has started: the entry in the menu of a config is enabled then. */
export async function untilActive(page: Page, file: string, label = trainTitle): Promise<void> {
  await workbench.openMenu(page, workbench.explorerRow(page, file), label);
  await workbench.closeMenu(page);
}

/** @param title as the menu has it in the window's language. */
export async function trainFromMenu(page: Page, file: string, title = trainTitle): Promise<void> {
  await chooseForFile(page, file, title);
}

export function statusItem(page: Page): Locator {
  return page.locator('.statusbar-item[id*="trainbench.run"]');
}

/** The plot's page, whose data attributes say what its canvas shows. */
export function plot(page: Page): Locator {
  return workbench.webview(page).locator('#view');
}

export async function plotData(page: Page): Promise<Readonly<Record<string, string>>> {
  return plot(page).evaluate((view) => {
    const entries = Object.entries((view as HTMLElement).dataset);
    return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
  });
}

export async function untilPlotState(page: Page, state: string): Promise<void> {
  await workbench.webview(page).locator(`#view[data-state="${state}"]`).waitFor();
}

/** Keeps a picture for somebody to look at. @returns it as PNG. */
export function shoot(page: Page, name: string): Promise<Buffer> {
  fs.mkdirSync(screenshots, { recursive: true });
  const file = path.join(screenshots, `${name}.png`);
  return counted('pictures', () => workbench.screenshot(page, file));
}

/** How many different colours the chart's canvas has: a blank one has one. */
export function canvasColors(page: Page, chart: string): Promise<number> {
  return workbench
    .webview(page)
    .locator(`#${chart} canvas`)
    .evaluate((node) => {
      const canvas = node as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
}

/** Processes that run the installed core; its path names this host's folder. */
export function corePids(ui: Ui): readonly number[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8');
      return command.includes(ui.host.root) && command.includes('dist/core.cjs')
        ? [Number(name)]
        : [];
    } catch {
      return []; // ended while we looked
    }
  });
}

/**
 * Shows the hover of something: VS Code keeps hovers back in our windows until one is asked for here. It stays until the
 * mouse moves.
 */
export async function showHover({ ui, page }: TestWindow, of: Locator, text: string | RegExp) {
  const hover = page.locator('.monaco-hover', { hasText: text }).first();
  const brief = { timeout: workbench.attemptMs };
  ui.changeSettings({ 'workbench.hover.delay': 300 });
  await workbench.until(`a hover with ${String(text)}`, async () => {
    await page.mouse.move(5, 5);
    await of.hover(brief);
    return workbench.worked(() => hover.waitFor(brief));
  });
  ui.changeSettings({ 'workbench.hover.delay': neverMs });
}

/** Waits for what VS Code or a process does later. */
export function poll(condition: () => boolean | Promise<boolean>): Promise<void> {
  return workbench.until(condition.toString(), condition);
}
