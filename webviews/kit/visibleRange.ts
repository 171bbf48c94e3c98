/** Which rows of a long list are on the screen. No DOM. */

export interface Scrolled {
  /** Where each row begins in the list, ascending, and where the last one ends; CSS pixels. */
  readonly starts: Float64Array;
  /** Where the list begins in the viewport; negative once it is scrolled past. */
  readonly top: number;
  readonly viewportHeight: number;
}

/** Rows beyond the edges, so that a short way scrolled and the next Tab find rows that are there. */
const spare = 3;

/** From `from` to before `to`. */
export function visibleRange({ starts, top, viewportHeight }: Scrolled): {
  readonly from: number;
  readonly to: number;
} {
  const first = rowsBefore(starts, -top) - 1 - spare;
  const last = rowsBefore(starts, viewportHeight - top) + spare;
  const within = (row: number) => Math.max(0, Math.min(starts.length - 1, row));
  return { from: within(first), to: within(last) };
}

/** How many rows begin before a place: binary search. */
function rowsBefore(starts: Float64Array, place: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
