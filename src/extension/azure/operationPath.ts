/** Where operations are kept that change what a node shows. */
import type { AzureConnection } from '../../azure/connection.ts';
import { groupPath } from '../../azure/resourceGroups.ts';
import { computePath, workspacePath } from '../../azure/resourceIds.ts';
import { accountPath } from '../../azure/storage/storageAccounts.ts';
import type { AzureNode } from './azureNodes.ts';

/** Null for nodes that nothing is done with for long. */
export function operationPath(
  node: AzureNode,
): { readonly connection: AzureConnection; readonly path: string } | null {
  switch (node.kind) {
    case 'azure.workspace':
      return { connection: node.connection, path: workspacePath(node.workspace) };
    case 'azure.compute': {
      const { connection, workspace: place } = node.parent;
      return { connection, path: computePath(place, node.compute.name) };
    }
    case 'azure.resourceGroup':
      return { connection: node.parent.connection, path: groupPath(node.group) };
    case 'azure.storageAccount':
      return { connection: node.parent.connection, path: accountPath(node.account) };
    default:
      return null;
  }
}
