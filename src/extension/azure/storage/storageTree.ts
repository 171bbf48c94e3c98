/** What lies below the nodes of resource groups and storage. */
import { l10n } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import { PagedList } from '../../../azure/pagedList.ts';
import { listInGroup, listResourceGroups } from '../../../azure/resourceGroups.ts';
import { StorageAccess } from '../../../azure/storage/access.ts';
import { openService, storeKinds } from '../../../azure/storage/openService.ts';
import type { StoreKind } from '../../../azure/storage/openService.ts';
import { accountsOf } from '../../../azure/storage/storageAccounts.ts';
import type { StoreService } from '../../../azure/storage/store.ts';
import type { AzureNode, SubscriptionNode } from '../azureNodes.ts';
import { pathIn, storageName, storeOf } from './storageNodes.ts';
import type {
  FolderNode,
  ResourceGroupNode,
  ResourceGroupsNode,
  StorageAccountNode,
  StorageListNode,
  StorageNode,
  StoresNode,
  StorageTreeNode,
} from './storageNodes.ts';

/** The two folders at the end of every subscription. */
export function besideWorkspaces({
  connection,
  id,
  subscription,
}: SubscriptionNode): readonly [ResourceGroupsNode, StorageNode] {
  const access = new StorageAccess(connection);
  const list = accountsOf(connection, subscription.subscriptionId);
  return [
    { kind: 'azure.resourceGroups', id: `${id}/:groups`, connection, subscription },
    { kind: 'azure.storage', id: `${id}/:storage`, connection, subscription, access, list },
  ];
}

export async function storageChildren(node: StorageTreeNode): Promise<readonly AzureNode[]> {
  switch (node.kind) {
    case 'azure.resourceGroups':
      return groups(node);
    case 'azure.resourceGroup':
      return contents(node);
    case 'azure.storage':
      return accounts(node);
    case 'azure.storageAccount':
      return storeKinds
        .filter((kind) => addressOf(node, kind) !== undefined)
        .map((kind) => storesNode(node, kind));
    case 'azure.stores':
      return stores(node);
    case 'azure.store':
    case 'azure.storeFolder':
      return entries(node);
    case 'azure.resource':
    case 'azure.storeFile':
      return [];
  }
}

/** The role that opens what is stored there. */
export function dataRole(
  kind: StoreKind,
): 'Storage Blob Data Contributor' | 'Storage File Data Privileged Contributor' {
  return kind === 'container'
    ? 'Storage Blob Data Contributor'
    : 'Storage File Data Privileged Contributor';
}

async function groups(node: ResourceGroupsNode): Promise<readonly AzureNode[]> {
  const { connection, id, subscription } = node;
  const attempt = { what: subscription.displayName, role: 'Reader' } as const;
  const { subscriptionId } = subscription;
  const found = await explained(attempt, () => listResourceGroups(connection, subscriptionId));
  return found.map((group) => ({
    kind: 'azure.resourceGroup',
    id: `${id}/${group.name}`,
    parent: node,
    group,
  }));
}

async function contents({ group, id, parent }: ResourceGroupNode): Promise<readonly AzureNode[]> {
  const attempt = { what: group.name, role: 'Reader' } as const;
  const found = await explained(attempt, () => listInGroup(parent.connection, group));
  if (found.length === 0) return [note(id, l10n.t('This resource group is empty'))];
  return found.map((resource) => ({
    kind: 'azure.resource',
    id: `${id}/${resource.type}/${resource.name}`,
    resource,
  }));
}

async function accounts(node: StorageNode): Promise<readonly AzureNode[]> {
  const attempt = { what: node.subscription.displayName, role: 'Reader' } as const;
  const found = await explained(attempt, () => node.list.first());
  const nodes = found.map((account): StorageAccountNode => ({
    kind: 'azure.storageAccount',
    id: `${node.id}/${account.name}`,
    parent: node,
    account,
  }));
  const none = l10n.t('No storage accounts in this subscription');
  return listed(node, nodes, none);
}

function addressOf({ account }: StorageAccountNode, kind: StoreKind): string | undefined {
  return kind === 'container' ? account.blobs : account.files;
}

function storesNode(parent: StorageAccountNode, storeKind: StoreKind): StoresNode {
  let opening: Promise<StoreService> | null = null;
  const service = () => {
    opening ??= openService(parent.parent.access, parent.account, storeKind).catch(
      (error: unknown) => {
        opening = null; // the next look tries again
        throw error;
      },
    );
    return opening;
  };
  const list = new PagedList(async (address) => (await service()).list(address));
  return {
    kind: 'azure.stores',
    id: `${parent.id}/${storeKind}`,
    parent,
    storeKind,
    service,
    list,
  };
}

async function stores(node: StoresNode): Promise<readonly AzureNode[]> {
  const attempt = { what: node.parent.account.name, role: dataRole(node.storeKind) };
  const found = await explained(attempt, () => node.list.first());
  const nodes = found.map((name): AzureNode => {
    const list = new PagedList(async (address) =>
      (await node.service()).store(name).page('', address),
    );
    return { kind: 'azure.store', id: `${node.id}/${name}`, parent: node, name, list };
  });
  const none =
    node.storeKind === 'container' ? l10n.t('No blob containers') : l10n.t('No file shares');
  return listed(node, nodes, none);
}

async function entries(node: FolderNode): Promise<readonly AzureNode[]> {
  const store = storeOf(node);
  const attempt = { what: storageName(node), role: dataRole(store.parent.storeKind) };
  const found = await explained(attempt, () => node.list.first());
  const nodes = found.map((item): AzureNode => {
    // Some tools name blobs with empty parts: the whole path keeps ids apart.
    const id = `${store.id}/${item.kind}/${item.path}`;
    if (item.kind === 'file') return { kind: 'azure.storeFile', id, parent: node, store, item };
    const list = new PagedList(async (address) => {
      const service = await store.parent.service();
      return service.store(store.name).page(item.path, address);
    });
    return { kind: 'azure.storeFolder', id, parent: node, store, item, list };
  });
  const none = pathIn(node) === '' ? l10n.t('Nothing is stored here') : l10n.t('Empty folder');
  return listed(node, nodes, none);
}

function listed(
  node: StorageListNode,
  nodes: readonly AzureNode[],
  none: string,
): readonly AzureNode[] {
  if (nodes.length === 0) return [note(node.id, none)];
  if (!node.list.hasMore) return nodes;
  return [...nodes, { kind: 'azure.more', id: `${node.id}/:more`, parent: node }];
}

function note(id: string, text: string): AzureNode {
  return { kind: 'azure.note', id: `${id}/:note`, icon: 'info', text };
}
