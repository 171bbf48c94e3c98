/** Which rows of a long list of equally high ones are on the screen. No DOM. */

export interface Scrolled {
  readonly count: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  /** Where the list begins in the viewport; negative once it is scrolled past. */
  readonly top: number;
  readonly viewportHeight: number;
}

/** Rows beyond the edges, so that a short way scrolled and the next Tab find rows that are there. */
const spare = 3;

/** From `from` to before `to`. */
export function visibleRange({ count, rowHeight, top, viewportHeight }: Scrolled): {
  readonly from: number;
  readonly to: number;
} {
  const first = Math.floor(-top / rowHeight) - spare;
  const last = Math.ceil((viewportHeight - top) / rowHeight) + spare;
  const within = (row: number) => Math.max(0, Math.min(count, row));
  return { from: within(first), to: within(last) };
}
