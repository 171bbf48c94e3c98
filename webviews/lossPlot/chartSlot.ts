/** A place on the page for a chart: makes the chart when there are lines, and again when other lines come. */
import { element } from '../kit/dom.ts';
import type { ChartColors } from '../kit/theme.ts';
import { Chart } from './chart.ts';
import { columnsOf } from './charts.ts';
import type { Line } from './charts.ts';

export interface SlotTexts {
  readonly x: string;
  readonly y: string;
  readonly locale: string;
}

export interface SlotContent {
  readonly lines: readonly Line[];
  readonly texts: SlotTexts;
  readonly colors: ChartColors;
  /** Ends of the y axis; from the data where absent or null. */
  readonly range?: readonly [number, number] | null;
}

export class ChartSlot {
  readonly node: HTMLElement;
  readonly #share: number;
  #chart: Chart | null = null;
  #madeFor = '';
  #range: readonly [number, number] | null = null;

  constructor(id: string, share: number) {
    this.#share = share;
    this.node = element('section', { id, className: 'chart' });
  }

  draw({ lines, texts, colors, range = null }: SlotContent): void {
    this.node.hidden = lines.length === 0;
    if (lines.length === 0) return;
    this.node.setAttribute('aria-label', texts.y);
    this.#range = range;
    const series = lines.map((line) => line.spec);
    const wanted = JSON.stringify([series, texts, colors, range === null]);
    if (this.#chart === null || wanted !== this.#madeFor) {
      this.#chart?.destroy();
      const { x: xLabel, y: yLabel, locale } = texts;
      const options = { container: this.node, share: this.#share, series, colors };
      const axis = range === null ? {} : { range: () => this.#range ?? range };
      this.#chart = new Chart({ ...options, ...axis, xLabel, yLabel, locale });
      this.#madeFor = wanted;
    }
    this.#chart.draw(columnsOf(lines, this.#chart.width));
  }

  resize(): void {
    this.#chart?.resize();
  }
}
