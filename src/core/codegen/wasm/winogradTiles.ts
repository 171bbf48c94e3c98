/** What the Winograd kernels have in common: tiles of 2x2 outputs in blocks of rows, their 16 places, and the input's. */
import type { Push } from './asm.ts';
import { type Access, type Cursors, vectorsAlong } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { evenRuns, type Run } from './tiling.ts';
import { type Grid, inputRows, transformInput } from './winograd.ts';

/** Bytes that a block takes: they stay in the second cache. */
const blockBytes = 1 << 18;
export const places = 16;

// Axes of the pass.
export const image = 0;
const tileRow = 1;
const tileColumn = 2;
/** Of whatever is walked through: of x while it is read, of the output while that is written. */
export const channel = 3;
export const placeRow = 4;
const placeColumn = 5;
/** First row of tiles of a block. */
const blockStart = 6;

export interface TileSizes {
  readonly images: number;
  /** Of the output. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Tiles in a row of them. */
  readonly across: number;
  /** Rows of tiles in a block at most. */
  readonly down: number;
}

/** `width`: numbers that the kernel keeps for each place of a tile, of which it works on `placeRows` rows of four at once. */
export function tileSizes(
  shape: Omit<TileSizes, 'across' | 'down'>,
  width: number,
  placeRows = 4,
): TileSizes {
  const across = Math.ceil(shape.columns / 2);
  const rowBytes = placeRows * 4 * 4 * across * width;
  const rows = Math.floor(shape.rows / 2);
  return { ...shape, across, down: Math.max(1, Math.min(rows, Math.floor(blockBytes / rowBytes))) };
}

/** One of the 16 places of all tiles. A line more than they need, so that not all places share sets of the first cache. */
export function placeBytes(tiles: number, width: number): number {
  return tiles * width * 4 + 64;
}

/** Rows, columns and channels of x from the strides of its windows. */
export function windowed(access: Access): Access {
  const [n = 0, y = 0, x = 0, , , c = 0] = access.strides;
  return { ...access, strides: [n, y, x, c] };
}

/** NHWC by tiles. */
export function imageAccess(access: Access): Access {
  const [n = 0, y = 0, x = 0, c = 0] = access.strides;
  return { ...access, strides: [n, 2 * y, 2 * x, c, y, x, 2 * y] };
}

/** Working memory of a block, `width` numbers for each place of a tile; `own` is the offset of a thread's part. */
export function tileAccess(
  address: number,
  { sizes, width, own }: { sizes: TileSizes; width: number; own: Push | undefined },
): Access {
  const { across, down } = sizes;
  const place = placeBytes(across * down, width);
  const strides = [0, across * width * 4, width * 4, 4, 4 * place, place, 0];
  const access: Access = { address, dtype: 'f32', strides };
  return own === undefined ? access : { ...access, dynamic: { key: 'own', push: own } };
}

export interface TileWork {
  readonly context: KernelContext;
  readonly cursors: Cursors;
  readonly sizes: TileSizes;
  readonly x: Access;
  /** [16][tile][channel] */
  readonly v: Access;
}

type Walk = Pick<TileWork, 'cursors' | 'sizes'>;

/** Rows of tiles, and how many of their two rows of outputs there are. */
export interface Block {
  readonly rows: number;
  readonly valid: number;
}

export function forEachBlock({ cursors, sizes }: Walk, body: (block: Block) => void): void {
  const at = ({ start, count, size }: Run, valid: number): void =>
    cursors.at(blockStart, start, () =>
      cursors.loop(blockStart, { count, step: size }, () => body({ rows: size, valid })),
    );
  const whole = Math.floor(sizes.rows / 2);
  for (const run of evenRuns(whole, sizes.down)) at(run, 2);
  if (sizes.rows % 2 === 1) at({ start: whole, count: 1, size: 1 }, 1);
}

/** Runs `body` for every tile of a block; a last one may have but one column of outputs. */
export function forEachTile(
  { cursors, sizes }: Walk,
  { rows }: Block,
  body: (valid: number) => void,
): void {
  const whole = Math.floor(sizes.columns / 2);
  cursors.loop(tileRow, { count: rows }, () => {
    cursors.loop(tileColumn, { count: whole }, () => body(2));
    if (sizes.columns % 2 === 1) cursors.at(tileColumn, whole, () => body(1));
  });
}

/** Columns of a panel: those of a tile of sums. */
export function panelColumns(wide: boolean): number {
  return wide ? 16 : 8;
}

export const imagePlaces = [placeRow, placeColumn] as const;

/** Rows of four places. */
export const allPlaceRows = [0, 1, 2, 3] as const;

/** v: the transformed input of a block, those rows of its places that are wanted. */
export function emitInputs(
  work: TileWork,
  block: Block,
  wanted: readonly number[] = allPlaceRows,
): void {
  const { context, cursors, sizes, x, v } = work;
  const { f } = context;
  forEachTile(work, block, (valid) =>
    vectorsAlong(cursors, { axis: channel, size: sizes.channels }, (lanes) => {
      // Beyond what the last outputs need there may be no memory.
      const needed = new Set<number>(wanted.flatMap((row) => inputRows[row]!));
      const load = (row: number, column: number): Push =>
        row > block.valid + 1 || column > valid + 1 || !needed.has(row)
          ? f.floats(0)
          : f.keep(loadLanes(f, cursors.lanes(x, channel, lanes)));
      const d = gridOf(cursors, { rows: 4, columns: 4, axes: imagePlaces }, load);
      const grid = transformInput(context, d, wanted);
      storeGrid(context, cursors, { grid, axes: imagePlaces }, () =>
        cursors.lanes(v, channel, lanes),
      );
    }),
  );
}

/** Working memory by [place, panel, tile]. */
export function byPlaces(access: Access, width: number, panelBytes: number): Access {
  return { ...access, strides: [access.strides[placeColumn]!, panelBytes, width * 4] };
}

export function atPlace<T>(
  cursors: Cursors,
  [rowAxis, columnAxis]: readonly [number, number],
  [row, column]: readonly [number, number],
  body: () => T,
): T {
  let result: T | undefined;
  cursors.at(rowAxis, row, () => cursors.at(columnAxis, column, () => (result = body())));
  return result as T;
}

export function gridOf(
  cursors: Cursors,
  { rows, columns, axes }: { rows: number; columns: number; axes: readonly [number, number] },
  load: (row: number, column: number) => Push,
): Grid {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) =>
      atPlace(cursors, axes, [row, column], () => load(row, column)),
    ),
  );
}

export function storeGrid(
  { f }: KernelContext,
  cursors: Cursors,
  { grid, axes }: { grid: Grid; axes: readonly [number, number] },
  to: () => Parameters<typeof storeLanes>[1],
): void {
  grid.forEach((row, i) =>
    row.forEach((value, j) => atPlace(cursors, axes, [i, j], () => storeLanes(f, to(), value))),
  );
}
