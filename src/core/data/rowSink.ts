/** What every reader of rows (CSV, JSON, JSON Lines) feeds. */
import type { Cell } from './columns.ts';

export interface RowSink {
  /** The column names, once, before any row. */
  header(names: readonly string[]): void;
  /** `cells[i]` belongs to column i of the header; `line` is where the row starts in the file, from 1. */
  row(cells: readonly Cell[], line: number): void;
  /** The file itself is wrong at a line: the row is left out. */
  problem(line: number, message: string): void;
}
