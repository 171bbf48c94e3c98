/**
 * The kernel of winograd.ts. Filters are transformed once; then, for each image and for as many rows of 2x2 tiles as the
 * second cache holds: transform the input, 16 products (tileFunction.ts), transform the output, epilogue.
 *
 * Working memory: u, the filters, [16][panel][channel][columns of the panel]; and of each thread v [16][tile][channel] and
 * m [16][tile][output].
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { finishElements, type ProductPass } from './productPass.ts';
import { onOneThread } from './team.ts';
import { evenRuns, type Run, tileRows } from './tiling.ts';
import { denseView, type Value, type View } from './values.ts';
import { type Grid, transformFilter, transformInput, transformOutput } from './winograd.ts';

/** Bytes of v and m: they stay in the second cache. */
const blockBytes = 1 << 18;
const places = 16;

// Axes of the pass.
const image = 0;
const tileRow = 1;
const tileColumn = 2;
/** Of x while it is read, of the output while that is written. */
const channel = 3;
const placeRow = 4;
const placeColumn = 5;
/** First row of tiles of a block. */
const blockStart = 6;

interface Sizes {
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly outputs: number;
  /** Tiles in a row of them. */
  readonly across: number;
  /** Rows of tiles in a block at most. */
  readonly down: number;
}

function sizesOf(product: Value): Sizes {
  const [images = 0, rows = 0, columns = 0, outputs = 0] = product.shape;
  const channels = product.inputs[0]!.shape[5]!;
  const across = Math.ceil(columns / 2);
  const rowBytes = places * 4 * across * (channels + outputs);
  const down = Math.max(1, Math.min(Math.floor(rows / 2), Math.floor(blockBytes / rowBytes)));
  return { images, rows, columns, channels, outputs, across, down };
}

/** Bytes of u, and of v and m of one thread. */
function memoryOf({ channels, outputs, across, down }: Sizes): Record<'u' | 'v' | 'm', number> {
  const tiles = across * down;
  return {
    u: places * channels * outputs * 4,
    v: places * placeBytes(tiles, channels),
    m: places * placeBytes(tiles, outputs),
  };
}

/** One of the 16 places of all tiles. A line more than they need, so that not all places share sets of the first cache. */
function placeBytes(tiles: number, width: number): number {
  return tiles * width * 4 + 64;
}

export function winogradBytes(product: Value, threads: number): number {
  const { u, v, m } = memoryOf(sizesOf(product));
  return u + threads * (v + m);
}

interface Work {
  readonly context: KernelContext;
  readonly pass: ProductPass;
  readonly sizes: Sizes;
  readonly cursors: Cursors;
  readonly x: Access;
  readonly v: Access;
  readonly m: Access;
  /** Byte address of u, and its bytes for each place. */
  readonly u: number;
  readonly plane: number;
}

export function emitWinograd(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const sizes = sizesOf(product);
  const bytes = memoryOf(sizes);
  const u = context.scratchOf(cluster);
  const mine = bytes.v + bytes.m;
  const own = team && f.keep(f.plain('i32Mul', team.thread, f.int(mine)), 'i32');
  const tiles = sizes.across * sizes.down;
  const v = tileAccess(u + bytes.u, { width: sizes.channels, across: sizes.across, tiles, own });
  const m = tileAccess(v.address + bytes.v, {
    width: sizes.outputs,
    across: sizes.across,
    tiles,
    own,
  });
  const x = imageAccess(windowed(viewAccess(context, product.inputs[0]!)));
  const pass = imagePass(context, cluster, product);
  const others = [...pass.reads.values(), ...pass.writes.map(({ access }) => access)];
  const cursors = new Cursors(f, [x, v, m, ...others]);
  const plane = sizes.channels * sizes.outputs * 4;
  const work: Work = { context, pass, sizes, cursors, x, v, m, u, plane };
  onOneThread(f, team, () => emitFilters(work, product.inputs[1]!));
  team?.barrier();
  cursors.loop(image, { count: sizes.images, team }, () =>
    forEachBlock(work, (block) => {
      emitInputs(work, block);
      emitProducts(work, block);
      emitOutputs(work, block);
    }),
  );
}

