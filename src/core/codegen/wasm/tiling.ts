/**
 * How a large product C[...m, n] = A[...m, ...k] B[...k, n] is cut so that its parts stay in caches and registers.
 * Shapes alone decide, and nothing here changes bits: every element of C is one sum in order of k.
 *
 * Columns fall into panels as wide as a tile; B is packed panel by panel, with zeros for the columns that a last
 * panel has too many. Rows fall into tiles whose sums fit the registers. Where k is long it is cut into blocks,
 * between which the sums lie in memory. Where A is more than the second cache holds, rows fall into bands: all panels
 * are packed first, and multiplied with one band after the other, so that A comes from memory once.
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

export interface Bands {
  /** Of each but the last. */
  readonly rows: number;
  /** Bytes of a packed column. */
  readonly column: number;
  /** Which the threads of a team share. With panels each packs its own for itself alone; else each packs all for itself. */
  readonly shared: 'bands' | 'panels';
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
  /** Null where each panel is multiplied with all rows before the next. */
  readonly bands: Bands | null;
  /** A packed panel of one block; with bands all panels. */
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
/** Bytes of A from which on it is worth bands: it would come from the third cache or from memory for each panel. */
const largeLeft = 1 << 19;
/** Of A in a band: it stays in the second cache beside a panel. */
const bandBytes = 1 << 18;
/** A panel that was packed before comes from the third cache for each band: with fewer rows that takes as long. */
const fewestBandRows = 48;
/** Packed panels are no more than that. */
const mostPacked = 1 << 23;
/** Packed panels of which each thread may have all for itself. */
const littlePacked = 1 << 18;
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

export interface TilingOptions {
  /** Pairs of vectors are fused to one of 256 bits, so that a tile has twice the columns. */
  readonly wide: boolean;
  readonly threads: number;
}

export function tilingOf(product: Value, { wide, threads }: TilingOptions): Tiling {
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
  const bands = bandsOf(
    { rows, length, columns, width: vectors * 4, height: tileRows(vectors, wide) },
    product,
    threads,
  );
  return {
    panels,
    columns,
    blockAxis: axis,
    blocks,
    isBlocked,
    bands,
    panelBytes: wholeLines(length * 4 * (bands === null ? vectors * 4 : columns)),
    sumsBytes: isBlocked ? wholeLines(rows * columns * 4) : maxTileBytes,
  };
}

interface BandSizes {
  readonly rows: number;
  /** Of a block of k. */
  readonly length: number;
  readonly columns: number;
  /** Columns of a panel. */
  readonly width: number;
  /** Rows of a tile. */
  readonly height: number;
}

function bandsOf(
  { rows, length, columns, width, height }: BandSizes,
  { shape }: Value,
  threads: number,
): Bands | null {
  const packed = length * columns * 4;
  if (shape.length !== 2 || columns <= width || packed > mostPacked) return null;
  const most = Math.floor(bandBytes / (length * 4 * height)) * height;
  if (rows * length * 4 <= largeLeft || most < fewestBandRows) return null;
  const bands = { rows: most, column: length * 4 };
  const areMany = threads === 1 || rows >= most * threads * 8;
  if (packed <= littlePacked && areMany) return { ...bands, shared: 'bands' };
  const areEven = columns % (width * threads) === 0 || columns >= width * threads * 8;
  return areEven ? { ...bands, shared: 'panels' } : null;
}

/** Working memory that each thread needs for itself. */
export function ownBytes({ panelBytes, sumsBytes, isBlocked, bands }: Tiling): number {
  return (bands?.shared === 'panels' ? 0 : panelBytes) + (isBlocked ? 0 : sumsBytes);
}

/** What threads have together: panels of which each packs some. */
export function commonBytes({ panelBytes, bands }: Tiling): number {
  return bands?.shared === 'panels' ? panelBytes : 0;
}

/** Bytes of working memory for the product: what threads have together, that of each, then the sums that wait. */
export function scratchBytes(tiling: Tiling, threads: number): number {
  const waiting = tiling.isBlocked ? tiling.sumsBytes : 0;
  return commonBytes(tiling) + threads * ownBytes(tiling) + waiting;
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
