/**
 * A large product in tiles (tiling.ts):
 *
 *   for each block of k, for each panel of columns:
 *     pack the panel of B
 *     for each tile of rows: tileFunction.ts; and where there is but one block the epilogue, while the sums are in
 *       the first cache
 *   with several blocks the epilogue follows over all of C.
 *
 * With bands of rows: for each block of k, pack all panels; for each band, for each panel, for each tile as above.
 *
 * Without blocks of k, rows of zeros around images are left out where they are many (zeroRows.ts).
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes } from './lanes.ts';
import { lanesOf, pack, packedPanels, type Packing, type Scratch } from './packing.ts';
import { finishElements, type ProductPass, productPass } from './productPass.ts';
import { onOneThread, ownShare } from './team.ts';
import {
  type Bands,
  commonBytes,
  evenRuns,
  ownBytes,
  type Panels,
  type Tiling,
  tileRows,
  tilingOf,
} from './tiling.ts';
import { leftOut, type WindowRows, windowRows } from './zeroRows.ts';

interface Work extends Packing {
  readonly scratch: Scratch;
  readonly sums: Access;
  /** Which loop the threads of a team share. */
  readonly shared: SharedLoop;
  /** Rows of zeros that are left out. */
  readonly windows: WindowRows | null;
}

export function emitTiled(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const pass = productPass(context, cluster);
  const threads = team?.size ?? 1;
  const tiling = tilingOf(pass.product, { wide: context.wide, threads });
  const scratch = scratchOf(context, cluster, tiling);
  const isDirect = sumsAreResult(pass, tiling);
  const waiting = scratch.address + commonBytes(tiling) + threads * ownBytes(tiling);
  const sums = tiling.isBlocked
    ? waitingSums(pass, tiling, isDirect ? pass.writes[0]!.access.address : waiting)
    : tileSums(pass, scratch.address + tiling.panelBytes, team && scratch.own);
  const packed = packedPanels(pass, tiling, { ...scratch, isOwn: team !== undefined });
  const results = pass.writes.map(({ access }) => access);
  const cursors = new Cursors(f, [
    pass.a,
    pass.b,
    packed,
    sums,
    ...pass.reads.values(),
    ...results,
  ]);
  const shared = sharedLoop(pass, tiling, context);
  const windows = tiling.bands === null ? worthLeavingOut(pass, tiling) : null;
  const work: Work = { context, pass, tiling, cursors, scratch, packed, sums, shared, windows };
  if (tiling.isBlocked) clearSums(work);
  forEachBlock(work, (size) => {
    if (tiling.bands === null) {
      forEachPanel(work, (panels) => {
        pack(work, panels, size);
        multiply(work, { panels, size, rows: pass.m.at(-1)! });
      });
      return;
    }
    forEachPanel(work, (panels) => pack(work, panels, size));
    forEachBand(work, tiling.bands, (rows) =>
      forEachPanel(work, (panels) => multiply(work, { panels, size, rows })),
    );
  });
  if (tiling.isBlocked && !isDirect) finishAll(work);
}

function scratchOf(
  { f, team, scratchOf }: KernelContext,
  cluster: Cluster,
  tiling: Tiling,
): Scratch {
  const mine = f.int(ownBytes(tiling));
  const own = team ? f.keep(f.plain('i32Mul', team.thread, mine), 'i32') : f.int(0);
  return { address: scratchOf(cluster), own };
}

/** Panels times `rows` rows. */
function multiply(
  work: Work,
  { panels, size: whole, rows: count }: { panels: Panels; size: number; rows: number },
): void {
  forEachTile(work, { panels, rows: count }, (rows, inner = { from: 0, size: whole }) => {
    callTile(work, { rows, panels, inner });
    if (!work.tiling.isBlocked) finishTile(work, { rows, panels });
  });
}

/** Each run of rows is code of its own, so few left out are not worth it. */
const worthwhileShare = 0.1;

function worthLeavingOut(pass: ProductPass, { isBlocked }: Tiling): WindowRows | null {
  const windows = isBlocked ? null : windowRows(pass, 1);
  return windows?.k === 0 && leftOut(windows, pass) > worthwhileShare ? windows : null;
}

