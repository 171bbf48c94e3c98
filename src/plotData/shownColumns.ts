/**
 * What a view shows of each series, column by column. What was shown lately is remembered: who hides one of a thousand
 * lines asks for all the others again, in the same view, and who looks at a logarithmic scale mostly comes back.
 */
import type { SeriesColumns, SeriesRequest } from '../shared/plot/plotAnswer.ts';
import type { Memory } from './memory.ts';
import { PlacedViews, type PlacedView, type ShownPart } from './placedViews.ts';
import type { Points, WorkDone } from './points.ts';
import { columnBytes, summariseColumns } from './summariseColumns.ts';
import { placesInFile } from './wholeRange.ts';

export interface KnownColumns {
  /** Does not keep them from being forgotten. */
  readonly points: WeakRef<Points>;
  readonly columns: SeriesColumns;
}

/** Of an entry itself, and its share of what series have in common; about. */
const entryBytes = 400;

export class ShownColumns {
  readonly #memory: Memory<unknown, KnownColumns>;
  readonly #work: WorkDone;
  readonly #views = new PlacedViews();

  constructor(memory: Memory<unknown, KnownColumns>, work: WorkDone) {
    this.#memory = memory;
    this.#work = work;
  }

  /** The same as `of`, at once; null where it is not remembered. */
  known(request: SeriesRequest, points: Points, part: ShownPart): SeriesColumns | null {
    const placed = this.#views.of(part, placesInFile(points, request.x));
    return this.#find(keyOf(request, placed), points) ?? null;
  }

  /** All but how broken lines run: that depends on a scale. @throws FileWasCut */
  async of(request: SeriesRequest, points: Points, part: ShownPart): Promise<SeriesColumns> {
    const placed = this.#views.of(part, placesInFile(points, request.x));
    const key = keyOf(request, placed);
    const known = this.#find(key, points);
    if (known !== undefined) return known;
    const { count } = points;
    const filled = placed.filled(count);
    const wish = { ...placed, filled, count, work: this.#work };
    const columns = await summariseColumns(points, wish);
    const bytes = entryBytes + columnBytes * filled.columns.length;
    this.#memory.keepColumns(key, { points: new WeakRef(points), columns }, bytes);
    return columns;
  }

  /** Of these very points, none added since. */
  #find(key: string, points: Points): SeriesColumns | undefined {
    const known = this.#memory.columns.get(key);
    if (known?.columns.count !== points.count) return undefined;
    return known.points.deref() === points ? known.columns : undefined;
  }
}

function keyOf({ file, smoothing }: SeriesRequest, { id }: PlacedView): string {
  return `${id}/${smoothing}/${file}`;
}
