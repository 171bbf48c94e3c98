/**
 * A product by tiles: 16 x 16 invocations compute m x n elements of the result, each a grid of them 16 apart. The
 * sides' next 16 terms are brought to workgroup memory together, then each invocation multiplies what it needs.
 * Each element is the sum of its terms in order, whatever the tile.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import { ClusterWriter, type KernelContext, writeMembers } from './clusterKernel.ts';
import { bindElement, guarded } from './elements.ts';
import { divided, flatten, index, plus, remainder, times } from './indexing.ts';
import { type Product, productOf } from './products.ts';
import type { Part } from './schedule.ts';
import { type Tile, tileDepth, tileSide } from './strategies.ts';
import { toWord } from './scalars.ts';

export type TilePart = Exclude<Part, { kind: 'copy' }>;

export interface TileKernel {
  readonly workgroups: number;
  /** Declarations and the functions `finish` and `tile(group, lane, step)`. */
  readonly code: string;
}

interface Tiling {
  readonly product: Product;
  readonly tile: Tile;
  readonly parts: number;
}

export function tileKernel(part: TilePart, tile: Tile, context: KernelContext): TileKernel {
  const [root] = part.cluster.members as [Node];
  const product = productOf(root)!;
  const { parts } = part.cluster.strategy!;
  const tiling = { product, tile, parts };
  const { rows, columns } = tileCounts(tiling);
  return {
    workgroups: product.groups * parts * rows * columns,
    code: [
      `var<workgroup> left: array<f32, ${tileDepth * tile.m}>;`,
      `var<workgroup> right: array<f32, ${tileDepth * tile.n}>;`,
      'fn finish(group: u32, part: u32, m: u32, n: u32, value: f32, step: i32) {',
      ...finishLines(part, tiling, context),
      '}',
      'fn tile(group: u32, lane: u32, step: i32) {',
      ...tileLines(tiling, root, context),
      '}',
    ].join('\n'),
  };
}

function tileCounts({ product, tile }: Tiling): { rows: number; columns: number } {
  return { rows: Math.ceil(product.m / tile.m), columns: Math.ceil(product.n / tile.n) };
}

/** What is done with one element of the result. */
function finishLines(part: TilePart, { product }: Tiling, context: KernelContext): string[] {
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
      w.line(`memory${segment}[${place}] = ${toWord('value', 'f32')};`);
    } else {
      bindElement(w, root, at, 'value');
      writeMembers(w, { members: cluster.members, targets: part.targets, at, flat });
    }
  });
  return w.lines;
}

function tileLines(tiling: Tiling, root: Node, context: KernelContext): string[] {
  const { product, tile, parts } = tiling;
  const { rows, columns } = tileCounts(tiling);
  const w = new ClusterWriter([root], context);
  const firstN = times(w, remainder(w, 'group', columns), tile.n);
  const above = divided(w, 'group', columns);
  const firstM = times(w, remainder(w, above, rows), tile.m);
  const part = remainder(w, divided(w, above, rows), parts);
  const group = divided(w, above, rows * parts);
  const length = Math.ceil(product.k / parts);
  const begin = times(w, part, length);
  const end = w.let(`min(${plus(w, begin, index(length))}, ${index(product.k)})`);
  const [row, column] = [w.let(`lane / ${index(tileSide)}`), w.let(`lane % ${index(tileSide)}`)];
  const sums = grid(tile).map(() => w.variable('0f'));
  w.block(`for (var depth = ${begin}; depth < ${end}; depth += ${index(tileDepth)})`, () => {
    loadSide(w, { name: 'left', size: tile.m, runsAlong: product.leftRuns === 'k' }, (along, k) => {
      const m = plus(w, firstM, along);
      const inside = `${m} < ${index(product.m)} && ${k} < ${end}`;
      return guarded(w, inside, '0f', () => product.left(w, { group, m, k }));
    });
    loadSide(
      w,
      { name: 'right', size: tile.n, runsAlong: product.rightRuns === 'k' },
      (along, k) => {
        const n = plus(w, firstN, along);
        const inside = `${n} < ${index(product.n)} && ${k} < ${end}`;
        return guarded(w, inside, '0f', () => product.right(w, { group, k, n }));
      },
    );
    w.line('workgroupBarrier();');
    multiply(w, tile, { row, column, sums });
    w.line('workgroupBarrier();');
  });
  grid(tile).forEach(([i, j], s) => {
    const m = plus(w, plus(w, firstM, row), index(i * tileSide));
    const n = plus(w, plus(w, firstN, column), index(j * tileSide));
    w.line(`finish(${group}, ${part}, ${m}, ${n}, ${sums[s]!}, step);`);
  });
  return w.lines;
}

/** Which elements an invocation has, in multiples of 16. */
function grid({ m, n }: Tile): (readonly [number, number])[] {
  const [rows, columns] = [m / tileSide, n / tileSide];
  return Array.from({ length: rows * columns }, (_, s) => [Math.floor(s / columns), s % columns]);
}

/** Brings `size` x 16 values to workgroup memory; neighbouring invocations read neighbours in memory. */
function loadSide(
  w: ClusterWriter,
  side: { readonly name: string; readonly size: number; readonly runsAlong: boolean },
  value: (along: string, k: string) => string,
): void {
  const { name, size, runsAlong } = side;
  const head = `for (var i = lane; i < ${index(tileDepth * size)}; i += ${index(tileSide ** 2)})`;
  w.block(head, () => {
    const fast = runsAlong ? tileDepth : size;
    const [inner, outer] = [remainder(w, 'i', fast), divided(w, 'i', fast)];
    const [k, along] = runsAlong ? [inner, outer] : [outer, inner];
    const loaded = value(along, plus(w, 'depth', k));
    w.line(`${name}[${plus(w, times(w, k, size), along)}] = ${loaded};`);
  });
}

function multiply(
  w: ClusterWriter,
  tile: Tile,
  at: { readonly row: string; readonly column: string; readonly sums: readonly string[] },
): void {
  w.loop('0u', index(tileDepth), (k) => {
    const line = (name: string, size: number, place: string): string[] =>
      Array.from({ length: size / tileSide }, (_, i) => {
        const start = plus(w, times(w, k, size), plus(w, place, index(i * tileSide)));
        return w.let(`${name}[${start}]`);
      });
    const left = line('left', tile.m, at.row);
    const right = line('right', tile.n, at.column);
    grid(tile).forEach(([i, j], s) => w.line(`${at.sums[s]!} += ${left[i]!} * ${right[j]!};`));
  });
}
