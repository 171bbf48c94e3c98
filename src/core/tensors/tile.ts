/** A tensor at the resolution of a screen: see WeightsTile. */
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { TileBox, TileWish, WeightsTile } from '../../shared/protocol/weights.ts';
import { tensorStatistics } from './statistics.ts';

export interface TileSource {
  readonly step: number;
  readonly shape: Shape;
  readonly values: Float32Array;
}

export function tensorTile({ step, shape, values }: TileSource, wish: TileWish): WeightsTile {
  const matrix = matrixOf(shape);
  const box = clip(wish.box, matrix);
  const block = {
    rows: Math.max(1, Math.ceil(box.rows / Math.max(1, wish.most.rows))),
    columns: Math.max(1, Math.ceil(box.columns / Math.max(1, wish.most.columns))),
  };
  const rows = Math.ceil(box.rows / block.rows);
  const columns = Math.ceil(box.columns / block.columns);
  const cells = blockCells(values, { width: matrix.columns, box, block, rows, columns });
  const exact = block.rows * block.columns === 1;
  const range = exact ? { min: null, max: null } : { min: cells.min, max: cells.max };
  const statistics = tensorStatistics(values);
  return { step, shape, box, block, rows, columns, values: cells.mean, ...range, statistics };
}

export function matrixOf(shape: Shape): { readonly rows: number; readonly columns: number } {
  return { rows: elementCount(shape.slice(0, -1)), columns: shape.at(-1) ?? 1 };
}

function clip(box: TileBox | null, { rows, columns }: ReturnType<typeof matrixOf>): TileBox {
  if (box === null) return { row: 0, column: 0, rows, columns };
  const within = (value: number, end: number) => Math.min(Math.max(0, Math.floor(value)), end);
  const [row, column] = [within(box.row, rows), within(box.column, columns)];
  return {
    row,
    column,
    rows: within(box.rows, rows - row),
    columns: within(box.columns, columns - column),
  };
}

interface Grid {
  /** Columns of the whole matrix. */
  readonly width: number;
  readonly box: TileBox;
  readonly block: { readonly rows: number; readonly columns: number };
  readonly rows: number;
  readonly columns: number;
}

function blockCells(values: Float32Array, grid: Grid) {
  const { width, box, block, rows, columns } = grid;
  const count = rows * columns;
  const sums = new Float64Array(count);
  const sizes = new Uint32Array(count);
  const min = new Float32Array(count).fill(Infinity);
  const max = new Float32Array(count).fill(-Infinity);
  for (let r = 0; r < box.rows; r++) {
    const from = (box.row + r) * width + box.column;
    const cells = Math.floor(r / block.rows) * columns;
    for (let c = 0; c < box.columns; c++) {
      const cell = cells + Math.floor(c / block.columns);
      const value = values[from + c]!;
      sums[cell]! += value;
      sizes[cell]! += 1;
      // Math.min and Math.max keep NaN.
      min[cell] = Math.min(min[cell]!, value);
      max[cell] = Math.max(max[cell]!, value);
    }
  }
  return { mean: Float32Array.from(sums, (sum, i) => sum / sizes[i]!), min, max };
}
