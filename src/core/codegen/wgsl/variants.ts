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
import { type Placement, type PlanFeatures, type WordRange, wordsOf } from './plan.ts';
import { type Product, productOf } from './products.ts';
import type { Schedule } from './schedule.ts';
import { type Tile, tileSide } from './strategies.ts';
import { type TileForm, type TilePart, tileBytes } from './tileKernel.ts';

const sides = [tileSide, 32, 64, 128];
/** Of the fitting ones, the longest so many: a shorter one reads more for each term. */
const mostSides = 2;
const depths = [16, 8];
/** Sides so much longer than the product would mostly compute nothing. */
const mostEmpty = 2;

export interface DeviceTraits {
  readonly workgroupBytes: number;
  readonly features: PlanFeatures;
}

/**
 * The one chosen from the shape, then the others: a sum is cut into the same parts in all of them. Factors that float16
 * holds may lie in 16 bits each, which changes none of them.
 */
export function formsOf({ cluster }: TilePart, device: DeviceTraits): TileForm[] {
  const [root] = cluster.members as [Node];
  const product = productOf(root)!;
  const forms = tilesOf(product, cluster.strategy!.tile!).flatMap((tile) => {
    const possible = depths.map((depth): TileForm => ({ tile, depth, half: false }));
    return possible.find((form) => tileBytes(product, form) <= device.workgroupBytes) ?? [];
  });
  if (!device.features.half || !hasHalfFactors(root)) return forms;
  return forms.flatMap((form) => [form, { ...form, half: true }]);
}

function tilesOf({ m, n }: Product, chosen: Tile): Tile[] {
  const fitting = (size: number) =>
    sides.filter((s) => s === tileSide || s < mostEmpty * size).slice(-mostSides);
  const others = fitting(m).flatMap((rows) =>
    fitting(n).map((columns) => ({ m: rows, n: columns })),
  );
  return [chosen, ...others.filter((tile) => tile.m !== chosen.m || tile.n !== chosen.n)];
}

function hasHalfFactors({ args }: Node): boolean {
  return args.every(({ op }) => op.kind === 'unary' && op.fn === 'float16');
}

export function formName({ tile, half }: TileForm): string {
  return `${tile.m}x${tile.n}${half ? ' of float16' : ''}`;
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
  const factors = hasHalfFactors(root) ? 'float16' : 'float32';
  const size = `${groups}x${m}x${n}x${k}`;
  return [op.kind, turned, size, parts, how, `+${chain.length}`, factors].join(' ');
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
