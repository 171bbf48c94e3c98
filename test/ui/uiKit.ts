/** The packaged extension, installed in a real VS Code, on a copy of the penguins sample. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import type { Browser, Locator, Page } from 'playwright-core';
import { packageVsix } from '../../src/build/packageVsix.ts';
import { startHost } from '../vscode-host/host.ts';
import type { Host, HostOptions } from '../vscode-host/host.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { collectViolations } from './contentPolicy.ts';

const root = path.resolve(import.meta.dirname, '../..');
const screenshots = path.join(root, 'test', 'screenshots');

export interface Ui {
  readonly host: Host;
  readonly browser: Browser;
  /** The open workspace folder, a copy that tests may change. */
  readonly folder: string;
  /** Opens the folder in a fresh window, as a user who comes for the first time. */
  openWindow(): Promise<Page>;
  /** What content policies refused the views in any of its windows. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Names of VS Code's own themes, by the word that their pictures carry. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  contrast: 'Dark High Contrast',
} as const;

/** Packs once a test run; the files are those of the last build. */
let packed: Promise<readonly string[]> | null = null;

export function packExtensions(): Promise<readonly string[]> {
  packed ??= Promise.all([packageVsix('linux-x64'), packEmptyView()]);
  return packed;
}

async function packEmptyView(): Promise<string> {
  const packagePath = path.join(root, 'out', 'empty-view.vsix');
  fs.mkdirSync(path.dirname(packagePath), { recursive: true });
  const cwd = path.join(import.meta.dirname, 'emptyView');
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

export async function openUi(options: HostOptions = {}): Promise<Ui> {
  const vsix = await packExtensions();
  const host = await startHost({ vsix, ...options });
  const browser = await workbench.launchBrowser();
  const folder = copySample();
  const violations: (readonly string[])[] = [];
  const beforeLoad = async (page: Page) => void violations.push(await collectViolations(page));
  return {
    host,
    browser,
    folder,
    openWindow: () => workbench.openWorkbench(browser, host, folder, { beforeLoad }),
    violations: () => violations.flat(),
    async close() {
      await browser.close();
      await host.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Set once the test's first hook has run. */
export interface TestWindow {
  readonly ui: Ui;
  readonly page: Page;
}

export interface TestWindowOptions extends HostOptions {
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
    const settings = { 'workbench.colorTheme': themes.dark, ...options.settings };
    ui = await openUi({ ...options, settings });
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

/** A test for each theme: takes the picture `<name>-dark` and so on, which somebody should look at. */
export function looksRightInThemes(
  window: TestWindow,
  name: string,
  check: () => Promise<unknown>,
): void {
  for (const [word, theme] of Object.entries(themes)) {
    it(`looks right in ${theme}`, async () => {
      await setTheme(window.page, theme);
      await window.page.waitForTimeout(1500); // the workbench fades its colours
      await check();
      await shoot(window.page, `${name}-${word}`);
    });
  }
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

const trainTitle = 'Train This Config';

interface TrainingMenuOptions {
  readonly wanted?: 'enabled' | 'disabled';
  /** As the menu has it in the window's language. */
  readonly title?: string;
}

/**
 * Menu entries of extensions come a moment after the explorer, and are disabled for a moment more: opens the menu
 * again until it has ours as it should be.
 */
export async function trainingMenu(
  page: Page,
  file: string,
  { wanted = 'enabled', title = trainTitle }: TrainingMenuOptions = {},
): Promise<Locator> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const menu = await workbench.openContextMenu(page, workbench.explorerRow(page, file));
    const item = menu.locator('.action-item', { hasText: title }).first();
    const classes = (await item.count()) > 0 ? ((await item.getAttribute('class')) ?? '') : null;
    if (classes !== null && /\bdisabled\b/.test(classes) === (wanted === 'disabled')) return menu;
    await page.keyboard.press('Escape');
    await page.waitForTimeout(250);
  }
  throw new Error(`no ${wanted} ${title} in the menu of ${file}`);
}

export async function trainFromMenu(page: Page, file: string, title = trainTitle): Promise<void> {
  const menu = await trainingMenu(page, file, { title });
  await workbench.clickMenuItem(page, menu, title);
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

export async function setTheme(page: Page, label: string): Promise<void> {
  await workbench.runCommand(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget .quick-input-filter input').first();
  await input.fill(label);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
}

export async function shoot(page: Page, name: string): Promise<void> {
  fs.mkdirSync(screenshots, { recursive: true });
  await workbench.screenshot(page, path.join(screenshots, `${name}.png`));
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

/** Waits for what VS Code or a process does later. */
export async function poll(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `timed out: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
