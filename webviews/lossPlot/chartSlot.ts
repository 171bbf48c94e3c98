/** A place on the page for a chart: makes the chart when there are lines, and again when other lines come. */
import { element } from '../kit/dom.ts';
import { readChartColors } from '../kit/theme.ts';
import type { ChartColors } from '../kit/theme.ts';
import { Chart } from './chart.ts';
import { columnsOf } from './charts.ts';
import type { Line } from './charts.ts';

export interface SlotTexts {
  readonly x: string;
  readonly y: string;
  readonly locale: string;
}

export class ChartSlot {
  readonly node: HTMLElement;
  readonly #share: number;
  #chart: Chart | null = null;
  #madeFor = '';

  constructor(id: string, share: number) {
    this.#share = share;
    this.node = element('section', { id, className: 'chart' });
  }

  draw(lines: readonly Line[], texts: SlotTexts, colors: ChartColors = readChartColors()): void {
    this.node.hidden = lines.length === 0;
    if (lines.length === 0) return;
    this.node.setAttribute('aria-label', texts.y);
    const series = lines.map((line) => line.spec);
    const wanted = JSON.stringify([series, texts, colors]);
    if (this.#chart === null || wanted !== this.#madeFor) {
      this.#chart?.destroy();
      const { x: xLabel, y: yLabel, locale } = texts;
      const options = { container: this.node, share: this.#share, series, colors };
      this.#chart = new Chart({ ...options, xLabel, yLabel, locale });
      this.#madeFor = wanted;
    }
    this.#chart.draw(columnsOf(lines, this.#chart.width));
  }

  resize(): void {
    this.#chart?.resize();
  }
}
