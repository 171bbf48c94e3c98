/**
 * Convolutions by Winograd's F(2x2, 3x3): two by two outputs of a 3x3 filter cost 16 products a channel, not 36.
 *
 *   Y = A^T [ (G g G^T) * (B^T d B) ] A     d: 4x4 places of x, g: the filter, summed over channels inside the brackets
 *
 * Each of the 16 places is a matrix product of tiles by channels. Sums there run in order of the channels, and the
 * transforms are fixed trees: bits do not depend on how the work is cut. Shapes alone decide whether it is used.
 * Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015).
 */
import type { Push } from './asm.ts';
import type { KernelContext } from './kernelContext.ts';
import type { Value, View } from './values.ts';

/** Channels on either side from which on the products outweigh the transforms. */
const minChannels = 16;
/** Outputs along either side from which on it pays. */
const minSide = 6;

/** Whether `product`, a matmul, is such a convolution: of stride and dilation 1, and large. */
export function isWinograd({ op, inputs }: Value): boolean {
  if (op.kind !== 'matmul' || op.inner !== 3) return false;
  const [windows, filter] = inputs as [View, View];
  if (windows.shape.length !== 6) return false;
  const [, rows = 0, columns = 0, k = 0, l = 0, channels = 0] = windows.shape;
  const [, row, column, windowRow, windowColumn, channel] = windows.strides;
  const isPlain = row === windowRow && column === windowColumn && channel === 1;
  const sizes = { rows, columns, filter: [k, l], channels, outputs: filter.shape[3]! };
  return isPlain && isLarge(sizes);
}

/** Whether it is the gradient of the filter of such a convolution. */
export function isWinogradFilter({ op, inputs }: Value): boolean {
  if (op.kind !== 'matmul' || op.inner !== 3) return false;
  const [windows, gradient] = inputs as [View, View];
  if (windows.shape.length !== 6) return false;
  const [k = 0, l = 0, channels = 0, , rows = 0, columns = 0] = windows.shape;
  const [windowRow, windowColumn, channel, , row, column] = windows.strides;
  const isPlain = row === windowRow && column === windowColumn && channel === 1;
  const sizes = { rows, columns, filter: [k, l], channels, outputs: gradient.shape[3]! };
  return isPlain && isLarge(sizes);
}

function isLarge(sizes: {
  readonly rows: number;
  readonly columns: number;
  readonly filter: readonly number[];
  readonly channels: number;
  readonly outputs: number;
}): boolean {
  const { rows, columns, filter, channels, outputs } = sizes;
  return (
    filter.every((size) => size === 3) &&
    Math.min(rows, columns) >= minSide &&
    Math.min(channels, outputs) >= minChannels &&
    channels % 4 === 0 &&
    outputs % 16 === 0
  );
}

/** Four by four, or what is left of them. */
export type Grid = readonly (readonly Push[])[];

/** Rows of d, and of y, that each row of places is made from. */
export const inputRows = [
  [0, 2],
  [1, 2],
  [1, 2],
  [1, 3],
] as const;
export const slopeRows = [[0], [0, 1], [0, 1], [1]] as const;

/** B^T d B: those of its rows that are `wanted`; the others are empty. */
export function transformInput(context: KernelContext, d: Grid, wanted: readonly number[]): Grid {
  const { math } = context;
  return wantedRows(context, { grid: d, wanted }, ([a, b, c, e]) => [
    math.sub(a!, c!),
    math.add(b!, c!),
    math.sub(c!, b!),
    math.sub(b!, e!),
  ]);
}

/** G g G^T of three by three. */
export function transformFilter(context: KernelContext, g: Grid): Grid {
  const { f, math } = context;
  return bothWays(g, ([a, b, c]) => {
    const outer = f.keep(math.add(a!, c!));
    const half = (x: Push): Push => f.keep(math.mul(x, math.c(0.5)));
    return [a!, half(math.add(outer, b!)), half(math.sub(outer, b!)), c!];
  });
}

/** A^T m A: two by two. */
export function transformOutput(context: KernelContext, m: Grid): Grid {
  const { f, math } = context;
  return bothWays(m, ([a, b, c, e]) =>
    [math.add(math.add(a!, b!), c!), math.sub(math.sub(b!, c!), e!)].map((x) => f.keep(x)),
  );
}

/** A y A^T of two by two, what reaches the 16 sums: those of its rows that are `wanted`. */
export function transformSlopes(context: KernelContext, y: Grid, wanted: readonly number[]): Grid {
  const { math } = context;
  return wantedRows(context, { grid: y, wanted }, ([a, b]) => [
    a!,
    math.add(a!, b!),
    math.sub(a!, b!),
    math.sub(math.c(0), b!),
  ]);
}

/** G^T u G: three by three. */
export function transformSums(context: KernelContext, u: Grid): Grid {
  const { f, math } = context;
  const half = (x: Push): Push => f.keep(math.mul(x, math.c(0.5)));
  return bothWays(u, ([a, b, c, e]) => {
    const both = half(math.add(b!, c!));
    return [f.keep(math.add(a!, both)), half(math.sub(b!, c!)), f.keep(math.add(both, e!))];
  });
}

/** As `bothWays` with a step that keeps nothing; of the four rows of the result only those that are wanted. */
function wantedRows(
  { f }: KernelContext,
  { grid, wanted }: { grid: Grid; wanted: readonly number[] },
  step: (line: readonly Push[]) => readonly Push[],
): Grid {
  const keepWanted = (line: readonly Push[]): Push[] =>
    line.map((push, row) => (wanted.includes(row) ? f.keep(push) : push));
  const rows = turned(turned(grid).map((column) => keepWanted(step(column))));
  return rows.map((row, i) => (wanted.includes(i) ? step(row).map((x) => f.keep(x)) : []));
}

/** A step along the columns, then along the rows. */
function bothWays(grid: Grid, step: (line: readonly Push[]) => readonly Push[]): Grid {
  return turned(turned(grid).map(step)).map(step);
}

function turned(grid: Grid): Grid {
  return grid[0]!.map((_, column) => grid.map((row) => row[column]!));
}
