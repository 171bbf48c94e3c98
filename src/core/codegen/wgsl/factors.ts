/** The two factors of a product as a tile reads them, both alike: the left one along its rows, the right one along its columns. */
import type { ClusterWriter } from './clusterKernel.ts';
import { guarded } from './elements.ts';
import { index, unflatten } from './indexing.ts';
import type { Product } from './products.ts';
import type { Tile } from './strategies.ts';

export interface Tiling {
  readonly product: Product;
  readonly tile: Tile;
  readonly parts: number;
}

/** Names of where a workgroup's tile lies: its first row and column, group, part, and terms from `begin` to `end`. */
export interface TilePlace {
  readonly firstM: string;
  readonly firstN: string;
  readonly group: string;
  readonly part: string;
  readonly begin: string;
  readonly end: string;
}

export interface Factor {
  readonly name: 'left' | 'right';
  /** Rows (or columns) of a tile, and the first of this one. */
  readonly size: number;
  readonly first: string;
  /** Whether neighbouring terms are neighbours in memory; else rows (or columns) are. */
  readonly runsAlong: boolean;
  /** Writes what follows from the row alone, to have it before the sum begins. */
  prepare(row: string): void;
  /** The number of a row (or column) in term `k`; zero beyond the product's end. */
  number(row: string, k: string): string;
}

export function factorsOf(
  w: ClusterWriter,
  { product, tile }: Tiling,
  { firstM, firstN, group, end }: TilePlace,
): readonly [Factor, Factor] {
  const read = (count: number, size: number, number: (row: string, k: string) => string) => {
    const isWhole = count % size === 0;
    return (row: string, k: string): string => {
      const inside = isWhole ? '' : `${row} < ${index(count)} && `;
      return guarded(w, `${inside}${k} < ${end}`, '0f', () => number(row, k));
    };
  };
  const left: Factor = {
    name: 'left',
    size: tile.m,
    first: firstM,
    runsAlong: product.leftRuns === 'k',
    prepare: (row) => void unflatten(w, row, product.rows),
    number: read(product.m, tile.m, (m, k) => product.left(w, { group, m, k })),
  };
  const right: Factor = {
    name: 'right',
    size: tile.n,
    first: firstN,
    runsAlong: product.rightRuns === 'k',
    prepare: () => undefined,
    number: read(product.n, tile.n, (n, k) => product.right(w, { group, k, n })),
  };
  return [left, right];
}
