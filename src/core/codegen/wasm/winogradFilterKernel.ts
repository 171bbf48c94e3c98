/**
 * The gradient of a filter by Winograd's algorithm turned round (winograd.ts): for each image and block of tiles
 *
 *   sums[16][channel][output] += transformed input[16][tile][channel]^T * transformed slopes[16][tile][output]
 *
 * and at the end the sums are transformed back to 3x3. Threads share the panels of outputs, so that every sum runs over
 * all tiles in order; each transforms the input for itself.
 *
 * Working memory: the sums, and of each thread v [16][tile][channel] and w [16][tile][columns of one panel].
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
import { slopeRows, transformSlopes, transformSums } from './winograd.ts';
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
  placeRow,
  places,
  storeGrid,
  tileAccess,
  type TileSizes,
  tileSizes,
  type TileWork,
} from './winogradTiles.ts';

/** Axis of the panels of outputs, after those of the tiles. */
const panelAxis = 7;

/** The 16 places in `groups` of whole rows: each is transformed and multiplied alone. */
interface Sizes extends TileSizes {
  readonly groups: number;
  readonly rowsOfGroup: number;
}

/** Threads share groups of places, as far as there are enough; one thread does all at once. */
function sizesOf(product: Value, panel: number, threads: number): Sizes {
  const [, , channels = 0, images = 0, rows = 0, columns = 0] = product.inputs[0]!.shape;
  const groups = threads === 1 ? 1 : threads === 2 ? 2 : 4;
  const rowsOfGroup = 4 / groups;
  const sizes = tileSizes({ images, rows, columns, channels }, channels + panel, rowsOfGroup);
  return { ...sizes, groups, rowsOfGroup };
}

interface Bytes {
  readonly sums: number;
  readonly v: number;
  readonly w: number;
}

function memoryOf(product: Value, panel: number, threads: number): Bytes {
  const { channels, across, down, rowsOfGroup } = sizesOf(product, panel, threads);
  const atOnce = rowsOfGroup * 4;
  return {
    sums: places * channels * product.shape[3]! * 4,
    v: atOnce * placeBytes(across * down, channels),
    w: atOnce * placeBytes(across * down, panel),
  };
}

export function winogradFilterBytes(product: Value, wide: boolean, threads: number): number {
  const { sums, v, w } = memoryOf(product, panelColumns(wide), threads);
  return sums + threads * (v + w);
}

interface Work extends Omit<TileWork, 'v'> {
  readonly sizes: Sizes;
  readonly groups: readonly Group[];
  readonly slopes: Access;
  /** By panel. */
  readonly sums: Access;
  readonly outputs: number;
  readonly panel: number;
}

/** Rows of places that are worked on together, and where their v and w lie: where the others would, too. */
interface Group {
  readonly index: number;
  readonly rows: readonly number[];
  readonly v: Access;
  readonly w: Access;
}

export function emitWinogradFilter(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const [windows, gradient] = product.inputs as [View, View];
  const panel = panelColumns(context.wide);
  const threads = team?.size ?? 1;
  const sizes = sizesOf(product, panel, threads);
  const bytes = memoryOf(product, panel, threads);
  const sumsAt = context.scratchOf(cluster);
  const own = team && f.keep(f.plain('i32Mul', team.thread, f.int(bytes.v + bytes.w)), 'i32');
  const v = tileAccess(sumsAt + bytes.sums, { sizes, width: sizes.channels, own });
  const w = tileAccess(v.address + bytes.v, { sizes, width: panel, own });
  const groups = groupsOf(sizes, v, w);
  const x = onPanels(imageAccess(inputOf(viewAccess(context, windows))), 0);
  const slopes = onPanels(imageAccess(viewAccess(context, gradient)), panel);
  const sums = byPanel(sumsAt, panel * 4);
  const cursors = new Cursors(f, [x, ...groups.flatMap((each) => [each.v, each.w]), slopes, sums]);
  const outputs = product.shape[3]!;
  const work: Work = { context, cursors, sizes, x, groups, slopes, sums, outputs, panel };
  clear(context, sumsAt, bytes.sums);
  for (const group of groups) emitGroup(work, group);
  team?.barrier();
  finish(work, cluster, product);
}

function groupsOf({ groups, rowsOfGroup }: Sizes, v: Access, w: Access): Group[] {
  const from = (access: Access, row: number): Access => {
    const address = access.address - row * access.strides[placeRow]!;
    return onPanels({ ...access, address }, 0);
  };
  return Array.from({ length: groups }, (_, index) => {
    const rows = Array.from({ length: rowsOfGroup }, (__, i) => index * rowsOfGroup + i);
    return { index, rows, v: from(v, rows[0]!), w: from(w, rows[0]!) };
  });
}

