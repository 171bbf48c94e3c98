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
const charts = ['loss', 'metric-accuracy'];

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

  /** Milliseconds from asking the host to the picture on the page, of the first chart and of the last. */
  const first: number[] = [];
  const all: number[] = [];

  /**
   * What the next drawing of each chart takes. To ask the page again and again would be work that it does in the midst
   * of what is measured.
   */
  async function drawings(act: () => Promise<unknown>): Promise<readonly number[]> {
    await untilWhole();
    for (const chart of charts) await view().locator(`#${chart}`).evaluate(expectDrawing);
    await act();
    const took: number[] = [];
    for (const chart of charts) took.push(await view().locator(`#${chart}`).evaluate(nextDrawing));
    return took;
  }

  /** Until no file is left to be read. */
  async function untilWhole(): Promise<void> {
    for (const chart of charts) await view().locator(`#${chart}[data-partial="false"]`).waitFor();
  }

  async function time(act: () => Promise<unknown>): Promise<void> {
    const took = await drawings(act);
    first.push(Math.min(...took));
    all.push(Math.max(...took));
  }

  afterEach(function () {
    if (all.length === 0) return;
    report(`1,000 runs: ${this.currentTest?.title}, first chart`, first.splice(0));
    report(`1,000 runs: ${this.currentTest?.title}, both charts`, all.splice(0));
  });

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
    for (let i = 0; i < 9; i++) await time(() => page.mouse.wheel(0, -200));
  });

  it('moves along', async () => {
    for (let i = 0; i < 7; i++) await time(() => page.mouse.wheel(40, 0));
    await view().locator('#fit').click();
    await untilChart(page, 'loss', ({ first: from }) => from === '1');
  });

  it('smooths', async () => {
    for (const weight of ['0.3', '0.6', '0.9', '0.95', '0.99']) {
      await time(() => view().locator('#smoothing').fill(weight));
    }
    await untilChart(page, 'loss', ({ lines }) => lines === String(2 * count));
    await shoot(page, 'plot-thousand-smoothed-dark');
    await view().locator('#smoothing').fill('0');
    await untilChart(page, 'loss', ({ lines }) => lines === String(count));
  });

  it('changes to a logarithmic scale and back', async () => {
    for (let i = 0; i < 6; i++) await time(() => view().locator('#log').click());
  });

  it('changes between epochs and steps', async () => {
    for (let i = 0; i < 6; i++) {
      await time(() =>
        view()
          .locator('#axis')
          .selectOption(i % 2 === 0 ? 'step' : 'epoch'),
      );
    }
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

  it('raises a run under the mouse', async () => {
    const names = view().locator('#runs .entry');
    assert.equal(await names.count(), count);
    for (let i = 0; i < 8; i++) await time(() => names.nth(i).hover());
    await shoot(page, 'plot-thousand-raised-dark');
  });

  it('hides one, without making the names anew', async () => {
    const names = view().locator('#runs .entry');
    await names.nth(0).evaluate((node) => (node.dataset['kept'] = 'yes'));
    for (let i = 0; i < 8; i++) {
      await drawings(() => names.nth(i).hover()); // it is raised
      await time(() => names.nth(i).click());
      await untilChart(page, 'loss', ({ lines }) => lines === String(count - i - 1));
    }
    assert.equal(await names.nth(0).getAttribute('data-kept'), 'yes');
  });

  it('shows three lines of each run', async () => {
    const whole: number[] = [];
    for (const kind of ['step', 'training', 'step', 'training', 'step', 'training']) {
      const start = performance.now();
      await time(() => view().locator(`#kinds [data-kind="${kind}"]`).click());
      await untilWhole();
      whole.push(performance.now() - start);
    }
    report('1,000 runs: every line of a kind is there', whole);
    await untilChart(page, 'loss', ({ lines }) => lines === String(3 * (count - 8)));
    await shoot(page, 'plot-thousand-all-dark');
  });
});

/** In the page. */
interface TimedChart extends HTMLElement {
  nextDrawing?: Promise<number>;
}

function expectDrawing(node: TimedChart): void {
  const { drawings } = node.dataset;
  node.nextDrawing = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (node.dataset['drawings'] === drawings) return;
      observer.disconnect();
      resolve(Number(node.dataset['took']));
    });
    observer.observe(node, { attributes: true });
  });
}

function nextDrawing(node: TimedChart): Promise<number> {
  return node.nextDrawing!;
}
