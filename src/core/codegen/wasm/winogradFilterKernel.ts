/**
 * The gradient of a filter by Winograd's algorithm turned round (winograd.ts): for each block of tiles
 *
 *   sums[36][channel][output] += transformed input[36][tile][channel]^T * transformed slopes[36][tile][output]
 *
 * and at the end the sums are transformed back to 3x3. A block is added up by itself, which keeps rounding small where there
 * are thousands of tiles; which tiles are a block follows from shapes alone. Threads share the panels of outputs of all
 * groups of places, so that every sum runs over all blocks in order; each transforms the input for itself.
 *
 * Working memory: the sums, [group][panel][place][channel][columns of the panel], and of each thread, for the places of a
 * group and one panel, v [place][tile][channel], w [place][tile][column] and part, the sums of a block.
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import { externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes } from './lanes.ts';
import { type Epilogue, finishElements } from './productPass.ts';
import { ownShare } from './team.ts';
import { evenRuns, tileRows } from './tiling.ts';
import { denseView, type Value, type View } from './values.ts';
import { placeSide, tileSide } from './winograd.ts';
import { sumsLine } from './winogradLines.ts';
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
  type TileSizes,
  tileSizes,
  type TileWork,
  vectorsTogether,
} from './winogradTiles.ts';
import { indices, laneAlgebra, transformGrid } from './winogradTransform.ts';

/** Axis of the panels of outputs, after those of the tiles. */
const panelAxis = 8;

/** Rows of places that are worked on together. Those of +-p and +-q share most of their transforms (winogradLines.ts). */
const pairsOfRows = [
  [0, 5],
  [1, 2],
  [3, 4],
];
/** Columns. Blocks, and with them the order of sums, do not depend on how wide panels are, nor on threads. */
const widestPanel = 16;
/** Threads from which on rows are worked on one by one, so that there is enough to share. */
const manyThreads = 4;

interface Plan {
  readonly sizes: TileSizes;
  readonly groups: readonly (readonly number[])[];
  readonly panel: number;
  readonly bytes: Bytes;
}

/** Of the sums, and of v, w and part of one thread. */
type Bytes = Readonly<Record<'sums' | 'v' | 'w' | 'part', number>>;

function planOf(product: Value, panel: number, threads: number): Plan {
  const [, , channels = 0, images = 0, rows = 0, columns = 0] = product.inputs[0]!.shape;
  const groups = threads < manyThreads ? pairsOfRows : pairsOfRows.flat().map((row) => [row]);
  const shape = { images, rows, columns, channels };
  const sizes = tileSizes(shape, { width: channels + widestPanel, placeRows: 2 });
  const atOnce = groups[0]!.length * placeSide;
  const bytes = {
    sums: places * channels * product.shape[3]! * 4,
    v: atOnce * placeBytes(sizes, channels),
    w: atOnce * placeBytes(sizes, panel),
    part: atOnce * channels * panel * 4,
  };
  return { sizes, groups, panel, bytes };
}

export function winogradFilterBytes(product: Value, wide: boolean, threads: number): number {
  const { sums, v, w, part } = planOf(product, panelColumns(wide), threads).bytes;
  return sums + threads * (v + w + part);
}

interface Work extends TileWork, Plan {
  readonly w: Access;
  readonly slopes: Access;
  /** By panel, of the first group. */
  readonly sums: Access;
  readonly part: Access;
  readonly outputs: number;
}

export function emitWinogradFilter(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const [windows, gradient] = product.inputs as [View, View];
  const plan = planOf(product, panelColumns(context.wide), team?.size ?? 1);
  const { sizes, bytes, panel } = plan;
  const sumsAt = context.scratchOf(cluster);
  const each = bytes.v + bytes.w + bytes.part;
  const own = team && f.keep(f.plain('i32Mul', team.thread, f.int(each)), 'i32');
  const v = onPanels(tileAccess(sumsAt + bytes.sums, { sizes, width: sizes.channels, own }), 0);
  const w = onPanels(tileAccess(v.address + bytes.v, { sizes, width: panel, own }), 0);
  const x = onPanels(imageAccess(inputOf(viewAccess(context, windows))), 0);
  const slopes = onPanels(imageAccess(viewAccess(context, gradient)), panel);
  const sums = byPanel(sumsAt, bytes.part);
  const part = { ...w, address: w.address + bytes.w };
  const cursors = new Cursors(f, [x, v, w, slopes, sums, part]);
  const outputs = product.shape[3]!;
  const work: Work = { ...plan, context, cursors, x, v, w, slopes, sums, part, outputs };
  clear(context, sumsAt, bytes.sums);
  const { images, imagesOfBlock: step } = sizes;
  cursors.loop(image, { count: images / step, step }, () =>
    forEachBlock(work, (block) => work.groups.forEach((_, index) => emitGroup(work, block, index))),
  );
  team?.barrier();
  finish(work, cluster, product);
}