/** Rows, columns and channels of x from the strides of its windows. */
function windowed(access: Access): Access {
  const [n = 0, y = 0, x = 0, , , c = 0] = access.strides;
  return { ...access, strides: [n, y, x, c] };
}

/** NHWC by tiles. */
function imageAccess(access: Access): Access {
  const [n = 0, y = 0, x = 0, c = 0] = access.strides;
  return { ...access, strides: [n, 2 * y, 2 * x, c, y, x, 2 * y] };
}

/** v or m. */
function tileAccess(
  address: number,
  {
    width,
    across,
    tiles,
    own,
  }: { width: number; across: number; tiles: number; own: Push | undefined },
): Access {
  const place = placeBytes(tiles, width);
  const strides = [0, across * width * 4, width * 4, 4, 4 * place, place, 0];
  const access: Access = { address, dtype: 'f32', strides };
  return own === undefined ? access : { ...access, dynamic: { key: 'own', push: own } };
}

/** What the epilogue reads and writes, by tiles. */
function imagePass(context: KernelContext, cluster: Cluster, product: Value): ProductPass {
  const members = new Set(cluster.members);
  const byTiles = (view: View): Access => imageAccess(viewAccess(context, view));
  const outputs = cluster.members.filter((member) => context.isStored(member));
  const none: Access = { address: 0, dtype: 'f32', strides: [] };
  return {
    product,
    members,
    a: none,
    b: none,
    reads: new Map(externalViews(members).map((view) => [view, byTiles(view)])),
    writes: outputs.map((value) => ({ value, access: byTiles(denseView(value)) })),
    m: [],
    n: { axis: channel, size: product.shape[3]! },
    k: [],
  };
}

/** Rows of tiles, and how many of their two rows of outputs there are. */
interface Block {
  readonly rows: number;
  readonly valid: number;
}

function forEachBlock({ cursors, sizes }: Work, body: (block: Block) => void): void {
  const at = ({ start, count, size }: Run, valid: number): void =>
    cursors.at(blockStart, start, () =>
      cursors.loop(blockStart, { count, step: size }, () => body({ rows: size, valid })),
    );
  const whole = Math.floor(sizes.rows / 2);
  for (const run of evenRuns(whole, sizes.down)) at(run, 2);
  if (sizes.rows % 2 === 1) at({ start: whole, count: 1, size: 1 }, 1);
}

/** Runs `body` for every tile of a block; a last one may have but one column of outputs. */
function forEachTile(
  { cursors, sizes }: Work,
  { rows }: Block,
  body: (valid: number) => void,
): void {
  const whole = Math.floor(sizes.columns / 2);
  cursors.loop(tileRow, { count: rows }, () => {
    cursors.loop(tileColumn, { count: whole }, () => body(2));
    if (sizes.columns % 2 === 1) cursors.at(tileColumn, whole, () => body(1));
  });
}

function emitFilters({ context, sizes, u, plane }: Work, filter: View): void {
  const { f } = context;
  const panel = panelColumns(context);
  const [k = 0, l = 0, c = 0, o = 0] = viewAccess(context, filter).strides;
  const from: Access = { ...viewAccess(context, filter), strides: [o * panel, c, o, k, l] };
  const width = panel * 4;
  const strides = [sizes.channels * width, width, 4, 4 * plane, plane];
  const to: Access = { address: u, dtype: 'f32', strides };
  const cursors = new Cursors(f, [from, to]);
  cursors.loop(0, { count: sizes.outputs / panel }, () =>
    cursors.loop(1, { count: sizes.channels }, () =>
      vectorsAlong(cursors, { axis: 2, size: panel }, (lanes) => {
        const load = (): Push => f.keep(loadLanes(f, cursors.lanes(from, 2, lanes)));
        const taps = gridOf(cursors, { rows: 3, columns: 3, axes: [3, 4] }, load);
        store(context, cursors, { grid: transformFilter(context, taps), axes: [3, 4] }, () =>
          cursors.lanes(to, 2, lanes),
        );
      }),
    ),
  );
}

