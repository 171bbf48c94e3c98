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
import { loadLanes } from './lanes.ts';
import { type Epilogue, finishElements } from './productPass.ts';
import { evenRuns, tileRows } from './tiling.ts';
import { denseView, type Value, type View } from './values.ts';
import { transformFilter, transformOutput } from './winograd.ts';
import {
  atPlace,
  type Block,
  byPlaces,
  channel,
  emitInputs,
  forEachBlock,
  forEachTile,
  gridOf,
  image,
  imageAccess,
  imagePlaces,
  panelColumns,
  placeBytes,
  places,
  storeGrid,
  tileAccess,
  type TileSizes,
  tileSizes,
  type TileWork,
  windowed,
} from './winogradTiles.ts';

function sizesOf(product: Value): TileSizes {
  const [images = 0, rows = 0, columns = 0, outputs = 0] = product.shape;
  const channels = product.inputs[0]!.shape[5]!;
  return tileSizes({ images, rows, columns, channels }, channels + outputs);
}

/** Bytes of u, and of v and m of one thread. */
function memoryOf(product: Value): Record<'u' | 'v' | 'm', number> {
  const { channels, across, down } = sizesOf(product);
  const outputs = product.shape[3]!;
  return {
    u: places * channels * outputs * 4,
    v: places * placeBytes(across * down, channels),
    m: places * placeBytes(across * down, outputs),
  };
}

export function winogradBytes(product: Value, threads: number): number {
  const { u, v, m } = memoryOf(product);
  return u + threads * (v + m);
}

interface Work extends TileWork {
  readonly epilogue: Epilogue;
  readonly outputs: number;
  readonly m: Access;
  /** Byte address of u, and its bytes for each place. */
  readonly u: number;
  readonly plane: number;
}

export function emitWinograd(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const sizes = sizesOf(product);
  const outputs = product.shape[3]!;
  const bytes = memoryOf(product);
  const u = context.scratchOf(cluster);
  const own = team && f.keep(f.plain('i32Mul', team.thread, f.int(bytes.v + bytes.m)), 'i32');
  const v = tileAccess(u + bytes.u, { sizes, width: sizes.channels, own });
  const m = tileAccess(v.address + bytes.v, { sizes, width: outputs, own });
  const x = imageAccess(windowed(viewAccess(context, product.inputs[0]!)));
  const epilogue = epilogueOf(context, cluster, product);
  const others = [...epilogue.reads.values(), ...epilogue.writes.map(({ access }) => access)];
  const cursors = new Cursors(f, [x, v, m, ...others]);
  const plane = sizes.channels * outputs * 4;
  const work: Work = { context, cursors, sizes, x, v, epilogue, outputs, m, u, plane };
  emitFilters(work, product.inputs[1]!);
  team?.barrier();
  cursors.loop(image, { count: sizes.images, team }, () =>
    forEachBlock(work, (block) => {
      emitInputs(work, block);
      emitProducts(work, block);
      emitOutputs(work, block);
    }),
  );
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
  const { f, team } = context;
  const panel = panelColumns(context.wide);
  const [k = 0, l = 0, c = 0, o = 0] = viewAccess(context, filter).strides;
  const from: Access = { ...viewAccess(context, filter), strides: [o * panel, c, o, k, l] };
  const width = panel * 4;
  const strides = [sizes.channels * width, width, 4, 4 * plane, plane];
  const to: Access = { address: u, dtype: 'f32', strides };
  const cursors = new Cursors(f, [from, to]);
  cursors.loop(0, { count: outputs / panel }, () =>
    cursors.loop(1, { count: sizes.channels, team }, () =>
      vectorsAlong(cursors, { axis: 2, size: panel }, (lanes) => {
        const load = (): Push => f.keep(loadLanes(f, cursors.lanes(from, 2, lanes)));
        const taps = gridOf(cursors, { rows: 3, columns: 3, axes: [3, 4] }, load);
        storeGrid(context, cursors, { grid: transformFilter(context, taps), axes: [3, 4] }, () =>
          cursors.lanes(to, 2, lanes),
        );
      }),
    ),
  );
}

function emitProducts({ context, sizes, outputs, v, m, u, plane }: Work, { rows }: Block): void {
  const { f } = context;
  const { channels, across } = sizes;
  const panel = panelColumns(context.wide);
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
  const a = byPlaces(v, channels, 0);
  const c = byPlaces(m, outputs, panel * 4);
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

function emitOutputs(work: Work, block: Block): void {
  const { context, epilogue, cursors, outputs, m } = work;
  const { f } = context;
  forEachTile(work, block, (valid) =>
    vectorsAlong(cursors, { axis: channel, size: outputs }, (lanes) => {
      const load = (): Push => f.keep(loadLanes(f, cursors.lanes(m, channel, lanes)));
      const sums = gridOf(cursors, { rows: 4, columns: 4, axes: imagePlaces }, load);
      const rows = transformOutput(context, sums).slice(0, block.valid);
      rows.forEach((row, i) =>
        row
          .slice(0, valid)
          .forEach((sum, j) =>
            atPlace(cursors, imagePlaces, [i, j], () =>
              finishElements(context, epilogue, { cursors, lanes, sum }),
            ),
          ),
      );
    }),
  );
}
