/** HDInsight clusters of a subscription, with the public host of SSH. */
import { say } from '../../shared/language.ts';
import type { AzureConnection } from '../connection.ts';
import { readAll } from '../subscriptions.ts';
import { placed } from './attachable.ts';
import type { Attachable } from './attachable.ts';

interface RawCluster {
  readonly id?: string;
  readonly name?: string;
  readonly location?: string;
  readonly properties?: {
    readonly clusterDefinition?: { readonly kind?: string };
    readonly connectivityEndpoints?: readonly {
      readonly name?: string;
      readonly location?: string;
    }[];
    readonly networkProperties?: { readonly resourceProviderConnection?: string };
  };
}

export async function listHdInsight(
  connection: AzureConnection,
  subscriptionId: string,
): Promise<readonly Attachable[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.HDInsight/clusters`;
  const clusters = await readAll<RawCluster>(connection, path);
  return clusters.map(({ id = '', location = '', name = '', properties }) => ({
    ...placed(id, name, location),
    about: properties?.clusterDefinition?.kind ?? '',
    problem: isPrivate(properties)
      ? say('no public address: it stands in a private network, and jobs cannot come in')
      : null,
    facts: { address: sshHost(properties) ?? hdInsightHost(name, connection.cloud.name) },
  }));
}

/** The cluster only calls out: nothing on it has a public address. */
function isPrivate(properties: RawCluster['properties']): boolean {
  return properties?.networkProperties?.resourceProviderConnection === 'Outbound';
}

function sshHost(properties: RawCluster['properties']): string | undefined {
  return properties?.connectivityEndpoints?.find(({ name }) => name === 'SSH')?.location;
}

const domains: Readonly<Record<string, string>> = {
  AzureChinaCloud: 'azurehdinsight.cn',
  AzureUSGovernment: 'azurehdinsight.us',
};

/** By the rule of the service: `NAME-ssh.azurehdinsight.net`. */
export function hdInsightHost(cluster: string, cloud: string): string {
  return `${cluster}-ssh.${domains[cloud] ?? 'azurehdinsight.net'}`;
}
