/** What a device has beyond every WebGPU device, and what of it generated code uses. */
import type { MatrixShape, PlanFeatures } from '../../codegen/wgsl/plan.ts';
import type { NumericChoices } from '../backend.ts';

/** Of those we use: what Dawn shows only where it is asked for experiments. The types do not know them. */
export const experimentalFeatures = ['chromium-experimental-subgroup-matrix'] as const;

/** `timestamp-query` times kernels. */
export const wantedFeatures = [
  'shader-f16',
  'timestamp-query',
  'subgroups',
  ...experimentalFeatures,
] as const;

/** What an adapter says of subgroups; the types of the package lag behind Dawn. */
export interface SubgroupInfo {
  readonly subgroupMinSize?: number;
  readonly subgroupMaxSize?: number;
  readonly subgroupMatrixConfigs?: readonly SubgroupMatrixConfig[];
}

export interface SubgroupMatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

/** Sides and depths of tiles are multiples of these (codegen/wgsl/variants.ts). */
const [tileUnit, depthUnit] = [64, 32];

export function planFeatures(features: ReadonlySet<string>, info: SubgroupInfo): PlanFeatures {
  const half = features.has('shader-f16');
  const subgroup = features.has('subgroups') ? (info.subgroupMinSize ?? 0) : 0;
  const hasMatrices = half && features.has('chromium-experimental-subgroup-matrix');
  return { half, subgroup, matrix: hasMatrices ? matrixShape(info) : null };
}

/** The one that the driver prefers among those that fit; null where subgroups vary in size. */
function matrixShape(info: SubgroupInfo): MatrixShape | null {
  const { subgroupMinSize: subgroup = 0, subgroupMaxSize, subgroupMatrixConfigs = [] } = info;
  if (subgroup === 0 || subgroup !== subgroupMaxSize) return null;
  const config = [...subgroupMatrixConfigs].find(
    ({ componentType, resultComponentType, M, N, K }) =>
      componentType === 'f16' &&
      resultComponentType === 'f32' &&
      [tileUnit % M, tileUnit % N, depthUnit % K].every((rest) => rest === 0),
  );
  return config === undefined ? null : { m: config.M, n: config.N, k: config.K, subgroup };
}

/** What changes bits, for the run to record: how a subgroup matrix adds, which is the hardware's. */
export function choicesOf({ matrix }: PlanFeatures): NumericChoices {
  if (matrix === null) return {};
  return { products: `subgroup matrices ${matrix.m}x${matrix.n}x${matrix.k}` };
}

/** A run that began without subgroup matrices goes on without them. */
export function chosenFeatures(
  features: PlanFeatures,
  given: NumericChoices | undefined,
): PlanFeatures {
  const isOther = given !== undefined && given['products'] !== choicesOf(features)['products'];
  return isOther ? { ...features, matrix: null } : features;
}
