/**
 * A large product C[...m, n] = A[...m, ...k] B[...k, n] of few columns, with neighbours along the last axis of m in the
 * lanes: six columns would fill six of eight lanes and every multiply-add would wait for a load of its own.
 *
 *   for each tile of up to 16 rows along the last axis of m:
 *     tileFunction.ts with exchanged sides: vectors of A as they lie in memory, each B[k, n] splat
 *     epilogue on the sums, four rows of all columns at a time; the results are turned back as they are stored
 *
 * Every element of C is one sum from 0 in order of k, as in the other products; rows of zeros around images are left
 * out (zeroRows.ts). Lanes beyond the last row compute
 * with whatever lies there and are dropped.
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { collapse } from './collapse.ts';
import { type Access, Cursors } from './cursors.ts';
import { Evaluation, type KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { loader } from './mapKernel.ts';
import { type ProductPass, productPass } from './productPass.ts';
import { isSidewaysShape, maxTileBytes, tileSums } from './tiling.ts';
import { storeColumns } from './transposedLanes.ts';
import { denseView, type Value } from './values.ts';
import { type WindowRows, windowRows } from './zeroRows.ts';

/** Column vectors of a tile never are more: rows of images are short. */
const maxVectors = 8;

/** Whether `product`, a large matmul, is computed so. */
export function isSideways(product: Value): boolean {
  const left = product.inputs[0]!;
  const last = product.shape.length - 2;
  if (last < 0 || left.strides[last] !== 1) return false;
  const shape = product.shape.slice(0, -1);
  const accesses = [left, denseView(product)].map(({ strides }) => ({
    strides: strides.slice(0, last + 1),
  }));
  return isSidewaysShape(collapse(shape, accesses).sizes.at(-1)!, product.shape.at(-1)!);
}

/** Working memory: the sums of a tile for each thread. */
export function sidewaysBytes(threads: number): number {
  return threads * maxTileBytes;
}

interface Work {
  readonly context: KernelContext;
  readonly pass: ProductPass;
  readonly cursors: Cursors;
  /** The last axis of m, along which the lanes lie. */
  readonly axis: number;
  /** Address of the sums: [n][vectors of the tile]. */
  readonly sums: Push;
  /** Rows of zeros that are left out. */
  readonly windows: WindowRows | null;
}

/** Neighbours along the last axis of m. */
interface Tile {
  readonly rows: number;
  readonly vectors: number;
  /** How many of each axis of k are added, from the position of the cursors on. */
  readonly k: readonly number[];
}

export function emitSideways(context: KernelContext, cluster: Cluster): void {
  const { f, team } = context;
  const pass = productPass(context, cluster);
  const results = pass.writes.map(({ access }) => access);
  const cursors = new Cursors(f, [pass.a, pass.b, ...pass.reads.values(), ...results]);
  const scratch = f.int(context.scratchOf(cluster));
  const own = team && f.plain('i32Mul', team.thread, f.int(maxTileBytes));
  const sums = own === undefined ? scratch : f.keep(f.plain('i32Add', scratch, own), 'i32');
  const axis = pass.m.length - 1;
  const work: Work = { context, pass, cursors, axis, sums, windows: windowRows(pass, 2) };
  overRows(work, (k) =>
    overTiles(work, (part) => {
      const tile: Tile = { ...part, k };
      callTile(work, tile);
      for (let row = 0; row < tile.rows; row += 4) {
        cursors.at(axis, row, () => finish(work, tile, row));
      }
    }),
  );
}

