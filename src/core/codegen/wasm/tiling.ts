/**
 * How a large product C[...m, n] = A[...m, ...k] B[...k, n] is cut so that its parts stay in caches and registers.
 * Shapes alone decide, and nothing here changes bits: every element of C is one sum in order of k.
 *
 * Columns fall into panels as wide as a tile; B is packed panel by panel, with zeros for the columns that a last
 * panel has too many. Rows fall into tiles whose sums fit the registers. Where k is long it is cut into blocks,
 * between which the sums lie in memory.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { collapse } from './collapse.ts';
import type { Value, View } from './values.ts';

/** Consecutive pieces of an axis of equal size. */
export interface Run {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/** Consecutive panels of `vectors` column vectors each. */
export interface Panels {
  readonly start: number;
  readonly count: number;
  readonly vectors: number;
}

export interface Tiling {
  readonly panels: readonly Panels[];
  /** Columns of all panels. */
  readonly columns: number;
  /** Pieces of axis `blockAxis` of k; the axes before it are walked one by one. */
  readonly blockAxis: number;
  readonly blocks: readonly Run[];
  /** Whether there is more than one block, so that sums have to wait in memory. */
  readonly isBlocked: boolean;
  /** A packed panel of one block. */
  readonly panelBytes: number;
  /** The sums: all of them, or those of one tile. */
  readonly sumsBytes: number;
}

/** Multiplications from which on packing pays. */
const largeProduct = 1 << 17;
/** Rows from which on packing pays: a packed number is used once for each. It always pays where columns lie apart. */
const minRows = 16;
/** Sums up to that long are computed in place unless there are a great many: their tiles would mostly load and store. */
const shortSum = 8;
const manySums = 1 << 20;
/** Longest sum without blocks: a panel of it fits the second cache. */
const longestSum = 4096;
/** Length of the sums in a block: a panel of it fits the first cache. */
const blockLength = 400;
/** Sums of a tile in vectors of `pairs`; 12 and three operands fill the registers of x64. */
export const tileSums = 12;
/** Sums of a tile never take more. */
export const maxTileBytes = 12 * 2 * 16;

/** Whether A with that many rows times `right`, [...k, n], is to be computed in tiles from packed panels. */
export function isLargeProduct(rows: number, right: View): boolean {
  const isApart = right.shape.at(-1) !== 1 && right.strides.at(-1) !== 1;
  const size = rows * elementCount(right.shape);
  const isShort = elementCount(right.shape.slice(0, -1)) <= shortSum && size < manySums;
  return (isApart || (rows >= minRows && !isShort)) && size >= largeProduct;
}

/** Whether `product`, a matmul, is to be computed in tiles from packed panels. */
export function isTiled(product: Value): boolean {
  const rows = elementCount(product.shape.slice(0, -1));
  return isLargeProduct(rows, product.inputs[1]!);
}

/** Most columns of a product that has its lanes along the rows instead (sidewaysKernel.ts). */
const maxSidewaysColumns = 6;

/** Whether lanes along that many neighbouring rows are filled better than along the columns. */
export function isSidewaysShape(rows: number, columns: number): boolean {
  const filled = (count: number): number => count / (Math.ceil(count / 8) * 8);
  return columns <= maxSidewaysColumns && filled(rows) > filled(columns);
}

/** `wide`: pairs of vectors are fused to one of 256 bits, so that a tile has twice the columns. */
export function tilingOf(product: Value, wide: boolean): Tiling {
  const panels = panelsOf(product.shape.at(-1)!, wide);
  const columns = panels.reduce((sum, { count, vectors }) => sum + count * vectors * 4, 0);
  const k = innerSizes(product);
  const { axis, limit } = blockAxisOf(k);
  const blocks = evenRuns(k[axis]!, limit);
  const isBlocked = axis > 0 || limit < k[axis]!;
  const inside = k.slice(axis + 1).reduce((a, b) => a * b, 1);
  const length = Math.max(0, ...blocks.map(({ size }) => size)) * inside;
  const vectors = Math.max(...panels.map((panel) => panel.vectors), 0);
  const rows = elementCount(product.shape.slice(0, -1));
  return {
    panels,
    columns,
    blockAxis: axis,
    blocks,
    isBlocked,
    panelBytes: wholeLines(length * vectors * 16),
    sumsBytes: isBlocked ? wholeLines(rows * columns * 4) : maxTileBytes,
  };
}

/** Working memory that each thread needs for itself. */
export function ownBytes({ panelBytes, sumsBytes, isBlocked }: Tiling): number {
  return panelBytes + (isBlocked ? 0 : sumsBytes);
}

/** Bytes of working memory for the product: that of each thread, then the sums that wait. */
export function scratchBytes(tiling: Tiling, threads: number): number {
  return threads * ownBytes(tiling) + (tiling.isBlocked ? tiling.sumsBytes : 0);
}

/** Rows of a tile of that many column vectors. */
export function tileRows(vectors: number, wide: boolean): number {
  return tileSums / (wide ? vectors / 2 : vectors);
}

function panelsOf(columns: number, wide: boolean): Panels[] {
  const vectors = wide ? 4 : 2;
  const count = Math.floor(columns / (vectors * 4));
  const start = count * vectors * 4;
  const rest = Math.ceil((columns - start) / 4);
  const last = { start, count: 1, vectors: wide ? Math.ceil(rest / 2) * 2 : rest };
  return [{ start: 0, count, vectors }, last].filter((each) => each.count * each.vectors > 0);
}

/** Sizes of k after merging the axes that both sides walk as one. */
function innerSizes({ inputs, op }: Value): readonly number[] {
  const [left, right] = inputs as [View, View];
  const inner = op.kind === 'matmul' ? op.inner : 0;
  const strides = [left.strides.slice(-inner), right.strides.slice(0, -1)];
  return collapse(
    left.shape.slice(-inner),
    strides.map((each) => ({ strides: each })),
  ).sizes;
}

/** Which axis of k is cut, and into pieces of at most what size. */
function blockAxisOf(k: readonly number[]): { axis: number; limit: number } {
  if (k.reduce((a, b) => a * b, 1) <= longestSum) return { axis: 0, limit: k[0]! };
  let axis = k.length - 1;
  let inside = 1;
  while (axis > 0 && inside * k[axis]! <= blockLength) inside *= k[axis--]!;
  return { axis, limit: Math.min(k[axis]!, Math.max(1, Math.floor(blockLength / inside))) };
}

/** Cuts an axis into the fewest pieces of at most `limit`, with sizes that differ by at most one. */
export function evenRuns(size: number, limit: number): Run[] {
  const pieces = Math.ceil(size / limit);
  if (pieces === 0) return [];
  const small = Math.floor(size / pieces);
  const larger = size - small * pieces;
  return [
    { start: 0, count: larger, size: small + 1 },
    { start: larger * (small + 1), count: pieces - larger, size: small },
  ].filter(({ count }) => count > 0);
}

function wholeLines(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
