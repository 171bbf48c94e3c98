/**
 * The ways to compute a product by tiles among which the backend picks the fastest by a short measurement on the device
 * (backends/webgpu/pickVariants.ts). To offer another kernel, add it to the variants of `tileDispatch` (shaders.ts), the
 * one for devices that measure nothing first. The one rule: every element is the sum of the same terms in the same
 * order, so that variants have the same bits. The backend compares them on the device before it takes one, as drivers
 * may fuse a multiplication with an addition in one shader and not in another. What must change bits is no variant but
 * a numeric choice of the backend, which runs record.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import { type Placement, type WordRange, wordsOf } from './plan.ts';
import { productOf } from './products.ts';
import type { Schedule } from './schedule.ts';
import { type Tile, tileSide } from './strategies.ts';
import type { TilePart } from './tileKernel.ts';

const sides = [tileSide, 32, 64];
/** Sides so much longer than the product would mostly compute nothing. */
const mostEmpty = 2;

/** The one chosen from the shape, then the others: a sum is cut into the same parts in all of them. */
export function tilesOf({ cluster }: TilePart): Tile[] {
  const { m, n } = productOf(cluster.members[0]!)!;
  const chosen = cluster.strategy!.tile!;
  const fitting = (size: number) => sides.filter((s) => s === tileSide || s < mostEmpty * size);
  const others = fitting(m).flatMap((rows) =>
    fitting(n).map((columns) => ({ m: rows, n: columns })),
  );
  return [chosen, ...others.filter((tile) => tile.m !== chosen.m || tile.n !== chosen.n)];
}

/** Products with the same shape run alike. */
export function shapeOf({ kind, cluster }: TilePart): string {
  const [root, ...chain] = cluster.members as [Node];
  const { groups, m, n, k } = productOf(root)!;
  const { op } = root;
  const how = 'geometry' in op ? JSON.stringify(op.geometry) : '';
  const turned =
    op.kind === 'matmul' ? `${op.transposeA ? 'T' : ''}${op.transposeB ? 'T' : 'N'}` : '';
  const parts = `${kind}/${cluster.strategy!.parts}`;
  return [op.kind, turned, `${groups}x${m}x${n}x${k}`, parts, how, `+${chain.length}`].join(' ');
}

/** Where a part leaves its results in the first iteration. */
export function resultsOf({ kind, cluster, ...part }: TilePart, schedule: Schedule): WordRange[] {
  if (kind === 'partial') return [rangeOf(schedule.partials.get(cluster)!)];
  const { targets } = part as Extract<TilePart, { kind: 'cluster' }>;
  return targets.map(({ value, placement: { segment, offset } }) => {
    return { segment, offset, words: elementCount(value.type.shape) };
  });
}

function rangeOf(placement: Placement): WordRange {
  const { segment, offset } = placement;
  return { segment, offset, words: wordsOf(placement) };
}
