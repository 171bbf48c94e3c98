/**
 * Reads the files of a plot little by little: to open a thousand takes its time, on a network drive many seconds. A chart
 * shows the lines that are there and asks again for the others.
 */
import type { PlotData } from '../../plotData/plotData.ts';
import type { ChartLine } from './chartLines.ts';

/** How long one drawing may open files. */
const openMs = 20;

export class FirstLook {
  /** Files that were open once, also those that cannot be read: a query says why. */
  readonly #known = new Set<string>();

  /** Opens some more of the files, the first ones first. @returns whether that was all */
  async open(lines: readonly ChartLine[], data: PlotData): Promise<boolean> {
    const unknown = lines.filter(({ file }) => !this.#known.has(file));
    if (unknown.length === 0) return true;
    const files = unknown.map(({ file }) => file);
    const opened = await data.open(files, openMs);
    for (const file of files.slice(0, opened)) this.#known.add(file);
    return opened >= files.length;
  }

  /** The lines whose files are open. */
  opened(lines: readonly ChartLine[]): readonly ChartLine[] {
    return lines.filter(({ file }) => this.#known.has(file));
  }
}
