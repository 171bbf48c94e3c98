/** The kinds of resources that a workspace can attach, and which of a subscription there are. To add one, add it here. */
import type { AzureConnection } from '../connection.ts';
import { listPlain } from './attachable.ts';
import type { Attachable } from './attachable.ts';
import { listDatabricks } from './databricks.ts';
import { listHdInsight } from './hdInsight.ts';
import { listVirtualMachines } from './virtualMachines.ts';

export interface AttachKind {
  /** `Microsoft.Compute/virtualMachines` */
  readonly resourceTypes: readonly string[];
  /** It has to be in the subscription of the workspace. */
  readonly isLocal?: true;
  readonly list: (
    connection: AzureConnection,
    subscriptionId: string,
  ) => Promise<readonly Attachable[]>;
}

function plain(...types: readonly string[]): AttachKind {
  return { resourceTypes: types, list: (connection, id) => listPlain(connection, id, types) };
}

/** By the `type` of their documents. */
export const attachKinds = {
  virtualmachine: {
    resourceTypes: ['Microsoft.Compute/virtualMachines'],
    list: listVirtualMachines,
  },
  kubernetes: plain(
    'Microsoft.ContainerService/managedClusters',
    'Microsoft.Kubernetes/connectedClusters',
  ),
  synapsespark: plain('Microsoft.Synapse/workspaces/bigDataPools'),
  databricks: {
    resourceTypes: ['Microsoft.Databricks/workspaces'],
    isLocal: true,
    list: listDatabricks,
  },
  hdinsight: { resourceTypes: ['Microsoft.HDInsight/clusters'], list: listHdInsight },
  aks: plain('Microsoft.ContainerService/managedClusters'),
  batch: plain('Microsoft.Batch/batchAccounts'),
} as const satisfies Readonly<Record<string, AttachKind>>;

export type AttachType = keyof typeof attachKinds;

export function isAttachType(type: string): type is AttachType {
  return Object.hasOwn(attachKinds, type);
}

/** `Microsoft.Synapse/workspaces/bigDataPools` of an id. */
export function resourceTypeOf(id: string): string {
  const [, namespace = '', rest = ''] = /\/providers\/([^/]+)\/(.*)$/i.exec(id) ?? [];
  const types = rest.split('/').filter((_, index) => index % 2 === 0);
  return [namespace, ...types].join('/');
}
