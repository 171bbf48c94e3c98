/** Which sizes of machines a subscription can have in a region: what they are for, what they cost, what quota is left. */
import type { Usage, VirtualMachineSize } from '@azure/arm-machinelearning';
import { hourPrice } from './vmSizes.ts';
import type { HourPrice } from './vmSizes.ts';

export type SizePurpose = 'gpu' | 'general' | 'memory' | 'compute';

export interface SizeOffer {
  readonly name: string;
  readonly purpose: SizePurpose;
  readonly vCPUs: number;
  readonly memoryGB: number;
  readonly gpus: number;
  /** An hour of one machine; null where the service names none. */
  readonly price: HourPrice | null;
  /** Machines that the quota still allows; null where the service does not say. */
  readonly left: number | null;
  /** vCPUs that are left of the quota of its family; null where the service does not say. */
  readonly coresLeft: number | null;
}

export interface OfferWish {
  readonly computeType: 'AmlCompute' | 'ComputeInstance';
  readonly tier: 'Standard' | 'LowPriority';
}

/** Cheapest first; those without a price last. */
export function sizeOffers(
  sizes: readonly VirtualMachineSize[],
  usages: readonly Usage[],
  { computeType, tier }: OfferWish,
): readonly SizeOffer[] {
  return sizes
    .filter(({ name }) => name !== undefined)
    .filter(
      ({ supportedComputeTypes: types }) =>
        types === undefined || types.length === 0 || types.includes(computeType),
    )
    .filter(({ lowPriorityCapable }) => tier === 'Standard' || lowPriorityCapable !== false)
    .map((size) => offer(size, usages, tier))
    .sort((a, b) => cost(a) - cost(b) || a.name.localeCompare(b.name));
}

function offer(
  size: VirtualMachineSize,
  usages: readonly Usage[],
  tier: OfferWish['tier'],
): SizeOffer {
  const { family = '', gpus = 0, memoryGB = 0, name = '', vCPUs = 0 } = size;
  const coresLeft = tier === 'Standard' ? familyCores(family, usages) : lowPriorityCores(usages);
  return {
    name,
    purpose: purposeOf({ gpus, memoryGB, vCPUs }),
    vCPUs,
    memoryGB,
    gpus,
    price: hourPrice(size, tier),
    coresLeft,
    left: coresLeft === null || vCPUs === 0 ? null : Math.floor(coresLeft / vCPUs),
  };
}

/** By memory for each vCPU, as Azure's own families divide: F has 2 GB, D 4 (with v2 3.5), E 8. */
export function purposeOf({
  gpus,
  memoryGB,
  vCPUs,
}: Pick<SizeOffer, 'gpus' | 'memoryGB' | 'vCPUs'>): SizePurpose {
  if (gpus > 0) return 'gpu';
  const share = vCPUs === 0 ? 0 : memoryGB / vCPUs;
  if (share >= 6) return 'memory';
  return share <= 2.5 ? 'compute' : 'general';
}

/** Names are `standardDSv2Family` at the sizes and `Standard DSv2 Family Cluster Dedicated vCPUs` at the usages. */
function familyCores(family: string, usages: readonly Usage[]): number | null {
  const wanted = plain(family);
  if (wanted === '') return null;
  return left(
    usages.find((usage) => isOfSubscription(usage) && plain(nameOf(usage)).startsWith(wanted)),
  );
}

function lowPriorityCores(usages: readonly Usage[]): number | null {
  return left(
    usages.find((usage) => isOfSubscription(usage) && plain(nameOf(usage)).includes('lowpriority')),
  );
}

function isOfSubscription({ type = '' }: Usage): boolean {
  return !/\/workspaces\/usages$/i.test(type);
}

function nameOf({ name }: Usage): string {
  return name?.value ?? '';
}

/** Infinity where there is no limit. */
function left(usage: Usage | undefined): number | null {
  const { currentValue = 0, limit } = usage ?? {};
  if (limit === undefined) return null;
  return limit < 0 ? Infinity : Math.max(0, limit - currentValue);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function cost({ price }: SizeOffer): number {
  return price?.amount ?? Infinity;
}

export interface Need {
  /** `Standard_NC24s_v3` */
  readonly size: string;
  /** Machines that have to be there at once. */
  readonly machines: number;
}

/**
 * What to take in place of a size that the quota does not allow: the cheapest that has as many vCPUs and GPUs; where
 * none is, the largest below it. Null where the quota allows nothing of that sort.
 */
export function nextOffer(
  offers: readonly SizeOffer[],
  { machines, size }: Need,
): SizeOffer | null {
  const wanted = findOffer(offers, size);
  const allowed = offers.filter(
    (offered) =>
      offered.name.toLowerCase() !== size.toLowerCase() &&
      (offered.left ?? 0) >= Math.max(1, machines) &&
      offered.gpus > 0 === (wanted?.gpus ?? 0) > 0,
  );
  const enough = allowed.filter(
    ({ gpus, vCPUs }) => vCPUs >= (wanted?.vCPUs ?? 0) && gpus >= (wanted?.gpus ?? 0),
  );
  if (enough[0] !== undefined) return enough[0];
  return allowed.reduce<SizeOffer | null>(
    (best, offered) => (best === null || offered.vCPUs > best.vCPUs ? offered : best),
    null,
  );
}

export function findOffer(offers: readonly SizeOffer[], name: string): SizeOffer | undefined {
  return offers.find((offered) => offered.name.toLowerCase() === name.toLowerCase());
}
