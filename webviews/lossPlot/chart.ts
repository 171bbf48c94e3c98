/** One uPlot chart over epochs, in the theme's colours; rebuilt when its series change, fed otherwise. */
import uPlot from 'uplot';
import { formatValue } from '../../src/shared/numberFormat.ts';
import type { ChartColors } from '../kit/theme.ts';
import type { ChartColumns } from './series.ts';

export interface SeriesSpec {
  readonly label: string;
  readonly color: string;
  readonly width: number;
  /** Lengths of dash and gap in pixels, so that lines differ without colour too. */
  readonly dash?: readonly number[];
}

export interface ChartOptions {
  readonly container: HTMLElement;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly SeriesSpec[];
  readonly colors: ChartColors;
  readonly locale: string;
  /** Ends of the y axis, asked for at each draw; from the data where absent. */
  readonly range?: () => readonly [number, number];
  /** Height as a share of the window's. */
  readonly share: number;
}

const font = '12px system-ui, sans-serif';
const minHeight = 160;

export class Chart {
  readonly #plot: uPlot;
  readonly #options: ChartOptions;

  constructor(options: ChartOptions) {
    this.#options = options;
    const empty: uPlot.AlignedData = [[], ...options.series.map(() => [])];
    this.#plot = new uPlot({ ...size(options), ...plotOptions(options) }, empty, options.container);
  }

  get width(): number {
    return this.#plot.width;
  }

  /** Without a cursor over the chart its legend shows the newest values. */
  draw(columns: ChartColumns): void {
    this.#plot.setData(columns);
    // uPlot clears the legend when it commits the data, in a microtask of its own.
    queueMicrotask(() => showNewest(this.#plot));
  }

  resize(): void {
    const { width, height } = size(this.#options);
    if (width !== this.#plot.width || height !== this.#plot.height) {
      this.#plot.setSize({ width, height });
    }
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

function showNewest(plot: uPlot): void {
  const hovered = (plot.cursor.left ?? -1) >= 0;
  if (hovered || plot.data[0].length === 0) return;
  const newest = (column: ArrayLike<number | null | undefined>) => {
    let index = column.length - 1;
    while (index > 0 && column[index] == null) index--;
    return index;
  };
  plot.setLegend({ idxs: plot.data.map(newest) });
}

function size({ container, share }: ChartOptions): { width: number; height: number } {
  const width = Math.max(240, container.clientWidth);
  return { width, height: Math.max(minHeight, Math.round(window.innerHeight * share)) };
}

function plotOptions(options: ChartOptions): Omit<uPlot.Options, 'width' | 'height'> {
  const { xLabel, yLabel, series, locale, range } = options;
  const value = (_plot: uPlot, raw: number | null | undefined) =>
    raw == null ? '–' : formatValue(raw, locale);
  return {
    scales: { x: { time: false }, y: range === undefined ? {} : { range: () => [...range()] } },
    legend: { live: true },
    hooks: { setCursor: [(plot) => queueMicrotask(() => showNewest(plot))] },
    cursor: { drag: { x: true, y: false } },
    series: [{ label: xLabel, value }, ...series.map((spec) => ({ ...lineOf(spec), value }))],
    axes: [axis(options, xLabel), { ...axis(options, yLabel), size: 64 }],
  };
}

function lineOf({ label, color, width, dash }: SeriesSpec): uPlot.Series {
  const base = { label, stroke: color, width, points: { show: false } };
  return dash === undefined ? base : { ...base, dash: [...dash] };
}

function axis({ colors, locale }: ChartOptions, label: string): uPlot.Axis {
  const line = { stroke: colors.grid, width: 1 };
  return {
    label,
    font,
    labelFont: font,
    labelSize: 20,
    stroke: colors.muted,
    grid: line,
    ticks: line,
    values: (_plot, splits) => splits.map((split) => formatValue(split, locale)),
  };
}
