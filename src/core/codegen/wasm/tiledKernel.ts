/**
 * A large product in tiles (tiling.ts):
 *
 *   for each block of k, for each panel of columns:
 *     pack the panel of B
 *     for each tile of rows: tileFunction.ts; and where there is but one block the epilogue, while the sums are in
 *       the first cache
 *   with several blocks the epilogue follows over all of C.
 *
 * Without blocks of k, rows of zeros around images are left out where they are many (zeroRows.ts).
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors, vectorsAlong } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { finishElements, type ProductPass, productPass } from './productPass.ts';
import { ownShare } from './team.ts';
import { turned } from './transposedLanes.ts';
import { evenRuns, ownBytes, type Panels, type Tiling, tileRows, tilingOf } from './tiling.ts';
import { leftOut, type WindowRows, windowRows } from './zeroRows.ts';

interface Work {
  readonly context: KernelContext;
  readonly pass: ProductPass;
  readonly tiling: Tiling;
  readonly cursors: Cursors;
  readonly scratch: Scratch;
  readonly sums: Access;
  /** Which loop the threads of a team share. */
  readonly shared: SharedLoop;
  /** Rows of zeros that are left out. */
  readonly windows: WindowRows | null;
}

/** Working memory: `own` is the offset of this thread's part. */
interface Scratch {
  readonly own: Push;
  readonly panel: number;
}

