/** Where points lie along x: of one file, and from the first to the last of many. */
import type { PointPlaces } from '../shared/plot/view.ts';
import type { Points } from './points.ts';

/** x at the edges of a view. */
export interface Edges {
  readonly first: number;
  readonly last: number;
}

/** With point 0 the first value of the file. */
export function placesInFile(points: Points, { origin, stride }: PointPlaces): PointPlaces {
  return { origin: origin + stride * (points.firstStep ?? 0), stride };
}

/** The range that shows all points: room about a single one, some range for none. */
export class WholeRange {
  #first = Infinity;
  #last = -Infinity;

  add(points: Points, places: PointPlaces): null {
    if (points.count === 0) return null;
    const { origin, stride } = placesInFile(points, places);
    this.#first = Math.min(this.#first, origin);
    this.#last = Math.max(this.#last, origin + stride * (points.count - 1));
    return null;
  }

  /** An edge that is not null stays. */
  edges(first: number | null, last: number | null): Edges {
    const from = first ?? Math.min(this.#first, last ?? Infinity);
    const to = last ?? Math.max(this.#last, first ?? -Infinity);
    if (from < to && Number.isFinite(to - from)) return { first: from, last: to };
    const at = [from, to].find(Number.isFinite) ?? 0.5;
    if (first !== null) return { first, last: first + 1 };
    if (last !== null) return { first: last - 1, last };
    return { first: at - 0.5, last: at + 0.5 };
  }
}
