/** Resource groups and storage of a subscription as data for the Compute tree. */
import type { AzureConnection } from '../../../azure/connection.ts';
import type { PagedList } from '../../../azure/pagedList.ts';
import type { GroupedResource, ResourceGroup } from '../../../azure/resourceGroups.ts';
import type { StorageAccess } from '../../../azure/storage/access.ts';
import type { StoreKind } from '../../../azure/storage/openService.ts';
import type { StorageAccount } from '../../../azure/storage/storageAccounts.ts';
import type { StoredItem, StoreService } from '../../../azure/storage/store.ts';
import type { Subscription } from '../../../azure/subscriptions.ts';

export interface ResourceGroupsNode {
  readonly kind: 'azure.resourceGroups';
  readonly id: string;
  readonly connection: AzureConnection;
  readonly subscription: Subscription;
}

export interface ResourceGroupNode {
  readonly kind: 'azure.resourceGroup';
  readonly id: string;
  readonly parent: ResourceGroupsNode;
  readonly group: ResourceGroup;
}

/** Anything in a resource group, only to be seen. */
export interface ResourceNode {
  readonly kind: 'azure.resource';
  readonly id: string;
  readonly resource: GroupedResource;
}

export interface StorageNode {
  readonly kind: 'azure.storage';
  readonly id: string;
  readonly connection: AzureConnection;
  readonly subscription: Subscription;
  readonly access: StorageAccess;
  readonly list: PagedList<StorageAccount>;
}

export interface StorageAccountNode {
  readonly kind: 'azure.storageAccount';
  readonly id: string;
  readonly parent: StorageNode;
  readonly account: StorageAccount;
}

/** The containers of an account, or its shares. */
export interface StoresNode {
  readonly kind: 'azure.stores';
  readonly id: string;
  readonly parent: StorageAccountNode;
  readonly storeKind: StoreKind;
  readonly service: () => Promise<StoreService>;
  readonly list: PagedList<string>;
}

export interface StoreNode {
  readonly kind: 'azure.store';
  readonly id: string;
  readonly parent: StoresNode;
  readonly name: string;
  readonly list: PagedList<StoredItem>;
}

export interface StoreFolderNode {
  readonly kind: 'azure.storeFolder';
  readonly id: string;
  readonly parent: StoreNode | StoreFolderNode;
  readonly store: StoreNode;
  readonly item: StoredItem;
  readonly list: PagedList<StoredItem>;
}

export interface StoreFileNode {
  readonly kind: 'azure.storeFile';
  readonly id: string;
  readonly parent: StoreNode | StoreFolderNode;
  readonly store: StoreNode;
  readonly item: StoredItem;
}

export type FolderNode = StoreNode | StoreFolderNode;

export type StorageTreeNode =
  | ResourceGroupsNode
  | ResourceGroupNode
  | ResourceNode
  | StorageNode
  | StorageAccountNode
  | StoresNode
  | StoreNode
  | StoreFolderNode
  | StoreFileNode;

/** Those whose lists come page by page. */
export type StorageListNode = StorageNode | StoresNode | StoreNode | StoreFolderNode;

/** In the store; '' for its top. */
export function pathIn(node: FolderNode): string {
  return node.kind === 'azure.store' ? '' : node.item.path;
}

export function storeOf(node: FolderNode | StoreFileNode): StoreNode {
  return node.kind === 'azure.store' ? node : node.store;
}

/** What it is called in the tree. */
export function storageName(node: StorageTreeNode): string {
  switch (node.kind) {
    case 'azure.resourceGroups':
    case 'azure.storage':
      return node.subscription.displayName;
    case 'azure.resourceGroup':
      return node.group.name;
    case 'azure.resource':
      return node.resource.name;
    case 'azure.storageAccount':
      return node.account.name;
    case 'azure.stores':
      return node.parent.account.name;
    case 'azure.store':
      return node.name;
    case 'azure.storeFolder':
    case 'azure.storeFile':
      return node.item.path.slice(node.item.path.lastIndexOf('/') + 1);
  }
}
