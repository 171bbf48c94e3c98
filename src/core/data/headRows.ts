/** The first rows of the file as the model gets them: for people who want to see what became of their rows. */
import { encodeFeatures, encodeTarget } from './encode.ts';
import type { TablePreprocessing } from './preprocessing.ts';
import type { RawColumns } from './rawColumns.ts';
import type { Part, SplitIndices } from './splitRows.ts';

export interface HeadRow {
  /** Several where rows are repeated before the split; none for a row that is left out. */
  readonly parts: readonly Part[];
  /** [input width]; NaN where a value is missing. */
  readonly x: Float32Array;
  /** Class index or number; NaN where it is missing. */
  readonly y: number;
}

export interface HeadInput {
  readonly raw: RawColumns;
  readonly split: SplitIndices;
  readonly preprocessing: TablePreprocessing;
}

/** As many rows are kept for a look at them. */
export const headSize = 10;

/** Rows 0 .. headSize - 1 of a file of `rows` rows. */
export function headRows({ raw, split, preprocessing }: HeadInput, rows: number): HeadRow[] {
  const first = Uint32Array.from({ length: Math.min(headSize, rows) }, (_, row) => row);
  const x = encodeFeatures(preprocessing.features, raw.features, first);
  const y = encodeTarget(preprocessing.target, raw.target, first);
  const width = x.length / Math.max(1, first.length);
  return Array.from(first, (row) => ({
    parts: partsOf(row, split),
    x: x.slice(row * width, (row + 1) * width),
    y: y instanceof Int32Array && y[row]! < 0 ? NaN : y[row]!,
  }));
}

function partsOf(row: number, split: SplitIndices): Part[] {
  const parts = ['train', 'validation', 'test'] as const;
  return parts.filter((part) => split[part].includes(row));
}