/** One group of places of a block, as far as it is this thread's. */
function emitGroup(work: Work, block: Block, index: number): void {
  const { context, cursors, outputs, panel, groups } = work;
  const panels = outputs / panel;
  ownPanels(context, { group: index, groups: groups.length, panels }, (part) => {
    emitInputs(work, block, groups[index]!);
    cursors.loop(panelAxis, { count: panels, part }, () => {
      emitSlopes(work, block, groups[index]!);
      emitProducts(work, block, index);
    });
  });
}

type Part = { readonly first: Push; readonly number: Push } | undefined;

/** Runs `body` with the panels of a group that are this thread's: it has an equal share of all panels of all groups. */
function ownPanels(
  { f, team }: KernelContext,
  { group, groups, panels }: { group: number; groups: number; panels: number },
  body: (part: Part) => void,
): void {
  if (team === undefined) {
    body(undefined);
    return;
  }
  const inGroup = (thread: Push): Push => {
    const local = f.local('i32');
    const share = f.plain(
      'i32DivS',
      f.plain('i32Mul', thread, f.int(groups * panels)),
      f.int(team.size),
    );
    f.set(local, f.plain('i32Sub', share, f.int(group * panels)));
    f.ifThen(f.plain('i32LtS', f.get(local), f.int(0)), () => f.set(local, f.int(0)));
    f.ifThen(f.plain('i32LtS', f.int(panels), f.get(local)), () => f.set(local, f.int(panels)));
    return f.get(local);
  };
  const first = inGroup(team.thread);
  const end = inGroup(f.plain('i32Add', team.thread, f.int(1)));
  const number = f.keep(f.plain('i32Sub', end, first), 'i32');
  f.ifThen(f.plain('i32Ne', number, f.int(0)), () => body({ first, number }));
}

/** NHWC of x from the strides of its windows, which have the axes of the filter first. */
function inputOf(access: Access): Access {
  const [, , c = 0, n = 0, y = 0, x = 0] = access.strides;
  return { ...access, strides: [n, y, x, c] };
}

/** With the axis of the panels, whose columns are `columns` channels. */
function onPanels(access: Access, columns: number): Access {
  return { ...access, strides: [...access.strides, columns * access.strides[channel]!] };
}

/** The first of the sums of a panel. */
function byPanel(address: number, bytes: number): Access {
  const strides = indices(panelAxis + 1).map((axis) => (axis === panelAxis ? bytes : 0));
  return { address, dtype: 'f32', strides };
}

function clear({ f, team }: KernelContext, address: number, bytes: number): void {
  if (team === undefined) {
    f.fill(f.int(address), f.int(bytes));
    return;
  }
  const offset = (lines: Push): Push => f.plain('i32Mul', lines, f.int(64));
  ownShare(f, team, bytes / 64, (first, number) => {
    f.fill(f.plain('i32Add', offset(first), f.int(address)), offset(number));
  });
  team.barrier();
}

/** w: the transformed slopes of a block, one panel and some rows of places; what a last tile has not counts as 0. */
function emitSlopes(work: Work, block: Block, wanted: readonly number[]): void {
  const { context, cursors, sizes, slopes, panel, w } = work;
  const column = placeBytes(sizes, panel);
  forEachTile(work, block, ({ rows, columns }) => {
    const transform = context.inner({
      transform: 'slopes',
      side: tileSide,
      rows,
      columns,
      wanted: { rows: wanted, columns: allPlaces },
      from: { row: slopes.strides[outputRow]!, column: slopes.strides[outputColumn]! },
      to: { row: placeSide * column, column },
      channels: panel,
      vectors: vectorsTogether(context),
    });
    context.f.call(transform, cursors.addressOf(slopes), cursors.addressOf(w));
  });
}

