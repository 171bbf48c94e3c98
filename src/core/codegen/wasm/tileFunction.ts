/**
 * The innermost part of a large product, as a function of its own: (a, b, sums) adds the products of one block of k
 * to the sums of one tile, which stay in registers meanwhile. V8 fuses pairs of vectors to 256 bits only where a
 * function has one group of stores and starts from loads or zeros, so there is no epilogue here.
 */
import { FunctionBuilder, type Push } from './asm.ts';
import type { ConstantPool } from './constantPool.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { VectorMath } from './vectorMath.ts';

export interface FunctionOptions {
  readonly pool: ConstantPool;
  /** Whether a * b + c is one rounding. */
  readonly fma: boolean;
}

export interface TileAxis {
  readonly size: number;
  /** Bytes from one k to the next in A. */
  readonly stride: number;
  /** Bytes from one k to the next in B, of every axis or of none: B is packed, one group of `vectors` for each k. */
  readonly columnStride?: number;
}

export interface TileSpec {
  readonly rows: number;
  readonly vectors: number;
  /** Bytes from one row of A to the next. */
  readonly rowStride: number;
  /** Axes of k, outermost first. */
  readonly k: readonly TileAxis[];
  /** Bytes from one row of the sums to the next. */
  readonly sumsStride: number;
  /** Whether the sums begin with what is in memory, not with 0. */
  readonly adds: boolean;
}

/** How many k are unrolled. */
const maxUnrolled = 4;

export function tileFunction(spec: TileSpec, { pool, fma }: FunctionOptions): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32', 'i32'], pool);
  const [a, b, sumsAt] = [0, 1, 2];
  const sums = Array.from({ length: spec.rows }, () =>
    Array.from({ length: spec.vectors }, () => f.local('v128')),
  );
  const place = (row: number, vector: number) =>
    vectorAt(f.get(sumsAt), row * spec.sumsStride + vector * 16);
  sums.forEach((row, r) =>
    row.forEach((sum, v) => f.set(sum, spec.adds ? loadLanes(f, place(r, v)) : f.floats(0))),
  );
  const math = new VectorMath(f, fma);
  const columns = Array.from({ length: spec.vectors }, () => f.local('v128'));
  const factor = f.local('v128');
  overInner(f, spec, { a, b }, (at) => {
    columns.forEach((column, v) => {
      f.set(column, loadLanes(f, vectorAt(f.get(b), at.b + v * 16)));
    });
    sums.forEach((row, r) => {
      const offset = at.a + r * spec.rowStride;
      f.set(factor, loadLanes(f, { ...vectorAt(f.get(a), offset), stride: 0 }));
      row.forEach((sum, v) => f.set(sum, math.madd(f.get(factor), f.get(columns[v]!), f.get(sum))));
    });
  });
  sums.forEach((row, r) => row.forEach((sum, v) => storeLanes(f, place(r, v), f.get(sum))));
  return f;
}

function vectorAt(address: Push, offset: number) {
  return { address, offset, dtype: 'f32', stride: 4, count: 4 } as const;
}

/** Of both operands: locals with their pointers, or bytes. */
interface Both {
  readonly a: number;
  readonly b: number;
}

/** Loops over k, moving both pointers. `body` gets how many bytes it is beyond them. */
function overInner(
  f: FunctionBuilder,
  spec: TileSpec,
  pointers: Both,
  body: (at: Both) => void,
): void {
  const axes = stepsOf(spec);
  const move = (by: Both): void => {
    for (const side of ['a', 'b'] as const) {
      const pointer = pointers[side];
      if (by[side] !== 0) f.set(pointer, f.plain('i32Add', f.get(pointer), f.int(by[side])));
    }
  };
  const steps = (count: number, step: Both): void => {
    for (let i = 0; i < count; i++) body(times(step, i));
    move(times(step, count));
  };
  const nest = (axis: number): void => {
    const { size, step } = axes[axis]!;
    const inner = axes[axis + 1];
    if (inner === undefined) {
      const unrolled = unrolledSteps(size);
      f.repeat(Math.floor(size / unrolled), () => steps(unrolled, step));
      if (size % unrolled > 0) steps(size % unrolled, step);
      return;
    }
    const back = times(inner.step, -inner.size);
    f.repeat(size, () => {
      nest(axis + 1);
      move({ a: step.a + back.a, b: step.b + back.b });
    });
  };
  nest(0);
}

function stepsOf({ k, vectors }: TileSpec): { size: number; step: Both }[] {
  let packed = vectors * 16;
  return k
    .toReversed()
    .map(({ size, stride, columnStride }) => {
      const step = { a: stride, b: columnStride ?? packed };
      packed *= size;
      return { size, step };
    })
    .toReversed();
}

function times({ a, b }: Both, count: number): Both {
  return { a: a * count, b: b * count };
}

function unrolledSteps(size: number): number {
  for (let count = maxUnrolled; count > 1; count--) if (size % count === 0) return count;
  return 1;
}
