/**
 * C[m, n] = A[m, k] B[k, n] and what is done to each element of C afterwards.
 *
 * C is cut into tiles of a few rows by a few vectors of four columns, whose sums stay in registers while k runs:
 *
 *   for each tile of rows, for each block of columns:
 *     for k: one vector of B per column vector; each A[m, k] splat to four lanes and multiplied into its sums
 *     epilogue on the sums (bias, activation, mask), then stores
 *
 * Every element of C is one sum from 0 in order of k, whatever the tiles are: tiles never change bits.
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { type Access, Cursors } from './cursors.ts';
import { Evaluation, externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { loader } from './mapKernel.ts';
import { denseView, type View } from './values.ts';

/** Sums that fit the 16 vector registers of x64 beside the operands. */
const maxSums = 9;
/** Products in the unrolled code of a tile: more would fall out of the instruction cache. */
const maxProducts = 48;
/** How many k are unrolled in compact code. */
const compactK = 2;

// Axes of the pass.
const m = 0;
const n = 1;
const k = 2;

interface Operands {
  readonly a: Access;
  readonly b: Access;
  readonly cursors: Cursors;
  readonly size: { readonly m: number; readonly n: number; readonly k: number };
}

/** Consecutive pieces of an axis of equal size. */
interface Run {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

export function emitMatmul(context: KernelContext, cluster: Cluster): void {
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const inside = new Set(cluster.members);
  const views = externalViews(inside);
  const outputs = cluster.members.filter((member) => context.isStored(member));
  const [left, right] = product.inputs as [View, View];
  const a = operandAccess(context, left, ([row, inner]) => [row, 0, inner]);
  const b = operandAccess(context, right, ([inner, column]) => [0, column, inner]);
  const reads = new Map(views.map((view) => [view, onTile(viewAccess(context, view))]));
  const writes = outputs.map((value) => ({
    value,
    access: onTile(viewAccess(context, denseView(value))),
  }));
  const accesses = [a, b, ...reads.values(), ...writes.map(({ access }) => access)];
  const cursors = new Cursors(context.f, accesses);
  const [rows = 0, columns = 0] = product.shape;
  const operands = { a, b, cursors, size: { m: rows, n: columns, k: left.shape[1]! } };
  forEachTile(operands, (tile) => {
    const sums = emitSums(context, operands, tile);
    for (let row = 0; row < tile.rows; row++) {
      tile.lanes.forEach((lanes, vector) => {
        const position = (body: () => void): void =>
          cursors.at(m, row, () => cursors.at(n, vector * 4, body));
        position(() => {
          const load = loader(context, { cursors, reads, axis: n, lanes });
          const evaluation = new Evaluation(context, inside, load);
          evaluation.define(product, sums[row]![vector]!);
          for (const { value, access } of writes) {
            storeLanes(context.f, cursors.lanes(access, n, lanes), evaluation.member(value));
          }
        });
      });
    }
  });
}

interface Tile {
  readonly rows: number;
  /** Valid lanes of each column vector. */
  readonly lanes: readonly number[];
}

function forEachTile({ cursors, size }: Operands, body: (tile: Tile) => void): void {
  if (size.n === 0) return;
  const vectors = Math.ceil(size.n / 4);
  const width = blockWidth(vectors);
  const height = Math.max(1, Math.min(6, Math.floor(maxSums / Math.min(width, vectors))));
  for (const rows of evenRuns(size.m, height)) {
    cursors.at(m, rows.start, () =>
      cursors.loop(m, { count: rows.count, step: rows.size }, () => {
        const lastLanes = size.n - (vectors - 1) * 4;
        const lanesOf = (count: number, last: boolean): number[] =>
          Array.from({ length: count }, (_, i) => (last && i === count - 1 ? lastLanes : 4));
        const whole = Math.ceil(vectors / width) - 1;
        cursors.loop(n, { count: whole, step: width * 4 }, () =>
          body({ rows: rows.size, lanes: lanesOf(width, false) }),
        );
        cursors.at(n, whole * width * 4, () =>
          body({ rows: rows.size, lanes: lanesOf(vectors - whole * width, true) }),
        );
      }),
    );
  }
}

/** Vectors in a block of columns: all when they are few, else two or three, whichever leaves no rest. */
function blockWidth(vectors: number): number {
  if (vectors <= 4) return vectors;
  return vectors % 3 === 0 && vectors % 2 !== 0 ? 3 : 2;
}

/** Cuts an axis into the fewest pieces of at most `limit`, with sizes that differ by at most one. */
function evenRuns(size: number, limit: number): Run[] {
  const pieces = Math.ceil(size / limit);
  if (pieces === 0) return [];
  const small = Math.floor(size / pieces);
  const larger = size - small * pieces;
  return [
    { start: 0, count: larger, size: small + 1 },
    { start: larger * (small + 1), count: pieces - larger, size: small },
  ].filter(({ count }) => count > 0);
}

/** Sums of one tile: [row][vector]. */
function emitSums(context: KernelContext, operands: Operands, tile: Tile): Push[][] {
  const { f, math } = context;
  const { cursors, size } = operands;
  const sums = Array.from({ length: tile.rows }, () => tile.lanes.map(() => f.local('v128')));
  const accumulate = (): void => {
    const columns = tile.lanes.map((lanes, vector) => {
      const read = (count: number): Push => {
        let value: Push = f.floats(0);
        cursors.at(n, vector * 4, () => {
          value = loadLanes(f, cursors.lanes(operands.b, n, count));
        });
        return value;
      };
      return f.keep(read(lanes));
    });
    sums.forEach((row, index) => {
      let factor: Push = f.floats(0);
      cursors.at(m, index, () => {
        factor = f.keep(loadLanes(f, cursors.lanes(operands.a, n, 4)));
      });
      row.forEach((sum, vector) => {
        const column = columns[vector]!;
        f.set(sum, math.madd(factor, column, f.get(sum)));
      });
    });
  };
  for (const row of sums) for (const sum of row) f.set(sum, f.floats(0));
  const step = context.compact ? compactK : unrolledK(size.k, tile.rows * tile.lanes.length);
  const steps = Math.floor(size.k / step);
  const unrolled = (count: number): void => {
    for (let i = 0; i < count; i++) cursors.at(k, i, accumulate);
  };
  cursors.loop(k, { count: steps, step }, () => unrolled(step));
  cursors.at(k, steps * step, () => unrolled(size.k - steps * step));
  return sums.map((row) => row.map((sum) => f.get(sum)));
}

/** How many k to unroll: all when that is little code, else a divisor of k if there is a good one. */
function unrolledK(size: number, sums: number): number {
  const limit = Math.max(4, Math.floor(maxProducts / sums));
  if (size <= limit) return Math.max(1, size);
  for (let step = limit; step >= 4; step--) if (size % step === 0) return step;
  return limit;
}

function operandAccess(
  context: KernelContext,
  view: View,
  place: (strides: [number, number]) => [number, number, number],
): Access {
  const access = viewAccess(context, view);
  const [first = 0, second = 0] = access.strides;
  // An axis of size 1 may have any stride; 0 keeps it from costing a pointer.
  const used = [first, second].map((stride, axis) => (view.shape[axis] === 1 ? 0 : stride));
  return { ...access, strides: place(used as [number, number]) };
}

function onTile(access: Access): Access {
  const [row = 0, column = 0] = access.strides;
  return { ...access, strides: [row, column, 0] };
}
