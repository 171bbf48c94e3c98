/**
 * A transform of winograd.ts along both sides of one tile, as a function of its own: (from, to) over all channels. All loads
 * come before all stores and neighbouring vectors are treated alike, so that V8 may fuse pairs of them to 256 bits, as in
 * tileFunction.ts.
 */
import { FunctionBuilder, type Push } from './asm.ts';
import type { ConstantPool } from './constantPool.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import type { FunctionOptions } from './tileFunction.ts';
import { VectorMath } from './vectorMath.ts';
import { type Algebra, inputLine, outputLine, slopesLine } from './winogradLines.ts';

const lines = { input: inputLine, output: outputLine, slopes: slopesLine };

/** Rows and columns of a grid in memory, in bytes from one to the next. */
export interface GridStrides {
  readonly row: number;
  readonly column: number;
}

/** Rows and columns of the result that are made, in that order. */
export interface Wanted {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export interface TransformSpec {
  readonly transform: keyof typeof lines;
  /** Of the grid it starts from: how many there are, and of these the ones in memory; the rest counts as 0. */
  readonly side: number;
  readonly rows: number;
  readonly columns: number;
  readonly wanted: Wanted;
  readonly from: GridStrides;
  /** One place for each wanted row and column. */
  readonly to: GridStrides;
  /** A multiple of 4, next to each other on both sides. */
  readonly channels: number;
  /** Vectors that are treated together, 1 or 2. */
  readonly vectors: number;
}

/** Vectors next to each other. */
type Vectors = readonly Push[];
type Grid = readonly (readonly Vectors[])[];

export function transformFunction(
  spec: TransformSpec,
  { pool, fma }: FunctionOptions,
): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32'], pool);
  const algebra = vectorAlgebra(f, new VectorMath(f, fma), pool);
  const all = spec.channels / 4;
  const pass = (vectors: number): void => {
    const along = (line: readonly Vectors[]) => lines[spec.transform](algebra, line);
    transformGrid(along, loadGrid(f, spec, vectors), spec.wanted, (row, i) =>
      row.forEach((results, j) =>
        results.forEach((result, vector) => {
          const offset = i * spec.to.row + j * spec.to.column + vector * 16;
          storeLanes(f, vectorAt(f.get(1), offset), result);
        }),
      ),
    );
    for (const pointer of [0, 1]) {
      f.set(pointer, f.plain('i32Add', f.get(pointer), f.int(vectors * 16)));
    }
  };
  f.kernel(() => {
    f.repeat(Math.floor(all / spec.vectors), () => f.forgetting(() => pass(spec.vectors)));
    if (all % spec.vectors > 0) pass(all % spec.vectors);
  });
  return f;
}

/** A line transform along the columns, of which only wanted rows are made, then along the rows: row by row of the result. */
export function transformGrid<T>(
  line: (line: readonly T[]) => readonly (() => T)[],
  grid: readonly (readonly T[])[],
  wanted: Wanted,
  store: (row: readonly T[], index: number) => void,
): void {
  const columns = grid[0]!.map((_, column) => {
    const results = line(grid.map((row) => row[column]!));
    return wanted.rows.map((row) => results[row]!());
  });
  wanted.rows.forEach((_, index) => {
    const results = line(columns.map((column) => column[index]!));
    store(
      wanted.columns.map((column) => results[column]!()),
      index,
    );
  });
}

function loadGrid(f: FunctionBuilder, spec: TransformSpec, vectors: number): Grid {
  const { side, rows, columns, from } = spec;
  return indices(side).map((row) =>
    indices(side).map((column) =>
      indices(vectors).map((vector) => {
        if (row >= rows || column >= columns) return f.floats(0);
        const offset = row * from.row + column * from.column + vector * 16;
        return f.keep(loadLanes(f, vectorAt(f.get(0), offset)));
      }),
    ),
  );
}

/** Arithmetic on vectors next to each other; constants are loaded once, before the loop. */
function vectorAlgebra(f: FunctionBuilder, math: VectorMath, pool: ConstantPool): Algebra<Vectors> {
  const constant = (value: number): Push => {
    const offset = pool.addressOf(new Uint8Array(new Float32Array(4).fill(value).buffer));
    const splat = loadLanes(f, { ...vectorAt(f.int(0), offset), stride: 0 });
    return f.hoist(`constant ${value}`, splat);
  };
  const each = (a: Vectors, of: (x: Push, vector: number) => Push): Vectors =>
    a.map((x, vector) => f.keep(of(x, vector)));
  return {
    add: (a, b) => each(a, (x, i) => math.add(x, b[i]!)),
    sub: (a, b) => each(a, (x, i) => math.sub(x, b[i]!)),
    mul: (a, c) => each(a, (x) => math.mul(x, constant(c))),
    madd: (a, c, b) => each(a, (x, i) => math.madd(x, constant(c), b[i]!)),
    nmadd: (a, c, b) => each(a, (x, i) => math.nmadd(x, constant(c), b[i]!)),
  };
}

/** Arithmetic on single vectors. */
export function laneAlgebra(f: FunctionBuilder, math: VectorMath): Algebra<Push> {
  return {
    add: (a, b) => f.keep(math.add(a, b)),
    sub: (a, b) => f.keep(math.sub(a, b)),
    mul: (a, c) => f.keep(math.mul(a, math.c(c))),
    madd: (a, c, b) => f.keep(math.madd(a, math.c(c), b)),
    nmadd: (a, c, b) => f.keep(math.nmadd(a, math.c(c), b)),
  };
}

function vectorAt(address: Push, offset: number) {
  return { address, offset, dtype: 'f32', stride: 4, count: 4 } as const;
}

export function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
