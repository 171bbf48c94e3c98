/** The Azure part of the Compute tree as data. Ids are paths: what lies below a node begins with its id. */
import type { ComputeTarget } from '../../azure/computes.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import type { PagedList } from '../../azure/pagedList.ts';
import type { Subscription, Tenant } from '../../azure/subscriptions.ts';
import type { HourPrice } from '../../azure/vmSizes.ts';
import type { AmlWorkspace } from '../../azure/workspaces.ts';
import type { AzureAccount } from './accounts.ts';
import type { ComputeGroup } from './computeView.ts';
import type { StorageListNode, StorageTreeNode } from './storage/storageNodes.ts';

export interface AccountNode {
  readonly kind: 'azure.account';
  readonly id: string;
  readonly account: AzureAccount;
}

/** A directory that wants a sign-in of its own. */
export interface TenantNode {
  readonly kind: 'azure.tenant';
  readonly id: string;
  readonly account: AzureAccount;
  readonly tenant: Tenant;
}

export interface SubscriptionNode {
  readonly kind: 'azure.subscription';
  readonly id: string;
  readonly connection: AzureConnection;
  readonly subscription: Subscription;
  readonly list: PagedList<AmlWorkspace>;
}

export interface WorkspaceNode {
  readonly kind: 'azure.workspace';
  readonly id: string;
  readonly connection: AzureConnection;
  readonly workspace: AmlWorkspace;
}

/** The folder *Compute* of a workspace; jobs, environments and the like will stand beside it. */
export interface ComputesNode {
  readonly kind: 'azure.computes';
  readonly id: string;
  readonly connection: AzureConnection;
  readonly workspace: AmlWorkspace;
  readonly list: PagedList<ComputeTarget>;
}

export interface ComputeGroupNode {
  readonly kind: 'azure.group';
  readonly id: string;
  readonly group: ComputeGroup;
  readonly parent: ComputesNode;
  readonly computes: readonly AzureComputeNode[];
}

export interface AzureComputeNode {
  readonly kind: 'azure.compute';
  readonly id: string;
  readonly parent: ComputesNode;
  readonly compute: ComputeTarget;
  readonly price: HourPrice | null;
}

/** Those whose lists come page by page. */
export type ListNode = SubscriptionNode | ComputesNode | StorageListNode;

/** The service has more of a list; a click reads the next page. */
export interface MoreNode {
  readonly kind: 'azure.more';
  readonly id: string;
  readonly parent: ListNode;
}

/** Words in place of resources: nothing is there, something failed, somebody has to sign in. */
export interface NoteNode {
  readonly kind: 'azure.note';
  readonly id: string;
  readonly icon: string;
  readonly text: string;
  readonly tooltip?: string;
  readonly command?: { readonly id: string; readonly arguments: readonly unknown[] };
}

export type AzureNode =
  | AccountNode
  | TenantNode
  | SubscriptionNode
  | WorkspaceNode
  | ComputesNode
  | ComputeGroupNode
  | AzureComputeNode
  | StorageTreeNode
  | MoreNode
  | NoteNode;
