/**
 * A product of factors that float16 holds by subgroup matrices (tensor cores): the tile of a workgroup is a grid of
 * matrices, of which each subgroup has a block in registers. Slices of both sides come to workgroup memory as float16,
 * the next one while the last is multiplied, as in tileKernel.ts. Sums are float32, but in an order of the hardware's
 * own: not the bits of the other kernels, so that a run records that it was computed so (PlanFeatures).
 *
 * A block of 2 x 4 matrices of 16 x 16 takes 8 multiplications of 8192 operations for 6 reads from workgroup memory.
 */
import type { Node } from '../../ir/program.ts';
import { ClusterWriter, type KernelContext } from './clusterKernel.ts';
import { type Factor, type TilePlace, type Tiling, factorsOf } from './factors.ts';
import { divided, index, plus, remainder, times } from './indexing.ts';
import type { MatrixShape } from './plan.ts';
import type { Tile } from './strategies.ts';
import { finishLines, tilePlace, tilingOf, workgroupsOf } from './tileKernel.ts';
import type { TileKernel, TilePart } from './tileKernel.ts';
import { tileInvocations } from './tileSides.ts';

export interface MatrixForm {
  readonly tile: Tile;
  /** Terms of a slice, whole matrices of them. */
  readonly depth: number;
  readonly shape: MatrixShape;
}

/** Lines of workgroup memory are so much longer than a slice, so that they meet different banks. */
const padding = 8;

/** How the tile's matrices are shared: `down` x `across` subgroups with `rows` x `columns` matrices each. */
interface Grid {
  readonly subgroups: number;
  readonly down: number;
  readonly across: number;
  readonly rows: number;
  readonly columns: number;
}

/** null where the tile's matrices cannot be shared evenly. */
function gridOf({ tile, shape }: MatrixForm): Grid | null {
  const subgroups = tileInvocations / shape.subgroup;
  const [rows, columns] = [tile.m / shape.m, tile.n / shape.n];
  const down = Math.min(rows, 2 ** Math.ceil(Math.log2(subgroups) / 2));
  const across = subgroups / down;
  const counts = [subgroups, rows / down, columns / across];
  if (!counts.every((count) => Number.isInteger(count) && count > 0)) return null;
  return { subgroups, down, across, rows: rows / down, columns: columns / across };
}

export function isPossible(form: MatrixForm): boolean {
  return form.depth % form.shape.k === 0 && gridOf(form) !== null;
}

/** Of workgroup memory. */
export function matrixBytes(form: MatrixForm): number {
  const { left, right } = sidesOf(form);
  const { subgroups } = gridOf(form)!;
  const { m, n } = form.shape;
  return 2 * 2 * (left.numbers + right.numbers) + 4 * subgroups * m * n;
}

/** `tile(group, lane, step, subgroup)` and what it needs. */
export function matrixKernel(part: TilePart, form: MatrixForm, context: KernelContext): TileKernel {
  const [root] = part.cluster.members as [Node];
  const tiling = tilingOf(part, form.tile);
  return {
    workgroups: workgroupsOf(tiling),
    code: [
      memoryText(form),
      matrixText(form),
      'fn finish(group: u32, part: u32, m: u32, n: u32, value: f32, step: i32) {',
      ...finishLines(part, tiling, context),
      '}',
      'fn tile(group: u32, lane: u32, step: i32, subgroup: u32) {',
      ...tileLines(tiling, form, new ClusterWriter([root], context)),
      '}',
    ].join('\n'),
  };
}

interface SideLayout {
  readonly stride: number;
  /** Of one of the two buffers. */
  readonly numbers: number;
}

/** Rows of the left side, terms of the right one. */
function sidesOf({ tile, depth }: MatrixForm): { left: SideLayout; right: SideLayout } {
  const [left, right] = [depth + padding, tile.n + padding];
  return {
    left: { stride: left, numbers: tile.m * left },
    right: { stride: right, numbers: depth * right },
  };
}

function memoryText(form: MatrixForm): string {
  const { left, right } = sidesOf(form);
  const { m, n } = form.shape;
  return [
    `var<workgroup> left: array<Half, ${2 * left.numbers}>;`,
    `var<workgroup> right: array<Half, ${2 * right.numbers}>;`,
    `var<workgroup> staged: array<f32, ${gridOf(form)!.subgroups * m * n}>;`,
  ].join('\n');
}

/** All that is the extension's: the types, and four functions over them. */
function matrixText(form: MatrixForm): string {
  const { m, n, k } = form.shape;
  const { left, right } = sidesOf(form);
  return `alias Half = f16;
alias LeftMatrix = subgroup_matrix_left<f16, ${k}, ${m}>;
alias RightMatrix = subgroup_matrix_right<f16, ${n}, ${k}>;
alias Sums = subgroup_matrix_result<f32, ${n}, ${m}>;
fn leftMatrix(at: u32) -> LeftMatrix {
  return subgroupMatrixLoad<LeftMatrix, row_major>(&left, at, ${left.stride}u);
}
fn rightMatrix(at: u32) -> RightMatrix {
  return subgroupMatrixLoad<RightMatrix, row_major>(&right, at, ${right.stride}u);
}
fn multiplied(a: LeftMatrix, b: RightMatrix, sums: Sums) -> Sums {
  return subgroupMatrixMultiplyAccumulate(a, b, sums);
}
fn stage(at: u32, sums: Sums) { subgroupMatrixStore<row_major>(&staged, at, sums, ${n}u); }`;
}

