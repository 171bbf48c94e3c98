/**
 * A product by tiles: 16 x 16 invocations compute m x n elements of the result, each up to 8 x 8 of them in registers. The
 * sides' next terms come to workgroup memory in one of two buffers (tileSides.ts) while those in the other are
 * multiplied: what is read from memory has the time of a whole slice to arrive, and there is one barrier a slice.
 *
 * A tile of 128 x 128 does 64 multiply-adds of a term for 4 vectors from workgroup memory, and 32 operations for each
 * byte from memory: more than the 14 at which a card of 67 TFLOP/s and 4.8 TB/s (H200, float32) waits for neither.
 * Each element is the sum of its terms in order, whatever the tile.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import { ClusterWriter, type KernelContext, writeMembers } from './clusterKernel.ts';
import { bindElement } from './elements.ts';
import { type Factor, type TilePlace, type Tiling, factorsOf } from './factors.ts';
import { divided, flatten, index, plus, remainder, times } from './indexing.ts';
import { memoryName } from './plan.ts';
import { type Product, productOf } from './products.ts';
import type { Part } from './schedule.ts';
import { toWord } from './scalars.ts';
import { type Tile, tileSide } from './strategies.ts';
import { component, Side, type Unit, vectorType } from './tileSides.ts';

export type TilePart = Exclude<Part, { kind: 'copy' }>;

export interface TileKernel {
  readonly workgroups: number;
  /** Declarations and the functions `finish` and `tile(group, lane, step)`. */
  readonly code: string;
}

/** How tiles lie in workgroup memory; no choice of these changes bits. */
export interface TileForm {
  readonly tile: Tile;
  /** Terms of a slice. */
  readonly depth: number;
  /** For factors that float16 holds. */
  readonly half: boolean;
}

export function tileKernel(part: TilePart, form: TileForm, context: KernelContext): TileKernel {
  const [root] = part.cluster.members as [Node];
  const tiling = tilingOf(part, form.tile);
  const sides = sidesOf(tiling.product, form);
  return {
    workgroups: workgroupsOf(tiling),
    code: [
      sides.left.declaration,
      sides.right.declaration,
      'fn finish(group: u32, part: u32, m: u32, n: u32, value: f32, step: i32) {',
      ...finishLines(part, tiling, context),
      '}',
      'fn tile(group: u32, lane: u32, step: i32) {',
      ...tileLines(tiling, sides, new ClusterWriter([root], context)),
      '}',
    ].join('\n'),
  };
}

export function tilingOf({ cluster }: TilePart, tile: Tile): Tiling {
  return { product: productOf(cluster.members[0]!)!, tile, parts: cluster.strategy!.parts };
}

export function workgroupsOf(tiling: Tiling): number {
  const { rows, columns } = tileCounts(tiling);
  return tiling.product.groups * tiling.parts * rows * columns;
}

interface Sides {
  readonly left: Side;
  readonly right: Side;
}

function sidesOf(product: Product, { tile, depth, half }: TileForm): Sides {
  const { leftRuns, rightRuns } = product;
  return {
    left: new Side({ name: 'left', size: tile.m, depth, half, runsAlong: leftRuns === 'k' }),
    right: new Side({ name: 'right', size: tile.n, depth, half, runsAlong: rightRuns === 'k' }),
  };
}

/** Of workgroup memory. */
export function tileBytes(product: Product, form: TileForm): number {
  const { left, right } = sidesOf(product, form);
  return left.bytes + right.bytes;
}

function tileCounts({ product, tile }: Tiling): { rows: number; columns: number } {
  return { rows: Math.ceil(product.m / tile.m), columns: Math.ceil(product.n / tile.n) };
}

/** What is done with one element of the result. */
export function finishLines(part: TilePart, { product }: Tiling, context: KernelContext): string[] {
  const { cluster } = part;
  const [root] = cluster.members as [Node];
  const w = new ClusterWriter(cluster.members, context);
  w.block(`if (m < ${index(product.m)} && n < ${index(product.n)})`, () => {
    const at = product.coordinates(w, { group: 'group', m: 'm', n: 'n' });
    const flat = flatten(w, at, cluster.shape);
    if (part.kind === 'partial') {
      const { segment, offset } = context.schedule.partials.get(cluster)!;
      const whole = times(w, 'part', elementCount(cluster.shape));
      const place = plus(w, plus(w, index(offset), whole), flat);
      w.line(`${memoryName(segment)}[${place}] = ${toWord('value', 'f32')};`);
    } else {
      bindElement(w, root, at, 'value');
      writeMembers(w, { members: cluster.members, targets: part.targets, at, flat });
    }
  });
  return w.lines;
}