/** Whether the sums that wait in memory are all that is wanted, in the form in which it is wanted. */
function sumsAreResult({ writes, product, n }: ProductPass, tiling: Tiling): boolean {
  const isAll = writes.length === 1 && writes[0]!.value === product;
  return tiling.isBlocked && isAll && tiling.columns === n.size;
}

/** All sums in rows of whole panels. */
function waitingSums({ m, k }: ProductPass, { columns }: Tiling, address: number): Access {
  const strides: number[] = [];
  let stride = columns * 4;
  for (const size of m.toReversed()) {
    strides.unshift(stride);
    stride *= size;
  }
  return { address, dtype: 'f32', strides: [...strides, 4, ...k.map(() => 0)] };
}

/** The sums of one tile, always in the same place. */
function tileSums({ m, k }: ProductPass, address: number, own: Push | undefined): Access {
  const still: Access = { address, dtype: 'f32', strides: [...m, 0, ...k].map(() => 0) };
  return own === undefined ? still : { ...still, dynamic: { key: 'own', push: own } };
}

function clearSums({ context: { f, team }, sums, pass, tiling }: Work): void {
  const vectors = (pass.m.reduce((a, b) => a * b, 1) * tiling.columns) / 4;
  const bytes = (count: Push): Push => f.plain('i32Mul', count, f.int(16));
  if (team === undefined) f.fill(f.int(sums.address), f.int(vectors * 16));
  else {
    ownShare(f, team, vectors, (first, number) => {
      f.fill(f.plain('i32Add', bytes(first), f.int(sums.address)), bytes(number));
    });
    team.barrier();
  }
}

type SharedLoop = 'bands' | 'panels' | 'rows' | 'tiles';

/**
 * The first axis of m, the panels or the tiles of the last axis of m: whichever falls into equal shares; the earlier
 * of them if it does not matter, as a thread packs what it needs itself but should not need all of A.
 */
function sharedLoop(
  { m }: ProductPass,
  { panels, bands }: Tiling,
  context: KernelContext,
): SharedLoop {
  if (bands !== null) return bands.shared;
  const threads = context.team?.size ?? 1;
  const [first] = panels;
  const rows = tileRows(first?.vectors ?? 1, context.wide);
  const counts = {
    rows: m.length > 1 ? m[0]! : 0,
    panels: first?.count ?? 0,
    tiles: evenRuns(m.at(-1)!, rows)[0]?.count ?? 0,
  };
  const balance = (loop: keyof typeof counts): number =>
    counts[loop] / (threads * Math.max(1, Math.ceil(counts[loop] / threads)));
  return (['rows', 'panels', 'tiles'] as const).reduce((best, loop) =>
    balance(loop) > balance(best) * 1.1 ? loop : best,
  );
}

/** `body` gets the size of the block along its axis of k. */
function forEachBlock({ cursors, pass, tiling }: Work, body: (size: number) => void): void {
  const first = pass.n.axis + 1;
  const axis = first + tiling.blockAxis;
  const nest = (outer: number): void => {
    if (outer < axis) {
      cursors.loop(outer, { count: pass.k[outer - first]! }, () => nest(outer + 1));
      return;
    }
    for (const { start, count, size } of tiling.blocks) {
      cursors.at(axis, start, () => cursors.loop(axis, { count, step: size }, () => body(size)));
    }
  };
  nest(first);
}

function forEachPanel(
  { context, cursors, pass, tiling, shared }: Work,
  body: (panels: Panels) => void,
): void {
  const team = shared === 'panels' ? context.team : undefined;
  for (const panels of tiling.panels) {
    const { start, count, vectors } = panels;
    cursors.at(pass.n.axis, start, () =>
      cursors.loop(pass.n.axis, { count, step: vectors * 4, team }, () => body(panels)),
    );
  }
}

/** `body` gets the rows of the band. */
function forEachBand(
  { context, cursors, pass, shared }: Work,
  { rows }: Bands,
  body: (rows: number) => void,
): void {
  const [size = 0] = pass.m;
  const team = shared === 'bands' ? context.team : undefined;
  const whole = Math.floor(size / rows);
  cursors.loop(0, { count: whole, step: rows, team }, () => body(rows));
  const rest = size - whole * rows;
  if (rest === 0) return;
  cursors.at(0, whole * rows, () => onOneThread(context.f, team, () => body(rest)));
}

