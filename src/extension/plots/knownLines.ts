/** The lines of the charts of a plot, kind by kind: found once, as a thousand runs have thousands. */
import type { ChartWish } from '../../shared/protocol/views/lossPlot.ts';
import { linesOfKind, shownKinds } from './chartLines.ts';
import type { ChartLine, RunLines } from './chartLines.ts';

export interface VersionedRuns {
  readonly runs: readonly RunLines[];
  /** Another number whenever the runs may have changed. */
  readonly version: number;
}

export class KnownLines {
  /** By chart and kind, of the runs and the look of last time. */
  readonly #known = new Map<string, readonly ChartLine[]>();
  #key = '';

  /** The same as `chartLines`. */
  of(wish: ChartWish, { runs, version }: VersionedRuns): readonly ChartLine[] {
    const { axis, hiddenRuns } = wish.look;
    const key = JSON.stringify([version, axis, hiddenRuns]);
    if (key !== this.#key) this.#known.clear();
    this.#key = key;
    return shownKinds(runs, wish).flatMap((kind) => {
      const place = `${kind} ${wish.chart}`;
      const known = this.#known.get(place) ?? linesOfKind(runs, wish, kind);
      this.#known.set(place, known);
      return known;
    });
  }
}
