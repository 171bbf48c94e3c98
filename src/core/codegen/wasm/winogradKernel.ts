/**
 * The kernel of winograd.ts. Filters are transformed once; then, for as many tiles of 4x4 outputs as the second cache holds:
 * transform the input, 36 products (tileFunction.ts), transform the output (winogradTransform.ts), epilogue.
 *
 * Working memory: u, the filters, [36][panel][channel][columns of the panel]; and of each thread v [36][tile][channel],
 * m [36][tile][output] and y, the outputs of one tile, [4][4][output].
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { type Epilogue, finishElements } from './productPass.ts';
import { evenRuns, tileRows } from './tiling.ts';
import { denseView, type Value, type View } from './values.ts';
import { placeSide, tileSide } from './winograd.ts';
import { filterLine } from './winogradLines.ts';
import {
  allPlaces,
  type Block,
  byPlaces,
  channel,
  emitInputs,
  forEachBlock,
  forEachTile,
  image,
  imageAccess,
  outputColumn,
  outputRow,
  panelColumns,
  placeBytes,
  places,
  tileAccess,
  type TileExtent,
  type TileSizes,
  tileSizes,
  tilesOfBlock,
  type TileWork,
  vectorsTogether,
  windowed,
} from './winogradTiles.ts';
import { indices, laneAlgebra, transformGrid } from './winogradTransform.ts';

function sizesOf(product: Value, threads: number): TileSizes {
  const [images = 0, rows = 0, columns = 0, outputs = 0] = product.shape;
  const channels = product.inputs[0]!.shape[5]!;
  return tileSizes({ images, rows, columns, channels }, { width: channels + outputs, threads });
}

/** Bytes of u, and of v, m and y of one thread. */
function memoryOf(product: Value, sizes: TileSizes): Record<'u' | 'v' | 'm' | 'y', number> {
  const outputs = product.shape[3]!;
  return {
    u: places * sizes.channels * outputs * 4,
    v: places * placeBytes(sizes, sizes.channels),
    m: places * placeBytes(sizes, outputs),
    y: tileSide ** 2 * outputs * 4,
  };
}

export function winogradBytes(product: Value, threads: number): number {
  const { u, v, m, y } = memoryOf(product, sizesOf(product, threads));
  return u + threads * (v + m + y);
}

interface Work extends TileWork {
  readonly epilogue: Epilogue;
  readonly outputs: number;
  readonly m: Access;
  readonly y: Access;
  /** Byte address of u, and its bytes for each place. */
  readonly u: number;
  readonly plane: number;
}

export function emitWinograd(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const sizes = sizesOf(product, team?.size ?? 1);
  const outputs = product.shape[3]!;
  const bytes = memoryOf(product, sizes);
  const u = context.scratchOf(cluster);
  const each = bytes.v + bytes.m + bytes.y;
  const own = team && f.keep(f.plain('i32Mul', team.thread, f.int(each)), 'i32');
  const v = tileAccess(u + bytes.u, { sizes, width: sizes.channels, own });
  const m = tileAccess(v.address + bytes.v, { sizes, width: outputs, own });
  const y = outputAccess(m, bytes.m, outputs);
  const x = imageAccess(windowed(viewAccess(context, product.inputs[0]!)));
  const epilogue = epilogueOf(context, cluster, product);
  const others = [...epilogue.reads.values(), ...epilogue.writes.map(({ access }) => access)];
  const cursors = new Cursors(f, [x, v, m, y, ...others]);
  const plane = sizes.channels * outputs * 4;
  const work: Work = { context, cursors, sizes, x, v, epilogue, outputs, m, y, u, plane };
  emitFilters(work, product.inputs[1]!);
  team?.barrier();
  const { images, imagesOfBlock: step } = sizes;
  cursors.loop(image, { count: images / step, step, team }, () =>
    forEachBlock(work, (block) => {
      emitInputs(work, block, allPlaces);
      emitProducts(work, block);
      emitOutputs(work, block);
    }),
  );
}

/** y, after m. */
function outputAccess(m: Access, bytes: number, outputs: number): Access {
  const pixel = outputs * 4;
  const strides = [0, 0, 0, 4, 0, 0, tileSide * pixel, pixel];
  return { ...m, address: m.address + bytes, strides };
}

/** What the epilogue reads and writes, by tiles. */
function epilogueOf(context: KernelContext, cluster: Cluster, product: Value): Epilogue {
  const members = new Set(cluster.members);
  const byTiles = (view: View): Access => imageAccess(viewAccess(context, view));
  const outputs = cluster.members.filter((member) => context.isStored(member));
  return {
    product,
    members,
    reads: new Map(externalViews(members).map((view) => [view, byTiles(view)])),
    writes: outputs.map((value) => ({ value, access: byTiles(denseView(value)) })),
    n: { axis: channel, size: product.shape[3]! },
  };
}

