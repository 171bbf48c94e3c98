/** What UI tests of the loss plot share: gestures at places of a chart, and what the page says it drew. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';

export type ChartData = Readonly<Record<string, string>>;

export function chartData(page: Page, chart: string): Promise<ChartData> {
  return workbench
    .webview(page)
    .locator(`#${chart}`)
    .evaluate(
      (node) => Object.fromEntries(Object.entries((node as HTMLElement).dataset)) as ChartData,
      undefined,
      { timeout: workbench.attemptMs },
    );
}

/** Waits until the chart has drawn something of which this holds. */
export async function untilChart(
  page: Page,
  chart: string,
  holds: (data: ChartData) => boolean,
): Promise<void> {
  let last: ChartData = {};
  const said = () => `${holds.toString()} of ${JSON.stringify(last)}`;
  await workbench.until(said, async () => {
    last = await chartData(page, chart);
    return holds(last);
  });
}

/** Of the plot within the axes, from its left and top edge. */
async function placeOf(page: Page, chart: string, right: number, down: number) {
  const canvas = workbench.webview(page).locator(`#${chart} canvas`);
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  assert.ok(box, `${chart} is not on show`);
  const [left, top, lost] = [62, 8, { x: 76, y: 44 }];
  return {
    x: box.x + left + right * (box.width - lost.x),
    y: box.y + top + down * (box.height - lost.y),
  };
}

export async function hoverAt(page: Page, chart: string, right: number, down: number) {
  const { x, y } = await placeOf(page, chart, right, down);
  await page.mouse.move(x - 3, y);
  await page.mouse.move(x, y);
}

export async function dragOver(page: Page, chart: string, from: number, to: number) {
  const [start, end] = [await placeOf(page, chart, from, 0.5), await placeOf(page, chart, to, 0.5)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, end.y, { steps: 3 });
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
}

export interface ReadoutValue {
  readonly run: number;
  readonly kind: string;
  readonly x: number;
  readonly value: number;
  readonly smoothed: number;
}

export async function readoutValues(page: Page, chart: string): Promise<ReadoutValue[]> {
  const rows = workbench.webview(page).locator(`#${chart} .readout .value`);
  await rows.first().waitFor();
  // An answer for a place on the way is replaced by that for the last.
  await workbench.webview(page).locator(`#${chart}:not([data-reading])`).waitFor();
  return rows.evaluateAll((nodes) =>
    nodes.map((node) => {
      const { run, kind, x, value, smoothed } = (node as HTMLElement).dataset;
      const number = (text: string | undefined) => Number(text);
      return {
        run: number(run),
        kind: kind ?? '',
        x: number(x),
        value: number(value),
        smoothed: number(smoothed),
      };
    }),
  );
}

/** @param title of its tab, as the window's language has it. */
export async function openRunFromTree(
  page: Page,
  name: string,
  title = `Loss: ${name}`,
): Promise<void> {
  const row = page.locator('.pane-body .monaco-list-row', { hasText: name }).first();
  if (!(await row.isVisible())) {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
  }
  await row.waitFor();
  await row.click();
  await page.locator('.tab.active', { hasText: title }).waitFor();
}

/** Reported, not asserted: a busy machine is no defect of ours. */
export function report(what: string, milliseconds: readonly number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const [middle, most] = [sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
  const text = `${middle.toFixed(0).padStart(6)} ms  ${what}, at most ${most.toFixed(0)} ms`;
  process.stdout.write(`    ${text}\n`);
}
