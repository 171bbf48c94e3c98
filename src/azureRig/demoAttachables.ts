/** What the demo has to attach: machines that can be and machines that cannot, clusters and workspaces of other services. */
import type { RigResource } from './world.ts';

type Make = (type: string, name: string, body?: object) => RigResource;

export function demoAttachables(subscriptionId: string): readonly RigResource[] {
  const resource: Make = (type, name, body = {}) => ({
    id: `/subscriptions/${subscriptionId}/resourceGroups/demo-training/providers/${type}/${name}`,
    location: 'eastus',
    body: { ...body },
  });
  const ubuntu = { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy' };
  const windows = { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer' };
  return [
    ...machine(resource, 'lab', { ...ubuntu, address: '203.0.113.7' }),
    ...machine(resource, 'gpu-box', { ...ubuntu, address: '203.0.113.21' }),
    ...machine(resource, 'hidden-box', { ...ubuntu, address: null }),
    ...machine(resource, 'office-pc', { ...windows, os: 'Windows', address: '203.0.113.22' }),
    hdInsight(resource, 'spark-lab', 'Inbound'),
    hdInsight(resource, 'spark-private', 'Outbound'),
    databricks(resource, 'bricks', 6),
    databricks(resource, 'more-bricks', 7),
    resource('Microsoft.Synapse/workspaces', 'demo'),
    resource('Microsoft.Synapse/workspaces', 'demo/bigDataPools/small'),
    resource('Microsoft.Synapse/workspaces', 'demo/bigDataPools/large'),
    resource('Microsoft.ContainerService/managedClusters', 'aks'),
    resource('Microsoft.ContainerService/managedClusters', 'web-services'),
    resource('Microsoft.Kubernetes/connectedClusters', 'arc'),
    resource('Microsoft.Batch/batchAccounts', 'nightly'),
    resource('Microsoft.DataFactory/factories', 'factory'),
  ];
}

interface MachineLook {
  readonly publisher: string;
  readonly offer: string;
  readonly os?: 'Linux' | 'Windows';
  readonly address: string | null;
}

/** With its network interface and its public address. */
function machine(
  resource: Make,
  name: string,
  { address, offer, os = 'Linux', publisher }: MachineLook,
): readonly RigResource[] {
  const addresses = address === null ? [] : [address].map((ipAddress) => ({ ipAddress }));
  const publics = addresses.map((properties) =>
    resource('Microsoft.Network/publicIPAddresses', name, { properties }),
  );
  const [publicIPAddress] = publics;
  const configuration =
    publicIPAddress === undefined ? {} : { publicIPAddress: { id: publicIPAddress.id } };
  const card = resource('Microsoft.Network/networkInterfaces', `${name}-nic`, {
    properties: { ipConfigurations: [{ properties: configuration }] },
  });
  const properties = {
    hardwareProfile: { vmSize: 'Standard_DS2_v2' },
    osProfile: { computerName: name, adminUsername: 'azureuser' },
    storageProfile: { imageReference: { publisher, offer }, osDisk: { osType: os } },
    networkProfile: { networkInterfaces: [{ id: card.id }] },
  };
  return [resource('Microsoft.Compute/virtualMachines', name, { properties }), card, ...publics];
}

function hdInsight(resource: Make, name: string, resourceProviderConnection: string): RigResource {
  const location = `${name}-ssh.azurehdinsight.net`;
  return resource('Microsoft.HDInsight/clusters', name, {
    properties: {
      clusterDefinition: { kind: 'SPARK' },
      networkProperties: { resourceProviderConnection },
      connectivityEndpoints: [{ name: 'SSH', protocol: 'TCP', location, port: 22 }],
    },
  });
}

function databricks(resource: Make, name: string, digit: number): RigResource {
  const made = resource('Microsoft.Databricks/workspaces', name);
  const [subscription = ''] = made.id.split('/resourceGroups/');
  const properties = {
    managedResourceGroupId: `${subscription}/resourceGroups/databricks-rg-${name}`,
    workspaceUrl: `adb-123456789012345${digit}.${digit + 1}.azuredatabricks.net`,
  };
  return { ...made, body: { properties } };
}
