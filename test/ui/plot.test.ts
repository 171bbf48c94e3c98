/** The loss plot under mouse and keys: what it shows against the files of the run. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { headerBytes } from '../../src/shared/columns/columnFormat.ts';
import { writeSyntheticRun } from '../kit/syntheticRuns.ts';
import * as workbench from '../vscode-host/workbench.ts';
import {
  chartData,
  dragOver,
  hoverAt,
  openRunFromTree,
  readoutValues,
  report,
  untilChart,
} from './plotKit.ts';
import { looksRightInThemes } from './themes.ts';
import {
  chooseForFile,
  plotData,
  shoot,
  trainFromMenu,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const stepsPerEpoch = 48;
const longSteps = 10_000_000;

describe('the loss plot', () => {
  const window = useWindow({
    prepare({ folder }) {
      const runs = path.join(folder, 'runs');
      const small = { steps: 2000, stepsPerEpoch: 50 };
      writeSyntheticRun(runs, { ...small, name: 'first', seed: 1 });
      writeSyntheticRun(runs, { ...small, name: 'second', seed: 2 });
      const accidents = [{ step: 1200, length: 800, value: NaN }];
      writeSyntheticRun(runs, { ...small, name: 'broken', seed: 3, accidents });
      const spike = [{ step: 7_654_321, length: 1, value: 30 }];
      const long = { steps: longSteps, stepsPerEpoch: 10_000, accidents: spike };
      writeSyntheticRun(runs, { ...long, name: 'long', seed: 4 });
    },
  });
  let page: Page;
  const view = () => workbench.webview(page);

  before(() => {
    ({ page } = window);
  });

  /** Of the newest run of this config. */
  const directory = () => {
    const parent = path.join(window.ui.folder, 'runs');
    const trained = fs.readdirSync(parent).filter((name) => /^\d/.test(name));
    return path.join(parent, trained.sort().at(-1)!);
  };

  function column(...names: readonly string[]): Float32Array {
    const bytes = fs.readFileSync(path.join(directory(), ...names));
    return new Float32Array(Uint8Array.from(bytes.subarray(headerBytes)).buffer);
  }

  it('says the exact values under the crosshair, of steps and epochs', async () => {
    await trainFromMenu(page, 'penguins.train.yaml');
    await untilPlotState(page, 'completed');
    await hoverAt(page, 'loss', 0.4, 0.5);
    const values = await readoutValues(page, 'loss');
    assert.deepEqual(values.map(({ kind }) => kind).sort(), ['step', 'training', 'validation']);
    const losses = column('columns', 'loss.f32');
    for (const { kind, x, value } of values) {
      const expected =
        kind === 'step'
          ? losses[Math.round(x * stepsPerEpoch) - 1]
          : column('epochs', kind === 'training' ? 'loss.f32' : 'val_loss.f32')[x - 1];
      assert.equal(value, expected, `${kind} at ${x}`);
    }
    await shoot(page, 'plot-crosshair-dark');
  });

  it('changes between epochs and steps, and to a logarithmic scale', async () => {
    await view().locator('#axis').selectOption('step');
    await untilChart(page, 'loss', ({ first, last }) => first === '1' && last === '4800');
    await view().locator('#log').check();
    await untilChart(page, 'loss', ({ log, low }) => log === 'true' && Number(low) > 0);
    await shoot(page, 'plot-log-dark');
  });

  it('smooths as the average of the values in the file', async () => {
    await view().locator('#smoothing').fill('0.9');
    await untilChart(page, 'loss', ({ lines }) => lines === '6');
    await hoverAt(page, 'loss', 0.7, 0.3);
    const values = await readoutValues(page, 'loss');
    const step = values.find(({ kind }) => kind === 'step')!;
    let [average, missing] = [0, 1];
    for (const value of column('columns', 'loss.f32').subarray(0, step.x)) {
      average = average * 0.9 + 0.1 * value;
      missing *= 0.9;
    }
    assert.equal(step.smoothed, Math.fround(average / (1 - missing)));
    await shoot(page, 'plot-smoothed-dark');
    await view().locator('#smoothing').fill('0');
    await view().locator('#log').uncheck();
  });

  it('zooms to what is dragged over, by wheel and keys, and back', async () => {
    await untilChart(page, 'loss', ({ lines, log }) => lines === '3' && log === 'false');
    await dragOver(page, 'loss', 0.25, 0.5);
    await untilChart(page, 'loss', ({ first }) => Math.abs(Number(first) - 1200) < 30);
    const { last } = await chartData(page, 'loss');
    assert.ok(Math.abs(Number(last) - 2400) < 30, `to ${last}`);
    const accuracy = await chartData(page, 'metric-accuracy');
    assert.ok(Math.abs(Number(accuracy['first']) - 1200) < 30, 'all charts show the same part');
    await shoot(page, 'plot-zoomed-dark');
    await hoverAt(page, 'loss', 0.5, 0.5);
    await page.mouse.wheel(0, -400);
    await untilChart(page, 'loss', ({ first }) => Number(first) > 1300);
    const stage = view().locator('#loss .stage');
    await stage.press('Escape');
    await untilChart(page, 'loss', ({ first }) => first === '1');
    await stage.press('+');
    await untilChart(page, 'loss', ({ first }) => Number(first) > 100);
    await stage.press('0');
    await untilChart(page, 'loss', ({ first }) => first === '1');
  });

  it('moves the crosshair by keys', async () => {
    const stage = view().locator('#loss .stage');
    await page.mouse.move(5, 5);
    await stage.press('ArrowRight');
    const [before] = await readoutValues(page, 'loss');
    for (let i = 0; i < 3; i++) await stage.press('Shift+ArrowRight');
    const [after] = await readoutValues(page, 'loss');
    assert.ok(after!.x > before!.x + 20, `from ${before!.x} to ${after!.x}`);
  });

  it('hides and shows lines by the legend', async () => {
    const entry = view().locator('#kinds [data-kind="step"]');
    await entry.click();
    await untilChart(page, 'loss', ({ lines }) => lines === '2');
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    await view().locator('#kinds [data-kind="step"]').click();
    await untilChart(page, 'loss', ({ lines }) => lines === '3');
  });

  it('shows the epochs as a table, as the run recorded them', async () => {
    await view().locator('#showTable').click();
    const rows = view().locator('#table vscode-data-grid-row[row-type="default"]');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 100);
    const cells = await rows.nth(41).locator('vscode-data-grid-cell').allInnerTexts();
    const line = fs.readFileSync(path.join(directory(), 'epochs.jsonl'), 'utf8').split('\n')[41]!;
    const record = JSON.parse(line) as { epoch: number; step: number; loss: number };
    assert.deepEqual(cells.slice(0, 2), [String(record.epoch), String(record.step)]);
    assert.ok(Math.abs(Number(cells[2]) - record.loss) < 1e-3 * record.loss);
    await view().locator('#table').scrollIntoViewIfNeeded();
    await shoot(page, 'plot-table-dark');
    await view().locator('#showTable').click();
    await rows.first().waitFor({ state: 'hidden' });
  });

  it('keeps how it looks while its tab is hidden', async () => {
    await view().locator('#log').check();
    await untilChart(page, 'loss', ({ log }) => log === 'true');
    await workbench.explorerRow(page, 'README.md').dblclick();
    await page.locator('.tab', { hasText: 'README.md' }).waitFor();
    await page.locator('.tab', { hasText: 'Loss: penguins' }).click();
    await untilChart(page, 'loss', ({ log, last }) => log === 'true' && last === '4800');
    assert.equal(await view().locator('#log').isChecked(), true);
    await view().locator('#log').uncheck();
    await view().locator('#axis').selectOption('epoch');
    await workbench.closeTab(page, 'README.md');
  });

  it('takes one step of a paused run', async () => {
    await chooseForFile(page, 'long.train.yaml', 'Train Step by Step');
    await untilPlotState(page, 'paused');
    for (let step = 1; step <= 2; step++) {
      await view().locator('#step').click();
      await view().locator(`#view[data-points="${step}"][data-state="paused"]`).waitFor();
    }
    await view().locator('#continue').click();
    await view()
      .locator('#state', { hasText: /steps\/s.*rows\/s.*left/ })
      .waitFor();
    await shoot(page, 'plot-running-dark');
    await view().locator('#stop').click();
    await untilPlotState(page, 'stopped');
  });

  it('says where the loss became NaN', async () => {
    await openRunFromTree(page, 'broken');
    await view()
      .locator('#loss .notice', { hasText: /broken: the value became NaN at epoch 24\.02/ })
      .waitFor();
    await shoot(page, 'plot-nan-dark');
  });

  it('shows a spike among ten million points, and zooms to it', async () => {
    await openRunFromTree(page, 'long');
    await untilChart(page, 'loss', ({ points }) => Number(points) === longSteps + 2 * 1000);
    const { high } = await chartData(page, 'loss');
    assert.ok(Number(high) > 30, `up to ${high}`);
    await hoverAt(page, 'loss', 0.7654321, 0.5);
    const took: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { drawings } = await chartData(page, 'loss');
      await page.mouse.wheel(0, -300);
      await untilChart(page, 'loss', (now) => Number(now['drawings']) > Number(drawings));
      took.push(Number((await chartData(page, 'loss'))['took']));
    }
    report('10 million points, a zoom by the wheel', took);
    // What crosses to the view does not grow with the points: at most some runs of pixels in each column.
    const { runs } = await chartData(page, 'loss');
    assert.ok(Number(runs) < 20_000, `${runs} runs of pixels`);
    await shoot(page, 'plot-long-dark');
  });

  it('compares runs, raises one, hides one, removes one', async () => {
    await workbench.runCommand(page, 'Trainbench: Compare Runs');
    await choose(page, ['first', 'second']);
    await untilChart(page, 'loss', ({ lines }) => lines === '6');
    assert.equal((await plotData(page))['runs'], '2');
    const names = view().locator('#runs .entry');
    assert.deepEqual((await names.allInnerTexts()).sort(), ['first', 'second']);
    await hoverAt(page, 'loss', 0.5, 0.5);
    assert.equal((await readoutValues(page, 'loss')).length, 6);
    await shoot(page, 'plot-compare-dark');
    const { drawings } = await chartData(page, 'loss');
    await names.first().hover();
    await untilChart(page, 'loss', (now) => Number(now['drawings']) > Number(drawings));
    await shoot(page, 'plot-raised-dark');
    await names.first().click();
    await untilChart(page, 'loss', ({ lines }) => lines === '3');
    await names.first().click();
    await untilChart(page, 'loss', ({ lines }) => lines === '6');
    await view().locator('#runs .remove').click();
    await view().locator('#view[data-runs="1"]').waitFor();
  });

  looksRightInThemes(window, 'plot-two-runs', async () => {
    if ((await plotData(page))['runs'] !== '2') {
      await view().locator('#addRun').click();
      await choose(page, ['first']);
      await untilChart(page, 'loss', ({ lines }) => lines === '6');
    }
    await hoverAt(page, 'loss', 0.6, 0.4);
    await readoutValues(page, 'loss');
  });
});

async function choose(page: Page, names: readonly string[]): Promise<void> {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  for (const name of names) {
    const row: Locator = rows.filter({ hasText: name }).first();
    await row.waitFor();
    await row.locator('.quick-input-list-checkbox, .monaco-checkbox').first().click();
  }
  await page.locator('.quick-input-action .monaco-button', { hasText: 'OK' }).click();
}