/** All axes of m but the last. `body` gets the sizes of k. */
function overRows(
  { context, pass, cursors, axis, windows }: Work,
  body: (k: readonly number[]) => void,
): void {
  const { m, k, n } = pass;
  const nest = (at: number, sizes: readonly number[]): void => {
    const team = at === 0 ? context.team : undefined;
    if (at === axis) body(sizes);
    else if (at !== windows?.m)
      cursors.loop(at, { count: m[at]!, team }, () => nest(at + 1, sizes));
    else {
      for (const { start, count, from, size } of windows.runs) {
        const some = sizes.with(windows.k, size);
        const inside = (): void => cursors.loop(at, { count, team }, () => nest(at + 1, some));
        cursors.at(at, start, () => cursors.at(n.axis + 1 + windows.k, from, inside));
      }
    }
  };
  nest(0, k);
}

/** Tiles along the last axis of m, which a team shares where there is no other. */
function overTiles(
  { context: { team, wide }, pass, cursors, axis }: Work,
  body: (tile: Omit<Tile, 'k'>) => void,
): void {
  const sharing = axis === 0 ? team : undefined;
  const most = Math.min(maxVectors, Math.floor(tileSums / pass.n.size) * (wide ? 2 : 1));
  const whole = Math.floor(pass.m[axis]! / (most * 4));
  const rest = pass.m[axis]! - whole * most * 4;
  cursors.loop(axis, { count: whole, step: most * 4, team: sharing }, () =>
    body({ rows: most * 4, vectors: most }),
  );
  if (rest === 0) return;
  const vectors = wide ? Math.ceil(rest / 8) * 2 : Math.ceil(rest / 4);
  cursors.at(axis, whole * most * 4, () =>
    cursors.loop(axis, { count: 1, team: sharing }, () => body({ rows: rest, vectors })),
  );
}

function callTile({ context, pass, cursors, sums }: Work, { vectors, k }: Tile): void {
  const { f } = context;
  const { a, b, n } = pass;
  const tile = context.inner({
    rows: n.size,
    vectors,
    rowStride: b.strides[n.axis]!,
    k: k.map((size, i) => {
      const inner = n.axis + 1 + i;
      return { size, stride: b.strides[inner]!, columnStride: a.strides[inner]! };
    }),
    sumsStride: vectors * 16,
    adds: false,
  });
  f.call(tile, cursors.addressOf(b), cursors.addressOf(a), sums);
}

/** The epilogue of all columns of four rows, from `row` of the tile on. */
function finish({ context, pass, cursors, axis, sums }: Work, tile: Tile, row: number): void {
  const { f } = context;
  const { n, members, reads, writes, product } = pass;
  const lanes = Math.min(4, tile.rows - row);
  const columns = Array.from({ length: n.size }, (_, column) => {
    let results: Push[] = [];
    cursors.at(n.axis, column, () => {
      const load = loader(context, { cursors, reads, axis, lanes });
      const evaluation = new Evaluation(context, members, load);
      const offset = (column * tile.vectors + row / 4) * 16;
      const at = { address: sums, offset, dtype: 'f32', stride: 4, count: 4 } as const;
      evaluation.define(product, f.keep(loadLanes(f, at)));
      results = writes.map(({ value }) => evaluation.member(value));
    });
    return results;
  });
  writes.forEach(({ access }, i) => {
    const vectors = columns.map((results) => results[i]!);
    storeTurned({ cursors, context, access, axis, lanes, n: n.axis }, vectors);
  });
}

interface Target {
  readonly context: KernelContext;
  readonly cursors: Cursors;
  readonly access: Access;
  readonly axis: number;
  readonly n: number;
  readonly lanes: number;
}

/** Stores one vector for each column, whose lanes belong to neighbouring rows. */
function storeTurned({ context: { f }, ...target }: Target, columns: readonly Push[]): void {
  const { cursors, access, axis, n, lanes } = target;
  const { dtype, strides } = access;
  const isDense = strides[n] === 4 && strides[axis] === columns.length * 4;
  if (lanes === 4 && isDense && dtype === 'f32') {
    storeColumns(f, { ...cursors.position(access), dtype }, columns);
    return;
  }
  columns.forEach((vector, column) =>
    cursors.at(n, column, () => storeLanes(f, cursors.lanes(access, axis, lanes), vector)),
  );
}