export function emitTiled(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const pass = productPass(context, cluster);
  const tiling = tilingOf(pass.product, context.wide);
  const panel = context.scratchOf(cluster);
  const mine = ownBytes(tiling);
  const own = team ? f.keep(f.plain('i32Mul', team.thread, f.int(mine)), 'i32') : f.int(0);
  const isDirect = sumsAreResult(pass, tiling);
  const waiting = isDirect ? pass.writes[0]!.access.address : panel + (team?.size ?? 1) * mine;
  const sums = tiling.isBlocked
    ? waitingSums(pass, tiling, waiting)
    : tileSums(pass, panel + tiling.panelBytes, team && own);
  const results = pass.writes.map(({ access }) => access);
  const cursors = new Cursors(f, [pass.a, pass.b, sums, ...pass.reads.values(), ...results]);
  const shared = sharedLoop(pass, tiling, context);
  const windows = worthLeavingOut(pass, tiling);
  const scratch = { own, panel };
  const work: Work = { context, pass, tiling, cursors, scratch, sums, shared, windows };
  if (tiling.isBlocked) clearSums(work);
  forEachBlock(work, (size) =>
    forEachPanel(work, (panels) => {
      pack(work, panels, size);
      forEachTile(work, panels, (rows, inner = { from: 0, size }) => {
        callTile(work, { rows, panels, inner });
        if (!tiling.isBlocked) finishTile(work, { rows, panels });
      });
    }),
  );
  if (tiling.isBlocked && !isDirect) finishAll(work);
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

type SharedLoop = 'panels' | 'rows' | 'tiles';

/**
 * The first axis of m, the panels or the tiles of the last axis of m: whichever falls into equal shares; the earlier
 * of them if it does not matter, as a thread packs what it needs itself but should not need all of A.
 */
function sharedLoop({ m }: ProductPass, { panels }: Tiling, context: KernelContext): SharedLoop {
  const threads = context.team?.size ?? 1;
  const [first] = panels;
  const rows = tileRows(first?.vectors ?? 1, context.wide);
  const counts: Record<SharedLoop, number> = {
    rows: m.length > 1 ? m[0]! : 0,
    panels: first?.count ?? 0,
    tiles: evenRuns(m.at(-1)!, rows)[0]?.count ?? 0,
  };
  const balance = (loop: SharedLoop): number =>
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

/** What is added of the first axis of k in a block. */
interface Inner {
  readonly from: number;
  readonly size: number;
}

/** `body` gets the rows of the tile, which are neighbours on the last axis of m; of k all where it does not get what. */
function forEachTile(
  { context, cursors, pass, shared, windows }: Work,
  { vectors }: Panels,
  body: (rows: number, inner?: Inner) => void,
): void {
  const last = pass.m.length - 1;
  const nest = (axis: number, inner?: Inner): void => {
    if (axis < last) {
      const team = axis === 0 && shared === 'rows' ? context.team : undefined;
      const runs = axis === windows?.m ? windows.runs : [{ start: 0, count: pass.m[axis]! }];
      for (const { start, count, ...rows } of runs) {
        const own = 'from' in rows ? rows : inner;
        cursors.at(axis, start, () =>
          cursors.loop(axis, { count, team }, () => nest(axis + 1, own)),
        );
      }
      return;
    }
    const team = shared === 'tiles' ? context.team : undefined;
    for (const { start, count, size } of evenRuns(pass.m[last]!, tileRows(vectors, context.wide))) {
      cursors.at(last, start, () =>
        cursors.loop(last, { count, step: size, team }, () => body(size, inner)),
      );
    }
  };
  nest(0);
}

/** Columns of the matrix in each vector of a panel. */
function lanesOf({ start, count, vectors }: Panels, columns: number): number[] {
  const valid = count > 1 ? vectors * 4 : columns - start;
  return Array.from({ length: vectors }, (_, v) => Math.max(0, Math.min(4, valid - v * 4)));
}

/** One panel of one block of B, row by row; columns that are not there count as 0. */
function pack(work: Work, panels: Panels, size: number): void {
  const { context, pass, cursors, tiling, scratch } = work;
  const { f } = context;
  const { n, k, b } = pass;
  const to = f.local('i32');
  f.set(to, f.plain('i32Add', scratch.own, f.int(scratch.panel)));
  const first = n.axis + 1;
  const last = k.length - 1;
  const nest = (index: number): void => {
    const count = index === tiling.blockAxis ? size : k[index]!;
    if (index < last) {
      cursors.loop(first + index, { count }, () => nest(index + 1));
      return;
    }
    const isTurned = b.strides[first + last] === 4 && b.strides[n.axis] !== 4;
    const rows = isTurned && count % 4 === 0 ? 4 : 1;
    cursors.loop(first + last, { count: count / rows, step: rows }, () => {
      packRows(work, panels, { rows, to });
      f.set(to, f.plain('i32Add', f.get(to), f.int(rows * panels.vectors * 16)));
    });
  };
  nest(tiling.blockAxis);
}

/** One row of a panel to where `to` points, or four whose columns lie row by row in memory. */
function packRows(
  { context: { f }, pass: { n, k, b }, cursors }: Work,
  panels: Panels,
  { rows, to }: { rows: number; to: number },
): void {
  const last = n.axis + k.length;
  lanesOf(panels, n.size).forEach((lanes, v) => {
    const store = (row: number, vector: Push): void => {
      const offset = (row * panels.vectors + v) * 16;
      storeLanes(f, { address: f.get(to), offset, dtype: 'f32', stride: 4, count: 4 }, vector);
    };
    const load = (axis: number, count: number): Push =>
      f.keep(loadLanes(f, cursors.lanes(b, axis, count)));
    if (rows === 4 && lanes === 4) {
      const columns = [0, 1, 2, 3].map((column) => {
        let vector: Push = f.floats(0);
        cursors.at(n.axis, v * 4 + column, () => (vector = load(last, 4)));
        return vector;
      });
      turned(f, columns).forEach((vector, row) => store(row, vector));
      return;
    }
    for (let row = 0; row < rows; row++) {
      cursors.at(last, row, () =>
        cursors.at(n.axis, v * 4, () =>
          store(row, lanes === 0 ? f.floats(0) : load(n.axis, lanes)),
        ),
      );
    }
  });
}

interface Tile {
  readonly rows: number;
  readonly panels: Panels;
}

function callTile(work: Work, { rows, panels, inner }: Tile & { inner: Inner }): void {
  const { context, pass, tiling, cursors, scratch, sums } = work;
  const { a, m, n, k } = pass;
  const tile = context.tile({
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
  const addressOf = (access: Access): Push => {
    const { address, offset } = cursors.position(access);
    return f.plain('i32Add', address, f.int(offset));
  };
  const inside = k.slice(tiling.blockAxis + 1).reduce((product, each) => product * each, 1);
  const skipped = inner.from * inside * panels.vectors * 16;
  const packed = f.plain('i32Add', scratch.own, f.int(scratch.panel + skipped));
  cursors.at(n.axis + 1 + tiling.blockAxis, inner.from, () =>
    f.call(tile, addressOf(a), packed, addressOf(sums)),
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