/** What is added of the first axis of k in a block. */
interface Inner {
  readonly from: number;
  readonly size: number;
}

/**
 * `rows` are those of the last axis of m. `body` gets the rows of the tile, which are neighbours on that axis; of k all
 * where it does not get what.
 */
function forEachTile(
  { context, cursors, pass, shared, windows }: Work,
  { panels: { vectors }, rows }: Tile,
  body: (rows: number, inner?: Inner) => void,
): void {
  const last = pass.m.length - 1;
  const nest = (axis: number, inner?: Inner): void => {
    if (axis < last) {
      const team = axis === 0 && shared === 'rows' ? context.team : undefined;
      const runs = axis === windows?.m ? windows.runs : [{ start: 0, count: pass.m[axis]! }];
      for (const { start, count, ...part } of runs) {
        const own = 'from' in part ? part : inner;
        cursors.at(axis, start, () =>
          cursors.loop(axis, { count, team }, () => nest(axis + 1, own)),
        );
      }
      return;
    }
    const team = shared === 'tiles' ? context.team : undefined;
    for (const { start, count, size } of evenRuns(rows, tileRows(vectors, context.wide))) {
      cursors.at(last, start, () =>
        cursors.loop(last, { count, step: size, team }, () => body(size, inner)),
      );
    }
  };
  nest(0);
}

interface Tile {
  readonly rows: number;
  readonly panels: Panels;
}

function callTile(work: Work, { rows, panels, inner }: Tile & { inner: Inner }): void {
  const { context, pass, tiling, cursors, sums } = work;
  const { a, m, n, k } = pass;
  const tile = context.inner({
    rows,
    vectors: panels.vectors,
    rowStride: a.strides[m.length - 1]!,
    k: k.slice(tiling.blockAxis).map((whole, i) => {
      const stride = a.strides[n.axis + 1 + tiling.blockAxis + i]!;
      return { size: i === 0 ? inner.size : whole, stride };
    }),
    sumsStride: tiling.isBlocked ? tiling.columns * 4 : panels.vectors * 16,
    adds: tiling.isBlocked,
  });
  const { f } = context;
  const inside = k.slice(tiling.blockAxis + 1).reduce((product, each) => product * each, 1);
  const skipped = inner.from * inside * panels.vectors * 16;
  const panel = cursors.addressOf(work.packed, skipped);
  cursors.at(n.axis + 1 + tiling.blockAxis, inner.from, () =>
    f.call(tile, cursors.addressOf(a), panel, cursors.addressOf(sums)),
  );
}

/** The epilogue of one tile. */
function finishTile({ context, pass, cursors, scratch, sums }: Work, { rows, panels }: Tile): void {
  const { f } = context;
  for (let row = 0; row < rows; row++) {
    lanesOf(panels, pass.n.size).forEach((lanes, v) => {
      if (lanes === 0) return;
      const offset = sums.address + (row * panels.vectors + v) * 16;
      const from = { address: scratch.own, offset, dtype: 'f32', stride: 4, count: 4 } as const;
      cursors.at(pass.m.length - 1, row, () =>
        cursors.at(pass.n.axis, v * 4, () => {
          finishElements(context, pass, { cursors, lanes, sum: f.keep(loadLanes(f, from)) });
        }),
      );
    });
  }
}

/** The epilogue of all tiles. */
function finishAll({ context, pass, cursors, sums }: Work): void {
  const { f, team } = context;
  const { m, n } = pass;
  team?.barrier();
  const nest = (axis: number): void => {
    if (axis < m.length) {
      const sharing = axis === 0 ? team : undefined;
      cursors.loop(axis, { count: m[axis]!, team: sharing }, () => nest(axis + 1));
      return;
    }
    vectorsAlong(cursors, { axis: n.axis, size: n.size }, (lanes) => {
      const sum = f.keep(loadLanes(f, cursors.lanes(sums, n.axis, lanes)));
      finishElements(context, pass, { cursors, lanes, sum });
    });
  };
  nest(0);
}
