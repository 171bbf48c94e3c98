/** Where the columns of a view begin in a series: found once for all series whose points lie alike. */
import type { PointPlaces, PointView } from '../shared/plot/view.ts';
import { checkView, columnStarts, filledColumns, type FilledColumns } from '../shared/plot/view.ts';
import { LruCache } from './lruCache.ts';

/** The same object for the same view, as long as it is remembered. */
export interface PlacedView {
  readonly view: PointView;
  readonly log: boolean;
  /** For a series of so many points. */
  readonly filled: (count: number) => FilledColumns;
}

export interface ShownPart {
  readonly first: number;
  readonly last: number;
  readonly columns: number;
  readonly log: boolean;
}

const mostViews = 16;

export class PlacedViews {
  readonly #known = new LruCache<PlacedView>(() => mostViews);

  of({ first, last, columns, log }: ShownPart, x: PointPlaces): PlacedView {
    const key = [first, last, columns, log, x.origin, x.stride].join(' ');
    const placed = this.#known.get(key) ?? placeView({ first, last, columns, x }, log);
    this.#known.set(key, placed, 1);
    return placed;
  }
}

function placeView(view: PointView, log: boolean): PlacedView {
  checkView(view);
  const starts = columnStarts(view);
  /** Runs that were compared have as many points each; those under way have not. */
  let last: { readonly count: number; readonly filled: FilledColumns } | null = null;
  const filled = (count: number) => {
    if (last?.count !== count) last = { count, filled: filledColumns(starts, count) };
    return last.filled;
  };
  return { view, log, filled };
}