/** All images for one group of places, as far as it is this thread's. */
function emitGroup(work: Work, group: Group): void {
  const { context, cursors, sizes, outputs, panel } = work;
  const panels = outputs / panel;
  const which = { group: group.index, groups: sizes.groups, panels };
  ownPanels(context, which, (part) =>
    cursors.loop(image, { count: sizes.images }, () =>
      forEachBlock(work, (block) => {
        emitInputs({ ...work, v: group.v }, block, group.rows);
        cursors.loop(panelAxis, { count: panels, part }, () => {
          emitSlopes(work, block, group);
          emitProducts(work, block, group);
        });
      }),
    ),
  );
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
  const strides = Array.from({ length: panelAxis + 1 }, (_, axis) =>
    axis === panelAxis ? bytes : 0,
  );
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
function emitSlopes(work: Work, block: Block, { rows: wanted, w }: Group): void {
  const { context, cursors, slopes, panel } = work;
  const { f } = context;
  forEachTile(work, block, (valid) =>
    vectorsAlong(cursors, { axis: channel, size: panel }, (lanes) => {
      const needed = new Set<number>(wanted.flatMap((row) => slopeRows[row]!));
      const load = (row: number, column: number): Push =>
        row >= block.valid || column >= valid || !needed.has(row)
          ? f.floats(0)
          : f.keep(loadLanes(f, cursors.lanes(slopes, channel, lanes)));
      const grid = transformSlopes(
        context,
        gridOf(cursors, { rows: 2, columns: 2, axes: imagePlaces }, load),
        wanted,
      );
      storeGrid(context, cursors, { grid, axes: imagePlaces }, () =>
        cursors.lanes(w, channel, lanes),
      );
    }),
  );
}

function emitProducts(work: Work, { rows }: Block, { rows: placeRows, v, w }: Group): void {
  const { context, cursors, sizes, sums, outputs, panel } = work;
  const { f } = context;
  const { channels, across } = sizes;
  const vectors = panel / 4;
  const tile = (count: number): number =>
    context.tile({
      rows: count,
      vectors,
      rowStride: 4,
      k: [{ size: rows * across, stride: channels * 4 }],
      sumsStride: outputs * 4,
      adds: true,
    });
  const a = byPlaces(v, 1, 0);
  const b = byPlaces(w, 0, 0);
  const ofPanel = cursors.position(sums);
  const c: Access = {
    address: ofPanel.offset,
    dtype: 'f32',
    strides: [channels * outputs * 4, 0, outputs * 4],
    dynamic: { key: 'panel', push: f.keep(ofPanel.address, 'i32') },
  };
  const inner = new Cursors(f, [a, b, c]);
  const addressOf = (access: Access): Push => {
    const { address, offset } = inner.position(access);
    return f.plain('i32Add', address, f.int(offset));
  };
  const runs = evenRuns(channels, tileRows(vectors, context.wide));
  inner.at(0, placeRows[0]! * 4, () =>
    inner.loop(0, { count: placeRows.length * 4 }, () => {
      for (const { start, count, size } of runs) {
        inner.at(2, start, () =>
          inner.loop(2, { count, step: size }, () =>
            f.call(tile(size), addressOf(a), addressOf(b), addressOf(c)),
          ),
        );
      }
    }),
  );
}

// Axes of the last pass.
const [inputChannel, outputChannel, filterRow, filterColumn] = [0, 1, 2, 3];
const filterPlaces = [filterRow, filterColumn] as const;

/** From the sums to the filter, and what is done to its elements. */
function finish({ context, sizes, sums, outputs }: Work, cluster: Cluster, product: Value): void {
  const { f, team } = context;
  const plane = sizes.channels * outputs * 4;
  const strides = [outputs * 4, 4, 4 * plane, plane];
  const from: Access = { address: sums.address, dtype: 'f32', strides };
  const epilogue = epilogueOf(context, cluster, product);
  const others = [...epilogue.reads.values(), ...epilogue.writes.map(({ access }) => access)];
  const cursors = new Cursors(f, [from, ...others]);
  cursors.loop(inputChannel, { count: sizes.channels, team }, () =>
    vectorsAlong(cursors, { axis: outputChannel, size: outputs }, (lanes) => {
      const load = (): Push => f.keep(loadLanes(f, cursors.lanes(from, outputChannel, lanes)));
      const all = gridOf(cursors, { rows: 4, columns: 4, axes: filterPlaces }, load);
      transformSums(context, all).forEach((row, k) =>
        row.forEach((sum, l) =>
          atPlace(cursors, filterPlaces, [k, l], () =>
            finishElements(context, epilogue, { cursors, lanes, sum }),
          ),
        ),
      );
    }),
  );
}

function epilogueOf(context: KernelContext, cluster: Cluster, product: Value): Epilogue {
  const members = new Set(cluster.members);
  const access = (view: View): Access => {
    const whole = viewAccess(context, view);
    const [k = 0, l = 0, c = 0, o = 0] = whole.strides;
    return { ...whole, strides: [c, o, k, l] };
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
