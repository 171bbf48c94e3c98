/**
 * C[m, n] = A[m, k] B[k, n] and what is done to each element of C afterwards.
 *
 * C is cut into tiles of a few rows by a few vectors of four columns, whose sums stay in registers while k runs:
 *
 *   for each tile of rows, for each block of columns:
 *     for k: one vector of B per column vector; each A[m, k] splat to four lanes and multiplied into its sums
 *       (a last vector of one or two columns holds those of two rows: 10 columns cost 2.5 vectors a row, not 3)
 *     epilogue on the sums (bias, activation, mask), then stores
 *
 * Every element of C is one sum from 0 in order of k, whatever the tiles are: tiles never change bits.
 */
import type { Push } from './asm.ts';
import type { Cluster } from './clusters.ts';
import { Cursors } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, loadTwice } from './lanes.ts';
import { finishElements, type ProductPass, productPass } from './productPass.ts';
import { evenRuns } from './tiling.ts';

/** Sums that fit the 16 vector registers of x64 beside the operands. */
const maxSums = 9;
/** One more where two rows share a vector: such a tile has fewer operands. */
const maxSharedSums = 10;
/** Products in the unrolled code of a tile: more would fall out of the instruction cache. */
const maxProducts = 50;
/** How many k are unrolled in compact code. */
const compactK = 2;

interface Operands {
  readonly pass: ProductPass;
  readonly cursors: Cursors;
}

export function emitMatmul(context: KernelContext, cluster: Cluster): void {
  const pass = productPass(context, cluster);
  const { a, b, reads, writes, n } = pass;
  const accesses = [a, b, ...reads.values(), ...writes.map(({ access }) => access)];
  const cursors = new Cursors(context.f, accesses);
  const operands = { pass, cursors };
  forEachTile(operands, (tile) => {
    const sums = emitSums(context, operands, tile);
    for (let row = 0; row < tile.rows; row++) {
      tile.lanes.forEach((lanes, vector) => {
        const position = (body: () => void): void =>
          cursors.at(n.axis - 1, row, () => cursors.at(n.axis, vector * 4, body));
        const sum = sums[row]![vector]!;
        position(() => finishElements(context, pass, { cursors, lanes, sum }));
      });
    }
  });
}

interface Tile {
  readonly rows: number;
  /** Valid lanes of each column vector. */
  readonly lanes: readonly number[];
}

function forEachTile({ cursors, pass }: Operands, body: (tile: Tile) => void): void {
  const { m: rowSizes, n } = pass;
  if (n.size === 0) return;
  const vectors = Math.ceil(n.size / 4);
  const width = blockWidth(vectors);
  const height = tileHeight(Math.min(width, vectors), n.size % 4);
  const lastLanes = n.size - (vectors - 1) * 4;
  const lanesOf = (count: number, last: boolean): number[] =>
    Array.from({ length: count }, (_, i) => (last && i === count - 1 ? lastLanes : 4));
  const whole = Math.ceil(vectors / width) - 1;
  const blocks = (rows: number): void => {
    cursors.loop(n.axis, { count: whole, step: width * 4 }, () =>
      body({ rows, lanes: lanesOf(width, false) }),
    );
    cursors.at(n.axis, whole * width * 4, () =>
      body({ rows, lanes: lanesOf(vectors - whole * width, true) }),
    );
  };
  const nest = (axis: number): void => {
    if (axis < n.axis - 1) {
      cursors.loop(axis, { count: rowSizes[axis]! }, () => nest(axis + 1));
      return;
    }
    for (const rows of evenRuns(rowSizes[axis]!, height)) {
      cursors.at(axis, rows.start, () =>
        cursors.loop(axis, { count: rows.count, step: rows.size }, () => blocks(rows.size)),
      );
    }
  };
  nest(0);
}

/** Rows of a tile with `vectors` sums each, of which the last has `rest` columns if not 0. */
function tileHeight(vectors: number, rest: number): number {
  if (rest === 0 || rest > 2) return Math.max(1, Math.min(6, Math.floor(maxSums / vectors)));
  return Math.max(2, Math.min(6, 2 * Math.floor(maxSharedSums / (2 * vectors - 1))));
}

