/** A run whose window, extension host or core goes away: nothing is lost, the user is told, and it can go on. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { reloadWindow, untilKept, viewOfTab } from './reloadKit.ts';
import {
  corePids,
  plotData,
  poll,
  shoot,
  statusItem,
  trainFromMenu,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

describe('a run that is interrupted', () => {
  const window = useWindow({
    prepare({ folder }) {
      // Wide layers: thousands of steps a second, not a million, so that the tests can look at each.
      const long = fs.readFileSync(path.join(folder, 'long.train.yaml'), 'utf8');
      const wide = long.replaceAll(/units: 10\b/g, 'units: 400');
      fs.writeFileSync(path.join(folder, 'wide.train.yaml'), wide);
    },
  });
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  afterEach(async () => {
    await workbench.runCommand(page, 'Trainbench: Stop Training and Keep the Run');
    await poll(() => newest().state !== 'running');
    await workbench.runCommand(page, 'Notifications: Clear All Notifications');
    await workbench.runCommand(page, 'View: Close All Editors');
  });

  /** `run.json` of the newest run. */
  function newest(): { readonly state: string; readonly step: number; readonly pid: number } {
    const parent = path.join(window.ui.folder, 'runs');
    const last = fs.readdirSync(parent).sort().at(-1);
    const text = fs.readFileSync(path.join(parent, last!, 'run.json'), 'utf8');
    return JSON.parse(text) as ReturnType<typeof newest>;
  }

  async function trainLong(): Promise<void> {
    await trainFromMenu(page, 'wide.train.yaml');
    await statusItem(page)
      .filter({ hasText: /epoch \d/ })
      .waitFor();
    await untilPlotState(page, 'running');
  }

  const offer = (text: string | RegExp): Locator =>
    page.locator('.notification-toast', { hasText: text });

  /** From the click on Resume on the run trains further than `step`, and no step is missing. */
  async function assertGoesOn(step: number): Promise<void> {
    await statusItem(page)
      .filter({ hasText: /epoch \d/ })
      .waitFor();
    await poll(() => newest().state === 'running' && newest().step > step);
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="running"]');
    await workbench.runCommand(page, 'Trainbench: Pause Training');
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="paused"]');
    assert.ok(Number((await plotData(page))['points']) > step);
  }

  it('by a reload of the window shows all its points and goes on from its last step', async () => {
    await trainLong();
    await untilKept(page, 'lossPlot', 'directory');
    await reloadWindow(page);
    const toast = offer(/The training of penguins was interrupted after \d+ of 2,?000,?000 epochs/);
    await toast.waitFor();
    await poll(() => newest().state === 'interrupted');
    const view = await viewOfTab(page, 'Loss: penguins', '#view[data-state="interrupted"]');
    const { step } = newest();
    assert.ok(step > 0);
    assert.equal((await plotData(page))['points'], String(step));
    await shoot(page, 'interrupted-dark');
    await view.locator('#resume').click();
    await assertGoesOn(step);
  });

  it('by a window that closes is offered by the next one', async () => {
    await trainLong();
    await page.goto('about:blank');
    // VS Code keeps the extension host of a browser's window for a while, in case it comes back.
    await openAgain();
    const toast = offer('was interrupted after');
    await toast.waitFor();
    const { step, state } = newest();
    assert.equal(state, 'interrupted');
    await toast.locator('.monaco-button', { hasText: 'Resume' }).click();
    await assertGoesOn(step);
  });

  it('by a core that is killed is told at once, and goes on from its last checkpoint', async () => {
    await trainLong();
    await poll(() => newest().step > 0);
    for (const pid of corePids(window.ui)) process.kill(pid, 'SIGKILL');
    const toast = offer('The run is kept up to its last checkpoint');
    await toast.waitFor();
    await untilPlotState(page, 'interrupted');
    await statusItem(page).filter({ hasText: 'interrupted' }).waitFor();
    await shoot(page, 'interrupted-core-dark');
    const { step } = newest();
    await toast.locator('.monaco-button', { hasText: 'Resume' }).click();
    await assertGoesOn(step);
  });

  it('by an extension host that is killed is offered when that is back', async () => {
    await trainLong();
    await poll(() => newest().step > 0);
    for (const pid of corePids(window.ui)) process.kill(parentOf(pid), 'SIGKILL');
    const restart = page.locator('.notification-toast .monaco-button', {
      hasText: 'Restart Extension Host',
    });
    const toast = offer('was interrupted after');
    await restart.or(toast).first().waitFor();
    if (await restart.isVisible()) await restart.click();
    await toast.waitFor();
    const { step, state } = newest();
    assert.equal(state, 'interrupted');
    // The plot of the dead host is gone; one that answers is there instead.
    await viewOfTab(page, 'Loss: penguins', '#view[data-state="interrupted"]');
    assert.equal(await page.locator('.tab').count(), 1);
    await shoot(page, 'interrupted-host-dark');
    await toast.locator('.monaco-button', { hasText: 'Resume' }).click();
    await assertGoesOn(step);
  });

  async function openAgain(): Promise<void> {
    const { host, folder } = window.ui;
    await page.goto(`${host.origin}/?${new URLSearchParams({ folder }).toString()}`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }
});

function parentOf(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}
