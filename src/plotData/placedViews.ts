/** Where the columns of a view begin in a series: found once for all series whose points lie alike. */
import type { PointPlaces, PointView } from '../shared/plot/view.ts';
import {
  checkView,
  columnCrossings,
  columnStarts,
  filledColumns,
  type FilledColumns,
} from '../shared/plot/view.ts';

/** The same object for the same view, as long as it is remembered. */
export interface PlacedView {
  /** Unlike that of any other view. */
  readonly id: number;
  readonly view: PointView;
  readonly log: boolean;
  /** See `columnCrossings`. */
  readonly crossings: Float64Array;
  /** For a series of so many points. */
  readonly filled: (count: number) => FilledColumns;
}

export interface ShownPart {
  readonly first: number;
  readonly last: number;
  readonly columns: number;
  readonly log: boolean;
}

const mostViews = 64;
let created = 0;

export class PlacedViews {
  /** The one used last in front: asked once per line, it is nearly always that or the next. */
  readonly #known: PlacedView[] = [];

  of(part: ShownPart, x: PointPlaces): PlacedView {
    const place = this.#known.findIndex((placed) => isOf(placed, part, x));
    if (place === 0) return this.#known[0]!;
    const [known] = place > 0 ? this.#known.splice(place, 1) : [];
    const { log, ...view } = part;
    const placed = known ?? placeView({ ...view, x }, log);
    this.#known.unshift(placed);
    this.#known.length = Math.min(this.#known.length, mostViews);
    return placed;
  }
}

function isOf(
  { view, log }: PlacedView,
  part: ShownPart,
  { origin, stride }: PointPlaces,
): boolean {
  const isPart = view.first === part.first && view.last === part.last && log === part.log;
  return (
    isPart && view.columns === part.columns && view.x.origin === origin && view.x.stride === stride
  );
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
  return { id: created++, view, log, crossings: columnCrossings(view, starts), filled };
}
