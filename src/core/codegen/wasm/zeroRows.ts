/**
 * Windows of padded images meet rows of zeros above and below them. Which rows of the windows have anything to add, for
 * which rows of the result: the gradient of the input of a 5x5 filter on 14 rows leaves out 20 of 70.
 */
import { bytesPerElement } from '../../../shared/tensor/tensorType.ts';
import type { ProductPass } from './productPass.ts';
import { denseView, type View } from './values.ts';

/** Consecutive rows of the result that need the same rows of their windows. */
export interface RowRun {
  readonly start: number;
  readonly count: number;
  /** The rows of the windows that are not left out. At least one. */
  readonly from: number;
  readonly size: number;
}

export interface WindowRows {
  /** Index in m of the rows of the result. */
  readonly m: number;
  /** Index in k of the rows of the windows. */
  readonly k: number;
  readonly runs: readonly RowRun[];
}

/** Each run is code of its own. */
const maxRuns = 12;

/** Of a product whose left side is windows of images with rows along `rowAxis`; null where no row can be left out. */
export function windowRows(pass: ProductPass, rowAxis: number): WindowRows | null {
  const left = pass.product.inputs[0]!;
  const { op, inputs, shape } = left.value;
  const isPadded = op.kind === 'pad' && op.fill === 0 && shape.length === 4;
  if (!isPadded || left.offset !== 0 || left.dynamic.length > 0) return null;
  const walk = walkOf(pass, left, rowAxis);
  if (walk === null) return null;
  const first = op.before[rowAxis]!;
  const last = first + (inputs[0]!.shape[rowAxis]! - 1) * (op.steps?.[rowAxis] ?? 1);
  const runs = runsOf(walk, { first, last });
  return runs.length > 1 && runs.length <= maxRuns ? { m: walk.m, k: walk.k, runs } : null;
}

/** How the axes m[`m`] and k[`k`] of a product walk over rows. */
interface Walk {
  readonly m: number;
  readonly k: number;
  readonly sizes: readonly [number, number];
  /** Rows from one index to the next. */
  readonly steps: readonly [number, number];
}

function walkOf({ a, m, k, n }: ProductPass, { value }: View, rowAxis: number): Walk | null {
  const row = denseView(value).strides[rowAxis]! * bytesPerElement(value.dtype);
  const isRow = (stride: number): boolean =>
    stride > 0 && stride % row === 0 && stride < row * value.shape[rowAxis]!;
  const [i, j] = [
    m.findIndex((_, axis) => isRow(a.strides[axis]!)),
    k.findIndex((_, axis) => isRow(a.strides[n.axis + 1 + axis]!)),
  ];
  // The last axis of m is that of the columns.
  if (i < 0 || i === m.length - 1 || j < 0) return null;
  const steps = [a.strides[i]! / row, a.strides[n.axis + 1 + j]! / row] as const;
  const reach = (m[i]! - 1) * steps[0] + (k[j]! - 1) * steps[1];
  if (reach >= value.shape[rowAxis]!) return null; // other axes are merged with it
  return { m: i, k: j, sizes: [m[i]!, k[j]!], steps };
}

/** Which share of the rows of all windows is left out, 0 to 1. */
export function leftOut({ m, k, runs }: WindowRows, pass: ProductPass): number {
  const all = pass.m[m]! * pass.k[k]!;
  return 1 - runs.reduce((sum, { count, size }) => sum + count * size, 0) / all;
}

/** `first` and `last`: rows of the padded images between which they are not all zeros. */
function runsOf({ sizes, steps }: Walk, { first, last }: Record<'first' | 'last', number>) {
  const runs: RowRun[] = [];
  for (let start = 0; start < sizes[0]; start++) {
    const rows = Array.from({ length: sizes[1] }, (_, tap) => start * steps[0] + tap * steps[1]);
    const from = Math.max(
      0,
      rows.findIndex((row) => row >= first && row <= last),
    );
    const to = rows.findLastIndex((row) => row >= first && row <= last);
    const size = Math.max(1, to - from + 1);
    const before = runs.at(-1);
    if (before?.from === from && before.size === size) {
      runs[runs.length - 1] = { ...before, count: before.count + 1 };
    } else runs.push({ start, count: 1, from, size });
  }
  return runs;
}
