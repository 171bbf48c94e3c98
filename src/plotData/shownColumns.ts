/**
 * What a view shows of each series, column by column. What was shown lately is remembered: who hides one of a thousand
 * lines asks for all the others again, in the same view, and who looks at a logarithmic scale mostly comes back.
 */
import type { SeriesColumns, SeriesRequest } from '../shared/plot/plotAnswer.ts';
import type { Memory } from './memory.ts';
import { PlacedViews, type PlacedView, type ShownPart } from './placedViews.ts';
import type { Points, WorkDone } from './points.ts';
import { summariseColumns } from './summariseColumns.ts';
import { placesInFile } from './wholeRange.ts';

/** Of an entry itself, and its share of what series have in common; about. */
const entryBytes = 400;

export class ShownColumns {
  readonly #memory: Memory<unknown, SeriesColumns>;
  readonly #work: WorkDone;
  readonly #views = new PlacedViews();

  constructor(memory: Memory<unknown, SeriesColumns>, work: WorkDone) {
    this.#memory = memory;
    this.#work = work;
  }

  /** The same as `of`, at once; null where it is not remembered. */
  known(request: SeriesRequest, points: Points, part: ShownPart): SeriesColumns | null {
    const placed = this.#views.of(part, placesInFile(points, request.x));
    return this.#find(keyOf(points, placed), points) ?? null;
  }

  /** All but how broken lines run: that depends on a scale. @throws FileWasCut */
  async of(request: SeriesRequest, points: Points, part: ShownPart): Promise<SeriesColumns> {
    const placed = this.#views.of(part, placesInFile(points, request.x));
    const key = keyOf(points, placed);
    const known = this.#find(key, points);
    if (known !== undefined) return known;
    const { count } = points;
    const filled = placed.filled(count);
    const wish = { ...placed, filled, count, work: this.#work };
    const columns = await summariseColumns(points, wish);
    const bytes = entryBytes + columns.firsts.buffer.byteLength;
    this.#memory.keepColumns(key, columns, bytes);
    return columns;
  }

  /** None added since. */
  #find(key: string, points: Points): SeriesColumns | undefined {
    const known = this.#memory.columns.get(key);
    return known?.count === points.count ? known : undefined;
  }
}

/** Short, as thousands are looked up at a touch of the mouse. */
function keyOf(points: Points, { id }: PlacedView): string {
  return `${id}/${points.id}`;
}
