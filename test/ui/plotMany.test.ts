/** A thousand runs in one plot: every gesture is answered, and how quickly is reported. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { writeSyntheticRuns } from '../kit/syntheticRuns.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { chartData, hoverAt, readoutValues, report, untilChart } from './plotKit.ts';
import { plotData, shoot, useWindow } from './uiKit.ts';

const count = 1000;
const steps = 2000;

describe('a plot of a thousand runs', () => {
  const window = useWindow({
    prepare({ folder }) {
      writeSyntheticRuns(path.join(folder, 'runs'), count, { steps, stepsPerEpoch: 20 });
    },
  });
  let page: Page;
  const view = () => workbench.webview(page);

  before(() => {
    ({ page } = window);
  });

  /** Milliseconds from asking the host to the picture on the page, for each of both charts. */
  async function timeOf(act: () => Promise<unknown>): Promise<number> {
    const { drawings } = await chartData(page, 'loss');
    await act();
    await untilChart(page, 'loss', (now) => Number(now['drawings']) > Number(drawings));
    return Number((await chartData(page, 'loss'))['took']);
  }

  it('opens with all that are chosen', async () => {
    await workbench.runCommand(page, 'Trainbench: Compare Runs');
    const picker = page.locator('.quick-input-widget');
    await picker.locator('.monaco-list-row', { hasText: 'run-1000' }).first().waitFor();
    await picker.getByRole('checkbox').first().click();
    await picker.locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
    await untilChart(page, 'loss', ({ lines }) => lines === String(count));
    assert.equal((await plotData(page))['runs'], String(count));
    const { points, runs } = await chartData(page, 'loss');
    assert.equal(Number(points), (count * steps) / 20);
    // Never more than the pixels of the plot.
    const size = await view().locator('#loss canvas').getAttribute('data-size');
    const [columns, rows] = size!.split('x').map(Number);
    assert.ok(Number(runs) <= columns! * rows!, `${runs} runs of pixels`);
    await shoot(page, 'plot-thousand-dark');
  });

  it('follows the wheel', async () => {
    await hoverAt(page, 'loss', 0.5, 0.5);
    const took: number[] = [];
    for (let i = 0; i < 8; i++) took.push(await timeOf(() => page.mouse.wheel(0, -200)));
    report('1,000 runs, a zoom by the wheel', took);
    await view().locator('#fit').click();
    await untilChart(page, 'loss', ({ first }) => first === '1');
  });

  it('says the nearest values and how many more there are', async () => {
    const took: number[] = [];
    for (let i = 1; i < 8; i++) {
      await hoverAt(page, 'loss', i / 8, 0.6);
      assert.equal((await readoutValues(page, 'loss')).length, 12);
      took.push(Number((await chartData(page, 'loss'))['said']));
    }
    report('1,000 runs, the crosshair', took);
    const more = await view().locator('#loss .readout .more').innerText();
    assert.match(more, /988/);
    await shoot(page, 'plot-thousand-crosshair-dark');
  });

  it('raises a run under the mouse, and hides one', async () => {
    const names = view().locator('#runs .entry');
    assert.equal(await names.count(), count);
    const raised = [];
    for (let i = 0; i < 4; i++) raised.push(await timeOf(() => names.nth(i).hover()));
    report('1,000 runs, one raised', raised);
    await shoot(page, 'plot-thousand-raised-dark');
    const hidden = [];
    for (let i = 0; i < 4; i++) {
      hidden.push(await timeOf(() => names.nth(i).click()));
      await untilChart(page, 'loss', ({ lines }) => lines === String(count - i - 1));
    }
    report('1,000 runs, one hidden', hidden);
  });

  it('shows three lines of each run', async () => {
    const kinds = ['step', 'training'];
    const took: number[] = [];
    for (const kind of kinds) {
      const entry = view().locator(`#kinds [data-kind="${kind}"]`);
      took.push(await timeOf(() => entry.click()));
    }
    await untilChart(page, 'loss', ({ lines }) => lines === String(3 * (count - 4)));
    report('1,000 runs, further lines of each', took);
    await shoot(page, 'plot-thousand-all-dark');
  });
});
