/** What the Winograd kernels have in common: tiles of 4x4 outputs in blocks of rows or images, their 36 places, and the input's. */
import type { Push } from './asm.ts';
import type { Access, Cursors } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { evenRuns, type Run } from './tiling.ts';
import { placeSide, tileSide } from './winograd.ts';
import { indices } from './winogradTransform.ts';

/** Bytes that a block takes: they stay in the second cache. */
const blockBytes = 1 << 18;
export const places = placeSide ** 2;

// Axes of the pass.
export const image = 0;
const tileRow = 1;
const tileColumn = 2;
/** Of whatever is walked through: of x while it is read, of the output while that is written. */
export const channel = 3;
/** First row of tiles of a block. */
const blockStart = 4;
const imageOfBlock = 5;
/** Of a tile of outputs. */
export const outputRow = 6;
export const outputColumn = 7;

export interface TileSizes {
  readonly images: number;
  /** Of the output. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Tiles in a row of them. */
  readonly across: number;
  /** Rows of tiles in a block at most; all of them where it has several images. */
  readonly down: number;
  readonly imagesOfBlock: number;
}

interface BlockLimits {
  /** Numbers that the kernel keeps for each place of a tile. */
  readonly width: number;
  /** Rows of places that it works on at once. */
  readonly placeRows?: number;
  /** Threads that share the images. */
  readonly threads?: number;
}

export function tileSizes(
  shape: Pick<TileSizes, 'images' | 'rows' | 'columns' | 'channels'>,
  { width, placeRows = placeSide, threads = 1 }: BlockLimits,
): TileSizes {
  const { images, rows, columns } = shape;
  const across = Math.ceil(columns / tileSide);
  const allRows = Math.ceil(rows / tileSide);
  const rowBytes = placeRows * placeSide * 4 * across * width;
  const most = Math.max(1, Math.floor(blockBytes / rowBytes));
  const down = evenRuns(allRows, most)[0]!.size;
  const atOnce = Math.min(Math.floor(most / allRows), Math.floor(images / threads));
  return { ...shape, across, down, imagesOfBlock: largestDivisor(images, atOnce) };
}

/** Of `count`, up to `limit`; at least 1. */
function largestDivisor(count: number, limit: number): number {
  for (let divisor = limit; divisor > 1; divisor--) if (count % divisor === 0) return divisor;
  return 1;
}

/** Tiles of a block at most. */
export function tilesOfBlock({ across, down, imagesOfBlock }: TileSizes): number {
  return across * down * imagesOfBlock;
}

/** One of the places of all tiles. A line more than they need, so that not all places share sets of the first cache. */
export function placeBytes(sizes: TileSizes, width: number): number {
  return tilesOfBlock(sizes) * width * 4 + 64;
}

/** Rows, columns and channels of x from the strides of its windows. */
export function windowed(access: Access): Access {
  const [n = 0, y = 0, x = 0, , , c = 0] = access.strides;
  return { ...access, strides: [n, y, x, c] };
}

/** NHWC by tiles. */
export function imageAccess(access: Access): Access {
  const [n = 0, y = 0, x = 0, c = 0] = access.strides;
  return { ...access, strides: [n, tileSide * y, tileSide * x, c, tileSide * y, n, y, x] };
}

/** Working memory of a block, `width` numbers for each place of a tile; `own` is the offset of a thread's part. */
export function tileAccess(
  address: number,
  { sizes, width, own }: { sizes: TileSizes; width: number; own: Push | undefined },
): Access {
  const { across, down } = sizes;
  const tile = width * 4;
  const strides = [0, across * tile, tile, 4, 0, down * across * tile, 0, 0];
  const access: Access = { address, dtype: 'f32', strides };
  return own === undefined ? access : { ...access, dynamic: { key: 'own', push: own } };
}

export interface TileWork {
  readonly context: KernelContext;
  readonly cursors: Cursors;
  readonly sizes: TileSizes;
  readonly x: Access;
  /** [36][tile][channel] */
  readonly v: Access;
}

