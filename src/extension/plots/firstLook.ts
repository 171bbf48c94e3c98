/**
 * Reads the files of a plot little by little: to open a thousand takes its time, on a network drive many seconds. A chart
 * shows the lines that are there and asks again for the others.
 */
import type { PlotData } from '../../plotData/plotData.ts';
import type { ChartLine } from './chartLines.ts';

/** How long one drawing may open files: at first not long, then longer, as to draw again takes its time too. */
const firstMs = 20;
const mostMs = 160;

export class FirstLook {
  /** Files that were open once, also those that cannot be read: a query says why. */
  readonly #known = new Set<string>();
  /** By chart: how long it may open files next time. */
  readonly #ms = new Map<string, number>();

  /** Opens some more of the files, the first ones first. @returns whether that was all */
  async open(lines: readonly ChartLine[], chart: string, data: PlotData): Promise<boolean> {
    const unknown = lines.filter(({ file }) => !this.#known.has(file));
    if (unknown.length === 0) return true;
    const files = unknown.map(({ file }) => file);
    const ms = this.#ms.get(chart) ?? firstMs;
    const opened = await data.open(files, ms);
    for (const file of files.slice(0, opened)) this.#known.add(file);
    const isAll = opened >= files.length;
    this.#ms.set(chart, isAll ? firstMs : Math.min(2 * ms, mostMs));
    return isAll;
  }

  /** The lines whose files are open. */
  opened(lines: readonly ChartLine[]): readonly ChartLine[] {
    return lines.filter(({ file }) => this.#known.has(file));
  }
}