/** Columns of a panel: those of a tile of sums. */
function panelColumns({ wide }: KernelContext): number {
  return wide ? 16 : 8;
}

const imagePlaces = [placeRow, placeColumn] as const;

function emitInputs(work: Work, block: Block): void {
  const { context, cursors, sizes, x, v } = work;
  const { f } = context;
  forEachTile(work, block, (valid) =>
    vectorsAlong(cursors, { axis: channel, size: sizes.channels }, (lanes) => {
      // Beyond what the last outputs need there may be no memory.
      const load = (row: number, column: number): Push =>
        row > block.valid + 1 || column > valid + 1
          ? f.floats(0)
          : f.keep(loadLanes(f, cursors.lanes(x, channel, lanes)));
      const d = gridOf(cursors, { rows: 4, columns: 4, axes: imagePlaces }, load);
      const grid = transformInput(context, d);
      store(context, cursors, { grid, axes: imagePlaces }, () => cursors.lanes(v, channel, lanes));
    }),
  );
}

function emitProducts({ context, sizes, v, m, u, plane }: Work, { rows }: Block): void {
  const { f } = context;
  const { channels, outputs, across } = sizes;
  const panel = panelColumns(context);
  const vectors = panel / 4;
  const tile = (count: number): number =>
    context.tile({
      rows: count,
      vectors,
      rowStride: channels * 4,
      k: [{ size: channels, stride: 4 }],
      sumsStride: outputs * 4,
      adds: false,
    });
  const a = ownPlaces(v, channels, 0);
  const c = ownPlaces(m, outputs, panel * 4);
  const b: Access = { address: u, dtype: 'f32', strides: [plane, channels * panel * 4, 0] };
  const inner = new Cursors(f, [a, b, c]);
  const addressOf = (access: Access): Push => {
    const { address, offset } = inner.position(access);
    return f.plain('i32Add', address, f.int(offset));
  };
  inner.loop(0, { count: places }, () =>
    inner.loop(1, { count: outputs / panel }, () => {
      for (const { start, count, size } of evenRuns(
        rows * across,
        tileRows(vectors, context.wide),
      )) {
        inner.at(2, start, () =>
          inner.loop(2, { count, step: size }, () =>
            f.call(tile(size), addressOf(a), addressOf(b), addressOf(c)),
          ),
        );
      }
    }),
  );
}

/** v or m by [place, panel, tile]. */
function ownPlaces(access: Access, width: number, panelBytes: number): Access {
  return { ...access, strides: [access.strides[placeColumn]!, panelBytes, width * 4] };
}

function emitOutputs(work: Work, block: Block): void {
  const { context, pass, cursors, sizes, m } = work;
  const { f } = context;
  forEachTile(work, block, (valid) =>
    vectorsAlong(cursors, { axis: channel, size: sizes.outputs }, (lanes) => {
      const load = (): Push => f.keep(loadLanes(f, cursors.lanes(m, channel, lanes)));
      const sums = gridOf(cursors, { rows: 4, columns: 4, axes: imagePlaces }, load);
      const outputs = transformOutput(context, sums);
      outputs
        .slice(0, block.valid)
        .forEach((row, i) =>
          row
            .slice(0, valid)
            .forEach((sum, j) =>
              atPlace(cursors, imagePlaces, [i, j], () =>
                finishElements(context, pass, { cursors, lanes, sum }),
              ),
            ),
        );
    }),
  );
}

function atPlace<T>(
  cursors: Cursors,
  [rowAxis, columnAxis]: readonly [number, number],
  [row, column]: readonly [number, number],
  body: () => T,
): T {
  let result: T | undefined;
  cursors.at(rowAxis, row, () => cursors.at(columnAxis, column, () => (result = body())));
  return result as T;
}

function gridOf(
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

function store(
  { f }: KernelContext,
  cursors: Cursors,
  { grid, axes }: { grid: Grid; axes: readonly [number, number] },
  to: () => Parameters<typeof storeLanes>[1],
): void {
  grid.forEach((row, i) =>
    row.forEach((value, j) => atPlace(cursors, axes, [i, j], () => storeLanes(f, to(), value))),
  );
}
