/** Virtual networks of a subscription, whichever resource group they are in. */
import type { AzureConnection } from './connection.ts';
import type { Page } from './pagedList.ts';
import { resourceGroupOf } from './resourceIds.ts';
import { rawPage } from './subscriptions.ts';

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly resourceGroup: string;
  readonly location: string;
}

interface RawNetwork {
  readonly name?: string;
  readonly location?: string;
  readonly properties?: {
    readonly subnets?: readonly { readonly id?: string; readonly name?: string }[];
  };
}

export async function listSubnets(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly Subnet[]> {
  const subnets: Subnet[] = [];
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Network/virtualNetworks`;
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Page<RawNetwork> = await rawPage<RawNetwork>(connection, next);
    subnets.push(...page.items.flatMap(subnetsOf));
    next = page.next;
  }
  return subnets;
}

/** By their names, whichever resource group they are in; null where no network has them, or several do. */
export function findSubnet(
  subnets: readonly Subnet[],
  {
    network,
    resourceGroup,
    subnet,
  }: {
    readonly network: string;
    readonly subnet: string;
    /** Counts first, as for other tools. */
    readonly resourceGroup: string;
  },
): Subnet | null {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const named = subnets.filter((one) => same(one.network, network) && same(one.name, subnet));
  const here = named.find((one) => same(one.resourceGroup, resourceGroup));
  return here ?? (named.length === 1 ? named[0]! : null);
}

function subnetsOf({
  location = '',
  name: network = '',
  properties,
}: RawNetwork): readonly Subnet[] {
  return (properties?.subnets ?? []).flatMap(({ id, name }) =>
    id === undefined || name === undefined
      ? []
      : [{ id, name, network, location, resourceGroup: resourceGroupOf(id) }],
  );
}