function emitProducts(work: Work, { rows }: Block, group: number): void {
  const { context, cursors, sizes, sums, panel, groups, v, w, part, bytes, outputs } = work;
  const { f } = context;
  const { channels, across, imagesOfBlock } = sizes;
  const vectors = panel / 4;
  const tile = (count: number): number =>
    context.inner({
      rows: count,
      vectors,
      rowStride: 4,
      k: [{ size: rows * across * imagesOfBlock, stride: channels * 4 }],
      sumsStride: panel * 4,
      adds: false,
    });
  const a = byPlaces(v, [placeBytes(sizes, channels), 0, 4]);
  const b = byPlaces(w, [placeBytes(sizes, panel), 0, 0]);
  const c = byPlaces(part, [channels * panel * 4, 0, panel * 4]);
  const inner = new Cursors(f, [a, b, c]);
  inner.loop(0, { count: groups[group]!.length * placeSide }, () => {
    for (const { start, count, size } of evenRuns(channels, tileRows(vectors, context.wide))) {
      inner.at(2, start, () =>
        inner.loop(2, { count, step: size }, () =>
          f.call(tile(size), inner.addressOf(a), inner.addressOf(b), inner.addressOf(c)),
        ),
      );
    }
  });
  const add = context.inner({ numbers: bytes.part / 4 });
  const to = f.plain(
    'i32Add',
    cursors.addressOf(sums),
    f.int(group * (outputs / panel) * bytes.part),
  );
  f.call(add, cursors.addressOf(part), to);
}

// Axes of the last pass.
const [inputChannel, outputChannel, filterRow, filterColumn, outputPanel] = [0, 1, 2, 3, 4];

/** From the sums to the filter, and what is done to its elements. */
function finish(work: Work, cluster: Cluster, product: Value): void {
  const { context, sizes, sums, panel } = work;
  const { f, team, math } = context;
  const strides = [panel * 4, 4, 0, 0, work.bytes.part];
  const from: Access = { address: sums.address, dtype: 'f32', strides };
  const epilogue = epilogueOf(context, cluster, product, panel);
  const others = [...epilogue.reads.values(), ...epilogue.writes.map(({ access }) => access)];
  const cursors = new Cursors(f, [from, ...others]);
  const algebra = laneAlgebra(f, math);
  const wanted = { rows: indices(3), columns: indices(3) };
  cursors.loop(inputChannel, { count: sizes.channels, team }, () =>
    cursors.loop(outputPanel, { count: work.outputs / panel }, () =>
      vectorsAlong(cursors, { axis: outputChannel, size: panel }, (lanes) => {
        const grid = allPlaces.map((row) =>
          allPlaces.map((column) => {
            const at = cursors.lanes(from, outputChannel, lanes);
            const offset = at.offset + offsetOf(work, row, column);
            return f.keep(loadLanes(f, { ...at, offset }));
          }),
        );
        const line = (along: readonly Push[]) => sumsLine(algebra, along);
        transformGrid(line, grid, wanted, (row, k) =>
          row.forEach((sum, l) => {
            const store = () => finishElements(context, epilogue, { cursors, lanes, sum });
            cursors.at(filterRow, k, () => cursors.at(filterColumn, l, store));
          }),
        );
      }),
    ),
  );
}

/** Bytes from the first sum to that of a place. */
function offsetOf(
  { groups, bytes, outputs, panel, sizes }: Work,
  row: number,
  column: number,
): number {
  const group = groups.findIndex((rows) => rows.includes(row));
  const place = groups[group]!.indexOf(row) * placeSide + column;
  return group * (outputs / panel) * bytes.part + place * sizes.channels * panel * 4;
}

function epilogueOf(
  context: KernelContext,
  cluster: Cluster,
  product: Value,
  panel: number,
): Epilogue {
  const members = new Set(cluster.members);
  const access = (view: View): Access => {
    const whole = viewAccess(context, view);
    const [k = 0, l = 0, c = 0, o = 0] = whole.strides;
    return { ...whole, strides: [c, o, k, l, o * panel] };
  };
  const outputs = cluster.members.filter((member) => context.isStored(member));
  return {
    product,
    members,
    reads: new Map(externalViews(members).map((view) => [view, access(view)])),
    writes: outputs.map((value) => ({ value, access: access(denseView(value)) })),
    n: { axis: outputChannel, size: product.shape[3]! },
  };
}
