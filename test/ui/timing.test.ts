/**
 * How long a user waits, in a real VS Code: reported, not asserted (a busy machine is no defect of ours).
 * Clocks run in the workbench page, from the mouse button's release to the text or page that the user sees.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { openUi, plot, statusItem, untilActive } from './uiKit.ts';
import type { Ui } from './uiKit.ts';

const report = path.resolve(import.meta.dirname, '../../out/ui-timings.json');

interface Timing {
  readonly name: string;
  readonly milliseconds: number;
}

describe('waiting times', () => {
  let ui: Ui;
  const timings: Timing[] = [];

  before(async () => (ui = await openUi({ isCold: true })));

  after(async () => {
    await ui.close();
    fs.writeFileSync(report, JSON.stringify(timings, null, 2));
    for (const { name, milliseconds } of timings) {
      process.stdout.write(`    ${milliseconds.toFixed(0).padStart(6)} ms  ${name}\n`);
    }
  });

  // The second window of each kind counts as cold: the first also warms the server.
  for (const window of ['first window', 'cold'] as const) {
    it(`measures an empty webview, ${window} and warm`, async () => {
      const page = await freshWindow(ui);
      for (const warmth of [window, 'warm']) {
        const milliseconds = await clickToView(page, 'Open Empty View');
        timings.push({ name: `empty webview, ${warmth}`, milliseconds });
        await closeEditors(page);
      }
      await page.context().close();
    });

    it(`measures the click to the first loss and to the plot, ${window} and warm`, async () => {
      const page = await freshWindow(ui);
      for (const warmth of [window, 'warm']) {
        const loss = watchStatusBar(page);
        const milliseconds = await clickToView(page, 'Train This Config');
        timings.push({ name: `plot with points, ${warmth}`, milliseconds });
        timings.push({ name: `first loss, ${warmth}`, milliseconds: await loss });
        await closeEditors(page);
      }
      await page.context().close();
    });
  }

  it('has measured all of them', () => {
    assert.equal(timings.length, 12);
    for (const { name, milliseconds } of timings) assert.ok(milliseconds > 0, name);
  });
});

/** A window whose own start-up work is over. */
async function freshWindow(ui: Ui): Promise<Page> {
  const page = await ui.openWindow();
  await untilActive(page, 'penguins.train.yaml');
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  return page;
}

/** From the release of the mouse on a menu entry to a page that shows its content. */
async function clickToView(page: Page, label: string): Promise<number> {
  const config = workbench.explorerRow(page, 'penguins.train.yaml');
  const menu = await workbench.openMenu(page, config, label);
  const clicked = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        document.addEventListener(
          'mouseup',
          () => resolve(performance.timeOrigin + performance.now()),
          {
            capture: true,
            once: true,
          },
        );
      }),
  );
  assert.ok(await workbench.clickInMenu(menu, label), `${label} was not chosen`);
  const view = plot(page);
  await view.waitFor();
  // The page notes itself when it first had points: asking it from here would add our own delay.
  const shown = await view.evaluate(
    (node) =>
      new Promise<number>((resolve) => {
        const now = () => performance.timeOrigin + performance.now();
        const ready = () => (node as HTMLElement).dataset['points'] !== undefined;
        const look = () => (ready() ? resolve(now()) : void requestAnimationFrame(look));
        const drawn = performance.getEntriesByName('trainbench/points')[0];
        if (drawn) resolve(performance.timeOrigin + drawn.startTime);
        else look();
      }),
  );
  return shown - (await clicked);
}

/** Milliseconds from the next release of the mouse to a new loss in the status bar. */
async function watchStatusBar(page: Page): Promise<number> {
  const old = (await statusItem(page).count()) > 0 ? await statusItem(page).innerText() : '';
  return page.evaluate(
    (before) =>
      new Promise<number>((resolve) => {
        let clicked = 0;
        let changed = false;
        document.addEventListener('mouseup', () => (clicked = performance.now()), {
          capture: true,
        });
        const look = () => {
          const text =
            document.querySelector('.statusbar-item[id*="trainbench.run"]')?.textContent ?? '';
          changed ||= text !== before;
          if (clicked > 0 && changed && /loss [\d,.]+/.test(text))
            resolve(performance.now() - clicked);
          else requestAnimationFrame(look);
        };
        look();
      }),
    old,
  );
}

async function closeEditors(page: Page): Promise<void> {
  await workbench.runCommand(page, 'View: Close All Editors');
  await page.locator('iframe.webview').first().waitFor({ state: 'detached' });
}
