/**
 * The ways to compute a product by tiles, or a long sum by lanes, among which the backend picks the fastest by a short
 * measurement on the device (backends/webgpu/pickVariants.ts). To offer another kernel, add it to `tileVariants` or
 * `laneVariants`, the one for devices that measure nothing first. The one rule: every element is the sum of the same
 * terms in the same order, so that variants have the same bits. The backend compares them on the device before it takes
 * one, as drivers may fuse a multiplication with an addition in one shader and not in another. What must change bits is
 * no variant but a numeric choice of the backend, which runs record: subgroup matrices are, and have variants of their own.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node } from '../../ir/program.ts';
import type { KernelContext } from './clusterKernel.ts';
import { type LanePart, laneKernel } from './laneKernel.ts';
import { type MatrixForm, isPossible, matrixBytes, matrixKernel } from './matrixKernel.ts';
import {
  type MatrixShape,
  type Placement,
  type PlanFeatures,
  type WordRange,
  wordsOf,
} from './plan.ts';
import { type Product, productOf } from './products.ts';
import { foldOf } from './roots.ts';
import type { Schedule } from './schedule.ts';
import { type Tile, tileSide } from './strategies.ts';
import { type TileForm, type TilePart, tileBytes, tileKernel } from './tileKernel.ts';

const sides = [tileSide, 32, 64, 128];
/** Of the fitting ones, the longest so many: a shorter one reads more for each term. */
const mostSides = 2;
const depths = [16, 8];
const matrixDepths = [32, 16];
/** Sides so much longer than the product would mostly compute nothing. */
const mostEmpty = 2;

export interface DeviceTraits {
  readonly workgroupBytes: number;
  readonly features: PlanFeatures;
}

export interface KernelVariant {
  readonly name: string;
  readonly workgroups: number;
  /** Declarations, and the function that a workgroup calls. */
  readonly code: string;
}

type VariantContext = KernelContext & DeviceTraits;

/** The one chosen from the shape first; a sum is cut into the same parts in all of them. */
export function tileVariants(part: TilePart, context: VariantContext): KernelVariant[] {
  const { matrix } = context.features;
  const [root] = part.cluster.members as [Node];
  const forms = matrix !== null && hasHalfFactors(root) ? matrixForms(part, matrix, context) : [];
  if (forms.length > 0) {
    return forms.map((form) => ({
      name: `${form.tile.m}x${form.tile.n} by subgroup matrices`,
      ...matrixKernel(part, form, context),
    }));
  }
  return formsOf(part, context).map((form) => ({
    name: formName(form),
    ...tileKernel(part, form, context),
  }));
}

/** Lanes that exchange their values through memory, and where there are subgroups by shuffles. */
export function laneVariants(part: LanePart, context: VariantContext): KernelVariant[] {
  const { subgroup } = context.features;
  const memory = { name: 'memory', ...laneKernel(part, { shuffled: 1 }, context) };
  if (subgroup < 2) return [memory];
  return [memory, { name: 'subgroups', ...laneKernel(part, { shuffled: subgroup }, context) }];
}

/** Factors that float16 holds may lie in 16 bits each, which changes none of them. */
function formsOf({ cluster }: TilePart, device: DeviceTraits): TileForm[] {
  const [root] = cluster.members as [Node];
  const product = productOf(root)!;
  const forms = tilesOf(product, cluster.strategy!.tile!).flatMap((tile) => {
    const possible = depths.map((depth): TileForm => ({ tile, depth, half: false }));
    return possible.find((form) => tileBytes(product, form) <= device.workgroupBytes) ?? [];
  });
  if (!device.features.half || !hasHalfFactors(root)) return forms;
  return forms.flatMap((form) => [form, { ...form, half: true }]);
}

function matrixForms(
  { cluster }: TilePart,
  shape: MatrixShape,
  { workgroupBytes }: DeviceTraits,
): MatrixForm[] {
  const product = productOf(cluster.members[0]!)!;
  return tilesOf(product, cluster.strategy!.tile!).flatMap((tile) => {
    const possible = matrixDepths.map((depth): MatrixForm => ({ tile, depth, shape }));
    const fits = (form: MatrixForm) => isPossible(form) && matrixBytes(form) <= workgroupBytes;
    return possible.find(fits) ?? [];
  });
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

function formName({ tile, half }: TileForm): string {
  return `${tile.m}x${tile.n}${half ? ' of float16' : ''}`;
}

/** Contractions with the same shape run alike. */
export function shapeOf({ kind, cluster }: TilePart | LanePart): string {
  const [root, ...chain] = cluster.members as [Node];
  const { op } = root;
  const how = 'geometry' in op ? JSON.stringify(op.geometry) : '';
  const turned =
    op.kind === 'matmul' ? `${op.transposeA ? 'T' : ''}${op.transposeB ? 'T' : 'N'}` : '';
  const parts = `${kind}/${cluster.strategy!.parts}`;
  const factors = hasHalfFactors(root) ? 'float16' : 'float32';
  return [op.kind, turned, sizeOf(root), parts, how, `+${chain.length}`, factors].join(' ');
}

function sizeOf(root: Node): string {
  const product = productOf(root);
  if (product === null) return `${elementCount(root.type.shape)}x${foldOf(root)?.count ?? 1}`;
  const { groups, m, n, k } = product;
  return `${groups}x${m}x${n}x${k}`;
}

/** Where a part leaves its results in the first iteration. */
export function resultsOf(part: TilePart | LanePart, schedule: Schedule): WordRange[] {
  if (part.kind === 'partial') return [rangeOf(schedule.partials.get(part.cluster)!)];
  return part.targets.map(({ value, placement: { segment, offset } }) => {
    return { segment, offset, words: elementCount(value.type.shape) };
  });
}

function rangeOf(placement: Placement): WordRange {
  const { segment, offset } = placement;
  return { segment, offset, words: wordsOf(placement) };
}