/** Vectors in a block of columns: all when they are few, else two or three, whichever leaves no rest. */
function blockWidth(vectors: number): number {
  if (vectors <= 4) return vectors;
  return vectors % 3 === 0 && vectors % 2 !== 0 ? 3 : 2;
}

/** Sums of one tile: [row][vector]. */
function emitSums(context: KernelContext, operands: Operands, tile: Tile): Push[][] {
  const { f } = context;
  const { cursors, pass } = operands;
  const shares = tile.rows > 1 && tile.lanes.at(-1)! <= 2;
  const own = shares ? tile.lanes.length - 1 : tile.lanes.length;
  const zero = (): number => {
    const sum = f.local('v128');
    f.set(sum, f.floats(0));
    return sum;
  };
  const sums: Sums = {
    own: Array.from({ length: tile.rows }, () => Array.from({ length: own }, zero)),
    shared: Array.from({ length: shares ? Math.ceil(tile.rows / 2) : 0 }, zero),
  };
  const products = tile.rows * own + sums.shared.length;
  const last = pass.n.axis + pass.k.length;
  const size = pass.k.at(-1)!;
  const step = context.compact ? compactK : unrolledK(size, products);
  const steps = Math.floor(size / step);
  const unrolled = (count: number): void => {
    for (let i = 0; i < count; i++) {
      cursors.at(last, i, () => accumulate(context, operands, { tile, sums }));
    }
  };
  const nest = (axis: number): void => {
    if (axis < last) {
      cursors.loop(axis, { count: pass.k[axis - pass.n.axis - 1]! }, () => nest(axis + 1));
      return;
    }
    cursors.loop(last, { count: steps, step }, () => unrolled(step));
    cursors.at(last, steps * step, () => unrolled(size - steps * step));
  };
  nest(pass.n.axis + 1);
  return sums.own.map((row, index) => {
    const [shared] = sums.shared.slice(index >> 1);
    if (shared === undefined) return row.map((sum) => f.get(sum));
    const last = f.get(shared);
    const rest = index % 2 === 0 ? last : f.keep(f.shuffle(last, last, [2, 3, 2, 3]));
    return [...row.map((sum) => f.get(sum)), rest];
  });
}

/** Locals with the sums of a tile. */
interface Sums {
  /** [row][vector] */
  readonly own: readonly (readonly number[])[];
  /** One for two rows: the last one or two columns of the first in lanes 0 and 1, of the second in 2 and 3. */
  readonly shared: readonly number[];
}

/** Adds the products of one k to the sums of a tile. */
function accumulate(
  context: KernelContext,
  { pass, cursors }: Operands,
  { tile, sums }: { tile: Tile; sums: Sums },
): void {
  const { f, math } = context;
  const { a, b, n } = pass;
  const addTo = (sum: number, factor: Push, column: Push): void =>
    f.set(sum, math.madd(factor, column, f.get(sum)));
  const columns = tile.lanes.map((lanes, vector) => {
    const isShared = vector === sums.own[0]!.length;
    let column: Push = f.floats(0);
    cursors.at(n.axis, vector * 4, () => {
      const at = cursors.lanes(b, n.axis, lanes);
      column = f.keep(isShared ? loadTwice(f, at) : loadLanes(f, at));
    });
    return column;
  });
  let before: Push | undefined;
  sums.own.forEach((row, index) => {
    let factor: Push = f.floats(0);
    cursors.at(n.axis - 1, index, () => {
      factor = f.keep(loadLanes(f, cursors.lanes(a, n.axis, 4)));
    });
    row.forEach((sum, vector) => addTo(sum, factor, columns[vector]!));
    const shared = sums.shared[index >> 1];
    if (shared === undefined) return;
    if (index % 2 === 1) addTo(shared, f.shuffle(before!, factor, [0, 1, 4, 5]), columns.at(-1)!);
    else if (index === sums.own.length - 1) addTo(shared, factor, columns.at(-1)!);
    before = factor;
  });
}

/** How many k to unroll: all when that is little code, else a divisor of k if there is a good one. */
function unrolledK(size: number, sums: number): number {
  const limit = Math.max(4, Math.floor(maxProducts / sums));
  if (size <= limit) return Math.max(1, size);
  for (let step = limit; step >= 4; step--) if (size % step === 0) return step;
  return limit;
}
