/** What stands beside the workspaces of the demo: regions, networks, identities, storage. */
import { demoAttachables } from './demoAttachables.ts';
import { addFile, newStore } from './storage/stores.ts';
import type { RigStore } from './storage/stores.ts';
import type { RigLocation, RigResource } from './world.ts';

export const demoLocations: readonly RigLocation[] = [
  { name: 'eastus', displayName: 'East US', geography: 'US' },
  { name: 'eastus2', displayName: 'East US 2', geography: 'US' },
  { name: 'westus', displayName: 'West US', geography: 'US' },
  { name: 'westeurope', displayName: 'West Europe', geography: 'Europe' },
];

export function demoResources(subscriptionId: string): readonly RigResource[] {
  const id = (group: string, type: string, name: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${type}/${name}`;
  const plain = (group: string, type: string, name: string): RigResource => ({
    id: id(group, type, name),
    location: 'eastus',
    body: {},
  });
  const network = (group: string, name: string, subnets: readonly string[]): RigResource => {
    const own = id(group, 'Microsoft.Network/virtualNetworks', name);
    const properties = {
      subnets: subnets.map((subnet) => ({ id: `${own}/subnets/${subnet}`, name: subnet })),
    };
    return { id: own, location: 'eastus', body: { properties } };
  };
  return [
    network('demo-training', 'lab-network', ['training']),
    network('demo-network', 'shared-network', ['front', 'compute']),
    plain('demo-training', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'data-reader'),
    plain('demo-network', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'key-reader'),
    plain('demo-training', 'Microsoft.Storage/storageAccounts', 'penguinsstore'),
    plain('demo-training', 'Microsoft.KeyVault/vaults', 'penguins-vault'),
    plain('demo-training', 'Microsoft.Insights/components', 'penguins-insights'),
    ...demoAttachables(subscriptionId),
  ];
}

const penguinRows =
  'species,island,bill_length_mm\nAdelie,Torgersen,39.1\nGentoo,Biscoe,46.1\nChinstrap,Dream,46.5\n';

/** A container and a share as the labs have them. */
export function demoStores(): RigStore[] {
  const container = newStore('blob', 'penguinsstore', 'lab-data');
  addFile(container, 'penguins.csv', penguinRows);
  addFile(container, 'runs/2026-01-02/metrics.csv', 'epoch,loss\n1,0.9\n2,0.4\n');
  addFile(container, 'README.md', '# Made up\n\nNothing here is on the internet.\n');
  const share = newStore('file', 'penguinsstore', 'batchai');
  addFile(share, 'scripts/train.py', 'print("made up")\n');
  addFile(share, 'scripts/requirements.txt', 'horovod\n');
  return [container, share];
}