function emitFilters({ context, sizes, outputs, u, plane }: Work, filter: View): void {
  const { f, team, math } = context;
  const panel = panelColumns(context.wide);
  const [k = 0, l = 0, c = 0, o = 0] = viewAccess(context, filter).strides;
  const from: Access = { ...viewAccess(context, filter), strides: [o * panel, c, o, k, l] };
  const width = panel * 4;
  const strides = [sizes.channels * width, width, 4, placeSide * plane, plane];
  const to: Access = { address: u, dtype: 'f32', strides };
  const cursors = new Cursors(f, [from, to]);
  const at = (row: number, column: number, body: () => void): void =>
    cursors.at(3, row, () => cursors.at(4, column, body));
  const algebra = laneAlgebra(f, math);
  cursors.loop(0, { count: outputs / panel }, () =>
    cursors.loop(1, { count: sizes.channels, team }, () =>
      vectorsAlong(cursors, { axis: 2, size: panel }, (lanes) => {
        const taps: Push[][] = indices(3).map(() => []);
        for (const row of indices(3)) {
          for (const column of indices(3)) {
            at(row, column, () =>
              taps[row]!.push(f.keep(loadLanes(f, cursors.lanes(from, 2, lanes)))),
            );
          }
        }
        const wanted = { rows: allPlaces, columns: allPlaces };
        transformGrid(
          (line) => filterLine(algebra, line),
          taps,
          wanted,
          (row, i) =>
            row.forEach((value, j) =>
              at(i, j, () => storeLanes(f, cursors.lanes(to, 2, lanes), value)),
            ),
        );
      }),
    ),
  );
}

function emitProducts({ context, sizes, outputs, v, m, u, plane }: Work, { rows }: Block): void {
  const { f } = context;
  const { channels, across, down, imagesOfBlock } = sizes;
  const panel = panelColumns(context.wide);
  const vectors = panel / 4;
  const tile = (count: number): number =>
    context.inner({
      rows: count,
      vectors,
      rowStride: channels * 4,
      k: [{ size: channels, stride: 4 }],
      sumsStride: outputs * 4,
      adds: false,
    });
  const a = byPlaces(v, [placeBytes(sizes, channels), 0, channels * 4]);
  const c = byPlaces(m, [placeBytes(sizes, outputs), panel * 4, outputs * 4]);
  const b: Access = { address: u, dtype: 'f32', strides: [plane, channels * panel * 4, 0] };
  const inner = new Cursors(f, [a, b, c]);
  const tiles = rows === down ? tilesOfBlock(sizes) : rows * across * imagesOfBlock;
  inner.loop(0, { count: places }, () =>
    inner.loop(1, { count: outputs / panel }, () => {
      for (const { start, count, size } of evenRuns(tiles, tileRows(vectors, context.wide))) {
        inner.at(2, start, () =>
          inner.loop(2, { count, step: size }, () =>
            f.call(tile(size), inner.addressOf(a), inner.addressOf(b), inner.addressOf(c)),
          ),
        );
      }
    }),
  );
}

function emitOutputs(work: Work, block: Block): void {
  const { context, cursors, sizes, outputs, m, y } = work;
  const column = placeBytes(sizes, outputs);
  forEachTile(work, block, (extent) => {
    const transform = context.inner({
      transform: 'output',
      side: placeSide,
      rows: placeSide,
      columns: placeSide,
      wanted: { rows: indices(extent.rows), columns: indices(extent.columns) },
      from: { row: placeSide * column, column },
      to: { row: y.strides[outputRow]!, column: y.strides[outputColumn]! },
      channels: outputs,
      vectors: vectorsTogether(context),
    });
    context.f.call(transform, cursors.addressOf(m), cursors.addressOf(y));
    finishTile(work, extent);
  });
}

/** The epilogue of one tile. */
function finishTile(
  { context, cursors, epilogue, outputs, y }: Work,
  { rows, columns }: TileExtent,
): void {
  const { f } = context;
  cursors.loop(outputRow, { count: rows }, () =>
    cursors.loop(outputColumn, { count: columns }, () =>
      vectorsAlong(cursors, { axis: channel, size: outputs }, (lanes) => {
        const sum = f.keep(loadLanes(f, cursors.lanes(y, channel, lanes)));
        finishElements(context, epilogue, { cursors, lanes, sum });
      }),
    ),
  );
}
