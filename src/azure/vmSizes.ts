/** Sizes of virtual machines in a region: what they have, and what an hour costs by the list. */
import type { Usage, VirtualMachineSize } from '@azure/arm-machinelearning';
import type { AzureConnection } from './connection.ts';

export interface HourPrice {
  readonly amount: number;
  /** `USD` */
  readonly currency: string;
}

export interface Region {
  readonly subscriptionId: string;
  readonly location: string;
}

/** Keeps what it has read: prices do not change while somebody looks. */
export class VmSizes {
  readonly #connection: AzureConnection;
  readonly #regions = new Map<string, Promise<readonly VirtualMachineSize[]>>();

  constructor(connection: AzureConnection) {
    this.#connection = connection;
  }

  list({ subscriptionId, location }: Region): Promise<readonly VirtualMachineSize[]> {
    const key = `${subscriptionId}/${location}`;
    const known = this.#regions.get(key);
    if (known !== undefined) return known;
    const sizes = this.#connection
      .client(subscriptionId)
      .virtualMachineSizes.list(location)
      .then(({ value = [] }) => value);
    this.#regions.set(key, sizes);
    sizes.catch(() => this.#regions.delete(key)); // asked again at the next look
    return sizes;
  }
}

/** What is used of the quota, and how much there is. */
export async function listUsages(
  connection: AzureConnection,
  { subscriptionId, location }: Region,
): Promise<readonly Usage[]> {
  const usages: Usage[] = [];
  for await (const usage of connection.client(subscriptionId).usages.list(location)) {
    usages.push(usage);
  }
  return usages;
}

/** Of one machine with Linux, an hour; null where the service names none. */
export function hourPrice(
  size: VirtualMachineSize,
  tier: 'Standard' | 'LowPriority',
): HourPrice | null {
  const { estimatedVMPrices: prices } = size;
  const price = prices?.values.find(({ osType, vmTier }) => osType === 'Linux' && vmTier === tier);
  if (prices === undefined || price === undefined) return null;
  return { amount: price.retailPrice, currency: prices.billingCurrency };
}

/** Names differ in case: `STANDARD_NC6` and `Standard_NC6`. */
export function findSize(
  sizes: readonly VirtualMachineSize[],
  name: string,
): VirtualMachineSize | undefined {
  return sizes.find((size) => size.name?.toLowerCase() === name.toLowerCase());
}
