/** The loss plot on a finer screen: its picture has that screen's pixels, and the crosshair is where the mouse is. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { writeSyntheticRun } from '../kit/syntheticRuns.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { chartData, hoverAt, openRunFromTree, readoutValues, untilChart } from './plotKit.ts';
import { openUi, shoot, type Ui } from './uiKit.ts';

interface CanvasFacts {
  readonly ratio: number;
  /** Of its picture, in pixels of the screen. */
  readonly columns: number;
  /** In pixels of the screen, and of CSS. */
  readonly width: number;
  readonly cssWidth: number;
}

/** In the page. */
function canvasFacts(node: HTMLElement | SVGElement): CanvasFacts {
  const canvas = node as HTMLCanvasElement;
  const columns = Number(canvas.dataset['size']!.split('x')[0]);
  const { width: cssWidth } = canvas.getBoundingClientRect();
  return { ratio: window.devicePixelRatio, columns, width: canvas.width, cssWidth };
}

describe('the loss plot on a finer screen', () => {
  let ui: Ui;

  before(async () => {
    // Each window has a screen of its own.
    ui = await openUi({ isCold: true });
    const run = { name: 'lengthy', steps: 200_000, stepsPerEpoch: 10, seed: 5 };
    writeSyntheticRun(path.join(ui.folder, 'runs'), run);
  });

  after(async () => {
    const violations = ui.violations();
    await ui.close();
    assert.deepEqual(violations, [], 'a content policy was broken');
  });

  for (const ratio of [1.5, 2]) {
    it(`is drawn in its pixels, with the crosshair in its place, at a ratio of ${ratio}`, async () => {
      const page = await ui.openWindow({ ratio });
      await openRunFromTree(page, 'lengthy');
      await untilChart(page, 'loss', ({ lines }) => lines === '3');
      await hoverAt(page, 'loss', 0.5, 0.5);
      const values = await readoutValues(page, 'loss');
      const canvas = workbench.webview(page).locator('#loss canvas');
      const facts = await canvas.evaluate(canvasFacts);
      assert.equal(facts.ratio, ratio);
      assert.ok(Math.abs(facts.cssWidth * ratio - facts.width) <= 1, JSON.stringify(facts));
      // All but the margins: no pixel of the picture is scaled.
      const margins = Math.round(62 * ratio) + Math.round(14 * ratio);
      assert.equal(facts.columns, facts.width - margins, JSON.stringify(facts));
      const { first, last } = await chartData(page, 'loss');
      const pixel = (Number(last) - Number(first)) / (facts.columns / ratio);
      const middle = (Number(first) + Number(last)) / 2;
      const step = values.find(({ kind }) => kind === 'step')!;
      assert.ok(Math.abs(step.x - middle) <= 2 * pixel, `${step.x} is not at ${middle}`);
      await shoot(page, `plot-ratio-${ratio}-dark`);
      await page.context().close();
    });
  }
});
