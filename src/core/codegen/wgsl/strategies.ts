/**
 * How a contraction is computed, chosen from its shapes alone: one invocation for each element, a tile of a product
 * for each workgroup, and in how many parts a long sum is cut.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import { productOf } from './products.ts';
import { foldOf, teamLanes } from './roots.ts';

export interface Strategy {
  /** null: one invocation for each element. */
  readonly tile: Tile | null;
  /** Parts of the sum, each computed on its own. */
  readonly parts: number;
  /** Whether teams of invocations share each sum: laneKernel.ts. */
  readonly byLanes: boolean;
}

/** Rows and columns of the result that one workgroup of 16 x 16 invocations computes: 16, 32, 64 or 128. */
export interface Tile {
  readonly m: number;
  readonly n: number;
}

export const tileSide = 16;

/** Multiplications from which on tiles are worth their barriers. */
const tiledWork = 2 ** 19;
/**
 * A device has this many invocations to do before more do not help: two workgroups of tiles for each of the 132
 * multiprocessors of the largest cards.
 */
const enoughInvocations = 2 ** 16;
const leastPart = 64;
/** Two for each lane. */
const leastForLanes = 2 * teamLanes;

/** How a sum is cut, and so its bits, is the same in one workgroup alone; only tiles are not worth it there. */
export function strategyOf(node: Node, { alone }: { readonly alone: boolean }): Strategy {
  const fold = foldOf(node);
  if (fold === null) return { tile: null, parts: 1, byLanes: false };
  const tile = tileOf(node);
  const byLanes = isForLanes(node, fold.count);
  const each = byLanes ? teamLanes : 1;
  const invocations =
    tile === null ? each * elementCount(node.type.shape) : tiles(node, tile) * tileSide ** 2;
  return { tile: alone ? null : tile, parts: partsOf(fold.count, invocations), byLanes };
}

/** Neighbouring lanes read neighbours in memory; along other axes neighbouring elements do that already. */
function isForLanes({ op, args: [x] }: Node, terms: number): boolean {
  if (op.kind !== 'reduce' || terms < leastForLanes) return false;
  const { shape } = x!.type;
  const innermost = shape.findLastIndex((size) => size > 1);
  return op.axes.includes(innermost) && (shape[innermost] ?? 0) >= teamLanes;
}

function tileOf(node: Node): Tile | null {
  const product = productOf(node);
  if (product === null) return null;
  const { groups, m, n, k } = product;
  if (n < 4 || m < 16 || k < 4 || groups * m * n * k < tiledWork) return null;
  return { m: side(m), n: side(n) };
}

/** The largest side that is not mostly empty. */
function side(size: number): number {
  return [64, 32].find((wanted) => size >= 0.75 * wanted) ?? tileSide;
}

function tiles(node: Node, tile: Tile): number {
  const { groups, m, n } = productOf(node)!;
  return groups * Math.ceil(m / tile.m) * Math.ceil(n / tile.n);
}

/** About the square root of the terms at most, so that the sum of the parts is no longer than a part. */
function partsOf(terms: number, invocations: number): number {
  if (terms < 4 * leastPart || invocations >= enoughInvocations) return 1;
  const wanted = Math.ceil(enoughInvocations / Math.max(1, invocations));
  return Math.max(1, Math.min(wanted, Math.ceil(Math.sqrt(terms)), Math.floor(terms / leastPart)));
}
