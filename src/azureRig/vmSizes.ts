/** Sizes and quotas of the played cloud: true names and shapes, prices of about the right height. */

type Row = readonly [
  name: string,
  family: string,
  vCPUs: number,
  gpus: number,
  memoryGB: number,
  price: number,
  quota: number,
];

const rows: readonly Row[] = [
  ['Standard_DS2_v2', 'standardDSv2Family', 2, 0, 7, 0.15, 24],
  ['Standard_DS3_v2', 'standardDSv2Family', 4, 0, 14, 0.29, 24],
  ['Standard_DS4_v2', 'standardDSv2Family', 8, 0, 28, 0.58, 24],
  ['Standard_D8s_v3', 'standardDSv3Family', 8, 0, 32, 0.38, 100],
  ['Standard_E8s_v3', 'standardESv3Family', 8, 0, 64, 0.5, 100],
  ['Standard_F16s_v2', 'standardFSv2Family', 16, 0, 32, 0.68, 100],
  ['Standard_NC4as_T4_v3', 'Standard NCASv3_T4 Family', 4, 1, 28, 0.53, 48],
  ['Standard_NC8as_T4_v3', 'Standard NCASv3_T4 Family', 8, 1, 56, 0.75, 48],
  ['Standard_NC6s_v3', 'standardNCSv3Family', 6, 1, 112, 3.06, 48],
  ['Standard_NC24s_v3', 'standardNCSv3Family', 24, 4, 448, 12.24, 48],
  ['Standard_ND40rs_v2', 'standardNDSv2Family', 40, 8, 672, 22.03, 0],
];

export function sizesJson(): object {
  return {
    value: rows.map(([name, family, vCPUs, gpus, memoryGB, price]) => ({
      name,
      family,
      vCPUs,
      gpus,
      osVhdSizeMB: 1_047_552,
      maxResourceVolumeMB: 7168 * vCPUs,
      memoryGB,
      lowPriorityCapable: true,
      premiumIO: true,
      estimatedVMPrices: {
        billingCurrency: 'USD',
        unitOfMeasure: 'OneHour',
        values: [
          { retailPrice: price, osType: 'Linux', vmTier: 'Standard' },
          { retailPrice: round(price / 5), osType: 'Linux', vmTier: 'LowPriority' },
          { retailPrice: round(price * 1.6), osType: 'Windows', vmTier: 'Standard' },
        ],
      },
      supportedComputeTypes: ['AmlCompute', 'ComputeInstance'],
    })),
  };
}

/** Cores in use and allowed, by family. @param inUse cores by size name in lower case. */
export function usagesJson(
  { subscriptionId, location }: { readonly subscriptionId: string; readonly location: string },
  inUse: (size: string) => number,
): object {
  const families = new Map<string, { used: number; limit: number }>();
  for (const [name, family, , , , , limit] of rows) {
    const known = families.get(family) ?? { used: 0, limit };
    const used = known.used + inUse(name.toLowerCase());
    families.set(family, { used, limit: quotaIn(location, family, limit) });
  }
  const scope = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${location}`;
  return {
    value: [...families].map(([family, { used, limit }]) => ({
      id: `${scope}/usages/${family}`,
      amlWorkspaceLocation: location,
      type: 'Microsoft.MachineLearningServices/usages',
      unit: 'Count',
      currentValue: used,
      limit,
      name: { value: family, localizedValue: `${family} Cluster Dedicated vCPUs` },
    })),
  };
}

export interface SizeFacts {
  readonly family: string;
  readonly vCPUs: number;
  /** Cores of the family that the subscription may have. */
  readonly quota: number;
}

/** One region has what another has not, so that there is somewhere to go. */
function quotaIn(location: string, family: string, usual: number): number {
  return location === 'eastus2' && family === 'standardNDSv2Family' ? 80 : usual;
}

/** @param name in any case; null for a size that the cloud does not have. */
export function sizeFacts(name: string, location = ''): SizeFacts | null {
  const row = rows.find(([known]) => known.toLowerCase() === name.toLowerCase());
  if (row === undefined) return null;
  const [, family, vCPUs, , , , quota] = row;
  return { family, vCPUs, quota: quotaIn(location, family, quota) };
}

function round(price: number): number {
  return Math.round(100 * price) / 100;
}