type Walk = Pick<TileWork, 'cursors' | 'sizes'>;

/** Rows of tiles, and how many rows of outputs the last of them has. */
export interface Block {
  readonly rows: number;
  readonly valid: number;
}

/** Runs `body` for every block of one group of images. */
export function forEachBlock({ cursors, sizes }: Walk, body: (block: Block) => void): void {
  const at = ({ start, count, size }: Run, valid: number): void =>
    cursors.at(blockStart, start, () =>
      cursors.loop(blockStart, { count, step: size }, () => body({ rows: size, valid })),
    );
  const whole = Math.ceil(sizes.rows / tileSide);
  const valid = sizes.rows - tileSide * (whole - 1);
  const runs = evenRuns(whole, sizes.down);
  runs.forEach((run, index) => {
    const isCut = index === runs.length - 1 && valid < tileSide;
    if (isCut && run.count > 1) at({ ...run, count: run.count - 1 }, tileSide);
    const start = run.start + run.size * (run.count - 1);
    if (isCut) at({ ...run, start, count: 1 }, valid);
    else at(run, tileSide);
  });
}

/** How many rows and columns of outputs a tile has. */
export interface TileExtent {
  readonly rows: number;
  readonly columns: number;
}

/** Runs `body` for every tile of a block; the last ones may be cut off. */
export function forEachTile(
  { cursors, sizes }: Walk,
  block: Block,
  body: (extent: TileExtent) => void,
): void {
  const overColumns = (rows: number): void =>
    cutRuns(sizes.columns).forEach(({ start, count, size }) =>
      cursors.at(tileColumn, start, () =>
        cursors.loop(tileColumn, { count }, () => body({ rows, columns: size })),
      ),
    );
  const rows = (block.rows - 1) * tileSide + block.valid;
  cursors.loop(imageOfBlock, { count: sizes.imagesOfBlock }, () =>
    cutRuns(rows).forEach(({ start, count, size }) =>
      cursors.at(tileRow, start, () => cursors.loop(tileRow, { count }, () => overColumns(size))),
    ),
  );
}

/** Tiles along a side: the whole ones, and one that is cut off. */
function cutRuns(length: number): Run[] {
  const whole = Math.floor(length / tileSide);
  return [
    { start: 0, count: whole, size: tileSide },
    { start: whole, count: 1, size: length % tileSide },
  ].filter(({ count, size }) => count > 0 && size > 0);
}

/** Columns of a panel: those of a tile of sums. */
export function panelColumns(wide: boolean): number {
  return wide ? 16 : 8;
}

export const allPlaces = indices(placeSide);

/** Vectors that a transform treats together. */
export function vectorsTogether({ wide }: KernelContext): number {
  return wide ? 2 : 1;
}

/** v: the transformed input of a block, those rows of its places that are wanted. */
export function emitInputs(work: TileWork, block: Block, wanted: readonly number[]): void {
  const { context, cursors, sizes, x, v } = work;
  const column = placeBytes(sizes, sizes.channels);
  forEachTile(work, block, ({ rows, columns }) => {
    const transform = context.inner({
      transform: 'input',
      side: placeSide,
      // Beyond what the last outputs need there may be no memory.
      rows: rows + placeSide - tileSide,
      columns: columns + placeSide - tileSide,
      wanted: { rows: wanted, columns: allPlaces },
      from: { row: x.strides[outputRow]!, column: x.strides[outputColumn]! },
      to: { row: placeSide * column, column },
      channels: sizes.channels,
      vectors: vectorsTogether(context),
    });
    context.f.call(transform, cursors.addressOf(x), cursors.addressOf(v));
  });
}

/** Working memory by [place, panel, tile]. */
export function byPlaces(
  { address, dtype, dynamic }: Access,
  strides: readonly [number, number, number],
): Access {
  return { address, dtype, strides, ...(dynamic && { dynamic }) };
}
