/**
 * What a view shows of each series, column by column. What was last shown of a series is remembered: who hides one
 * of a thousand lines asks for all the others again, in the same view, and they need not be looked at.
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
  readonly placed: PlacedView;
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

  /** All but how broken lines run: that depends on a scale. @throws FileWasCut */
  async of(request: SeriesRequest, points: Points, part: ShownPart): Promise<SeriesColumns> {
    const { file, smoothing } = request;
    const placed = this.#views.of(part, placesInFile(points, request.x));
    const key = `${file}\n${smoothing}`;
    const known = this.#find(key, points, placed);
    if (known !== undefined) return known;
    const { count } = points;
    const filled = placed.filled(count);
    const wish = { view: placed.view, log: part.log, filled, count, work: this.#work };
    const columns = await summariseColumns(points, wish);
    const bytes = entryBytes + columnBytes * filled.columns.length;
    this.#memory.keepColumns(key, { points: new WeakRef(points), placed, columns }, bytes);
    return columns;
  }

  /** Of these very points, none added since, in this very view. */
  #find(key: string, points: Points, placed: PlacedView): SeriesColumns | undefined {
    const known = this.#memory.columns.get(key);
    if (known?.placed !== placed || known.columns.count !== points.count) return undefined;
    return known.points.deref() === points ? known.columns : undefined;
  }
}