export function tilePlace(w: ClusterWriter, tiling: Tiling): TilePlace {
  const { product, tile, parts } = tiling;
  const { rows, columns } = tileCounts(tiling);
  const firstN = times(w, remainder(w, 'group', columns), tile.n);
  const above = divided(w, 'group', columns);
  const firstM = times(w, remainder(w, above, rows), tile.m);
  const part = remainder(w, divided(w, above, rows), parts);
  const group = divided(w, above, rows * parts);
  const length = Math.ceil(product.k / parts);
  const begin = times(w, part, length);
  const end = w.let(`min(${plus(w, begin, index(length))}, ${index(product.k)})`);
  return { firstM, firstN, group, part, begin, end };
}

function tileLines(tiling: Tiling, sides: Sides, w: ClusterWriter): string[] {
  const place = tilePlace(w, tiling);
  const { begin, end } = place;
  const { depth } = sides.left.options;
  const [row, column] = [w.let(`lane / ${index(tileSide)}`), w.let(`lane % ${index(tileSide)}`)];
  const loads = factorsOf(w, tiling, place).map((factor) => loadsOf(w, factor, sides[factor.name]));
  const sums = sumsOf(w, sides);
  const head = `for (var depth = ${begin}; depth < ${end} + ${index(depth)}; depth += ${index(depth)})`;
  w.block(head, () => {
    const current = w.let(`(depth - ${begin}) / ${index(depth)} % 2u`);
    const units = loads.map((load) => load.bring('depth'));
    w.block(`if (depth > ${begin})`, () =>
      multiply(w, sides, { buffer: w.let(`1u - ${current}`), row, column, sums }),
    );
    w.line(`if (depth >= ${end}) { break; }`);
    loads.forEach(({ side, places }, i) =>
      places.forEach((at, u) => side.store(w, at, { buffer: current, unit: units[i]![u]! })),
    );
    w.line('workgroupBarrier();');
  });
  finishAll(w, sides, { place, row, column, sums });
  return w.lines;
}

/** How the units of a side come from memory. */
interface Loads {
  readonly side: Side;
  readonly places: readonly Unit[];
  /** Names of the units of the slice that begins at term `depth`. */
  bring(depth: string): string[];
}

function loadsOf(w: ClusterWriter, factor: Factor, side: Side): Loads {
  const places = side.unitsOf(w, 'lane');
  const rows = places.map(({ along }) => neighbours(w, plus(w, factor.first, along), side.width));
  for (const row of rows.flat()) factor.prepare(row);
  const bring = (depth: string): string[] =>
    places.map((unit, u) => {
      const k = plus(w, depth, unit.k);
      const numbers = rows[u]!.map((row) => factor.number(row, k));
      return side.unit(w, numbers);
    });
  return { side, places, bring };
}

function neighbours(w: ClusterWriter, first: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => plus(w, first, index(i)));
}

/** By row of the invocation, then by group of columns: vectors as wide as the right side's. */
type Sums = readonly (readonly string[])[];

function sumsOf(w: ClusterWriter, { left, right }: Sides): Sums {
  const zero = `${vectorType(right.width, 'f32')}(0f)`;
  return Array.from({ length: left.groups * left.width }, () =>
    Array.from({ length: right.groups }, () => w.variable(zero)),
  );
}

interface Multiplied {
  readonly buffer: string;
  readonly row: string;
  readonly column: string;
  readonly sums: Sums;
}

function multiply(w: ClusterWriter, { left, right }: Sides, at: Multiplied): void {
  const { buffer, row, column, sums } = at;
  w.loop('0u', index(left.options.depth), (k) => {
    const rows = left.read(w, { buffer, k, place: row });
    const columns = right.read(w, { buffer, k, place: column });
    sums.forEach((line, i) => {
      const number = component(rows[Math.floor(i / left.width)]!, left.width, i % left.width);
      line.forEach((sum, j) => w.line(`${sum} += ${number} * ${columns[j]!};`));
    });
  });
}

/** A loop rather than a call for each element: what follows the sum may be long. */
function finishAll(
  w: ClusterWriter,
  { left, right }: Sides,
  { place, row, column, sums }: Omit<Multiplied, 'buffer'> & { readonly place: TilePlace },
): void {
  const { group, part, firstM, firstN } = place;
  const list = sums.flat();
  const type = vectorType(right.width, 'f32');
  const results = w.variable(`array<${type}, ${list.length}>(${list.join(', ')})`);
  w.loop('0u', index(left.groups * left.width), (i) =>
    w.loop('0u', index(right.groups * right.width), (j) => {
      const m = plus(w, firstM, left.rowOf(w, row, i));
      const n = plus(w, firstN, right.rowOf(w, column, j));
      const vector = `${results}[${plus(w, times(w, i, right.groups), divided(w, j, right.width))}]`;
      const value = right.width === 1 ? vector : `${vector}[${remainder(w, j, right.width)}]`;
      w.line(`finish(${group}, ${part}, ${m}, ${n}, ${value}, step);`);
    }),
  );
}