function tileLines(tiling: Tiling, form: MatrixForm, w: ClusterWriter): string[] {
  const place = tilePlace(w, tiling);
  const { begin, end } = place;
  const grid = gridOf(form)!;
  const loads = factorsOf(w, tiling, place).map((factor) => loadOf(w, factor, form));
  const sums = Array.from({ length: grid.rows }, (_, i) =>
    Array.from({ length: grid.columns }, (_, j) => `sums${i}_${j}`),
  );
  for (const name of sums.flat()) w.line(`var ${name}: Sums;`);
  const depth = index(form.depth);
  w.block(`for (var depth = ${begin}; depth < ${end} + ${depth}; depth += ${depth})`, () => {
    const current = w.let(`(depth - ${begin}) / ${depth} % 2u`);
    const brought = loads.map((load) => load.bring('depth'));
    w.block(`if (depth > ${begin})`, () =>
      multiply(w, { form, grid, sums, buffer: w.let(`1u - ${current}`) }),
    );
    w.line(`if (depth >= ${end}) { break; }`);
    loads.forEach((load, side) => load.store(current, brought[side]!));
    w.line('workgroupBarrier();');
  });
  sums.forEach((line, i) =>
    line.forEach((name, j) => finishMatrices(w, { form, grid, place, name, i, j })),
  );
  return w.lines;
}

interface Load {
  /** Names of the numbers of the slice that begins at term `depth`. */
  bring(depth: string): string[];
  store(buffer: string, values: readonly string[]): void;
}

function loadOf(w: ClusterWriter, factor: Factor, form: MatrixForm): Load {
  const { stride, numbers } = sidesOf(form)[factor.name];
  const units = unitsOf(w, factor, form.depth).map(({ along, k }) => {
    const row = plus(w, factor.first, along);
    const [line, inLine] = factor.name === 'left' ? [along, k] : [k, along];
    return { k, row, at: plus(w, times(w, line, stride), inLine) };
  });
  for (const { row } of units) factor.prepare(row);
  const bring = (first: string): string[] =>
    units.map(({ row, k }) => factor.number(row, plus(w, first, k)));
  return { bring, store: storeTo(w, { name: factor.name, numbers, units }) };
}

/** What an invocation brings of a slice: neighbouring invocations take neighbours in memory. */
function unitsOf(w: ClusterWriter, { size, runsAlong }: Factor, depth: number) {
  return Array.from({ length: (size * depth) / tileInvocations }, (_, turn) => {
    const unit = plus(w, 'lane', index(turn * tileInvocations));
    const fast = runsAlong ? depth : size;
    const [inner, outer] = [remainder(w, unit, fast), divided(w, unit, fast)];
    return runsAlong ? { k: inner, along: outer } : { k: outer, along: inner };
  });
}

function storeTo(
  w: ClusterWriter,
  side: { name: string; numbers: number; units: readonly { readonly at: string }[] },
): Load['store'] {
  return (buffer, values) => {
    const base = times(w, buffer, side.numbers);
    side.units.forEach(({ at }, u) =>
      w.line(`${side.name}[${plus(w, base, at)}] = Half(${values[u]!});`),
    );
  };
}

interface Multiplied {
  readonly form: MatrixForm;
  readonly grid: Grid;
  readonly sums: readonly (readonly string[])[];
  readonly buffer: string;
}

function multiply(w: ClusterWriter, { form, grid, sums, buffer }: Multiplied): void {
  const { shape, depth } = form;
  const { left, right } = sidesOf(form);
  const firstRow = times(w, divided(w, 'subgroup', grid.across), grid.rows * shape.m * left.stride);
  const firstColumn = times(w, remainder(w, 'subgroup', grid.across), grid.columns * shape.n);
  const bases = [
    plus(w, times(w, buffer, left.numbers), firstRow),
    plus(w, times(w, buffer, right.numbers), firstColumn),
  ] as const;
  for (let k = 0; k < depth; k += shape.k) {
    const rows = sums.map((_, i) =>
      w.let(`leftMatrix(${plus(w, bases[0], index(i * shape.m * left.stride + k))})`),
    );
    const columns = sums[0]!.map((_, j) =>
      w.let(`rightMatrix(${plus(w, bases[1], index(k * right.stride + j * shape.n))})`),
    );
    sums.forEach((line, i) =>
      line.forEach((sum, j) => w.line(`${sum} = multiplied(${rows[i]!}, ${columns[j]!}, ${sum});`)),
    );
  }
}

interface Finished {
  readonly form: MatrixForm;
  readonly grid: Grid;
  readonly place: TilePlace;
  readonly name: string;
  /** Which of each subgroup's matrices. */
  readonly i: number;
  readonly j: number;
}

/** One matrix of every subgroup by way of workgroup memory, as only its subgroup knows which element lies where. */
function finishMatrices(w: ClusterWriter, { form, grid, place, name, i, j }: Finished): void {
  const { m, n } = form.shape;
  const { subgroups, across, rows, columns } = grid;
  w.line(`stage(${times(w, 'subgroup', m * n)}, ${name});`);
  w.line('workgroupBarrier();');
  const head = `for (var e = lane; e < ${index(subgroups * m * n)}; e += ${index(tileInvocations)})`;
  w.block(head, () => {
    const owner = divided(w, 'e', m * n);
    const row = plus(w, times(w, divided(w, owner, across), rows), index(i));
    const column = plus(w, times(w, remainder(w, owner, across), columns), index(j));
    const inRow = remainder(w, divided(w, 'e', n), m);
    const down = plus(w, plus(w, place.firstM, times(w, row, m)), inRow);
    const right = plus(w, plus(w, place.firstN, times(w, column, n)), remainder(w, 'e', n));
    w.line(`finish(${place.group}, ${place.part}, ${down}, ${right}, staged[e], step);`);
  });
  w.line('workgroupBarrier();');
}
