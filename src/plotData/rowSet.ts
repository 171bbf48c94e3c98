/** Which pixel rows of one column are filled. Costs the same per stretch, however long. */
export class RowSet {
  /** How many stretches begin, less those that ended, at each row. */
  readonly #changes: Int32Array;

  constructor(rows: number) {
    this.#changes = new Int32Array(rows + 1);
  }

  /** Fills the rows that two places touch, in pixels from the top, and all between; the plot cuts it. */
  add(top: number, bottom: number): void {
    const end = this.#changes.length - 1;
    const first = Math.max(Math.floor(top), 0);
    const last = Math.min(Math.floor(bottom), end - 1);
    if (first > last) return;
    this.#changes[first]!++;
    this.#changes[last + 1]!--;
  }

  /** Pairs of top and bottom row, both filled, from the top. */
  pairs(): number[] {
    const pairs: number[] = [];
    let depth = 0;
    for (let row = 0; row < this.#changes.length; row++) {
      const before = depth;
      depth += this.#changes[row]!;
      if (before === 0 && depth > 0) pairs.push(row);
      if (before > 0 && depth === 0) pairs.push(row - 1);
    }
    return pairs;
  }
}
