/**
 * What a view shows of each series, column by column. What was shown lately is remembered: who hides one of a thousand
 * lines asks for all the others again, in the same view, and who looks at a logarithmic scale mostly comes back.
 */
import type { SeriesColumns, SeriesRequest } from '../shared/plot/plotAnswer.ts';
import type { Memory } from './memory.ts';
import { PlacedViews, type PlacedView, type ShownPart } from './placedViews.ts';
import type { Points, WorkDone } from './points.ts';
import { resultOf } from './reading.ts';
import { after, type Soon } from './soon.ts';
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

  /** All but how broken lines run: that depends on a scale. @throws FileWasCut */
  of(request: SeriesRequest, points: Points, part: ShownPart): Soon<SeriesColumns> {
    const placed = this.#views.of(part, placesInFile(points, request.x));
    const key = keyOf(points, placed);
    const known = this.#memory.columns.get(key);
    const { count } = points;
    if (known?.count === count) return known;
    const { view, crossings, log } = placed;
    const wish = { view, crossings, log, filled: placed.filled(count), count, work: this.#work };
    const summarised = resultOf(points, summariseColumns(points, wish));
    return after(summarised, (columns) => this.#keep(key, columns));
  }

  #keep(key: number, columns: SeriesColumns): SeriesColumns {
    const bytes = entryBytes + columns.firsts.buffer.byteLength;
    this.#memory.keepColumns(key, columns, bytes);
    return columns;
  }
}

/** There are never as many series, smoothed ones included. */
const mostSeries = 2 ** 30;

/** A number of its own for a view of a series. */
function keyOf(points: Points, { id }: PlacedView): number {
  return id * mostSeries + points.id;
}
