/** A tile as it is laid out on the page: Keras's [in, out], or turned to PyTorch's [out, in]. No DOM. */
import type { WeightsTile } from '../../src/shared/protocol/weights.ts';

export type Layout = 'keras' | 'pytorch';

export interface Grid {
  /** Cells. */
  readonly rows: number;
  readonly columns: number;
  /** Row-major [rows, columns], as in WeightsTile. */
  readonly values: Float32Array;
  readonly min: Float32Array | null;
  readonly max: Float32Array | null;
  /** Index of the first value, and how many values lie along each side of a cell. */
  readonly first: { readonly row: number; readonly column: number };
  readonly block: { readonly rows: number; readonly columns: number };
  /** Values. */
  readonly size: { readonly rows: number; readonly columns: number };
}

/** Only kernels of two axes differ between the two; a bias is a row in both. */
export function isTurned(shape: readonly number[], layout: Layout): boolean {
  return layout === 'pytorch' && shape.length === 2;
}

export function gridOf(tile: WeightsTile, layout: Layout): Grid {
  const { rows, columns, values, min, max, box, block } = tile;
  const first = { row: box.row, column: box.column };
  const size = { rows: box.rows, columns: box.columns };
  if (!isTurned(tile.shape, layout)) {
    return { rows, columns, values, min, max, first, block, size };
  }
  const turn = (cells: Float32Array | null) =>
    cells === null ? null : transposed(cells, rows, columns);
  return {
    rows: columns,
    columns: rows,
    values: transposed(values, rows, columns),
    min: turn(min),
    max: turn(max),
    first: { row: first.column, column: first.row },
    block: { rows: block.columns, columns: block.rows },
    size: { rows: size.columns, columns: size.rows },
  };
}

function transposed(cells: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(cells.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = cells[r * columns + c]!;
  }
  return turned;
}

/** Indices of the values in a cell, counted from 0: `[3, 7]`, or `[0–3, 8–11]` of a block; `[7]` of a vector. */
export function cellName(grid: Grid, row: number, column: number, isVector: boolean): string {
  const { first, block, size } = grid;
  const range = (start: number, cell: number, length: number, count: number) => {
    const from = start + cell * length;
    const to = Math.min(from + length, start + count) - 1;
    return to > from ? `${from}–${to}` : String(from);
  };
  const columns = range(first.column, column, block.columns, size.columns);
  if (isVector) return `[${columns}]`;
  return `[${range(first.row, row, block.rows, size.rows)}, ${columns}]`;
}
