/** What lies below each Azure node: read when it is looked at, kept until it is refreshed. */
import { l10n } from 'vscode';
import { explained } from '../../azure/explain.ts';
import { computesOf } from '../../azure/computes.ts';
import type { ComputeTarget } from '../../azure/computes.ts';
import { listSubscriptions } from '../../azure/subscriptions.ts';
import type { Subscription } from '../../azure/subscriptions.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { findSize, hourPrice, VmSizes } from '../../azure/vmSizes.ts';
import { workspacesOf } from '../../azure/workspaces.ts';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { CommandId } from '../commands/commandTable.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import type { AzureAccount } from './accounts.ts';
import type {
  AccountNode,
  AzureComputeNode,
  AzureNode,
  ComputesNode,
  ListNode,
  NoteNode,
  SubscriptionNode,
} from './azureNodes.ts';
import { storageName } from './storage/storageNodes.ts';
import { besideWorkspaces, storageChildren } from './storage/storageTree.ts';
import { computeGroups, groupOf, sizeOf } from './computeView.ts';

export interface AzureTreeOptions {
  readonly actions: ActionRunner;
  readonly accounts: () => Promise<readonly AzureAccount[]>;
  /** The demo's, if it is open. */
  readonly demo: () => readonly AzureAccount[];
  /** Ids of subscriptions that the user does not want to see. */
  readonly hidden: () => readonly string[];
  /** A subscription that was just read: operations in it may go on. */
  readonly onSubscription: (node: SubscriptionNode) => void;
  /** Computes that were just read: an operation of theirs may go on. */
  readonly onComputes: (node: ComputesNode) => void;
}

/** Ids of nodes begin with this. */
export const rootId = 'azure';

export class AzureTree {
  readonly #options: AzureTreeOptions;
  readonly #known = new Map<string, Promise<readonly AzureNode[]>>();
  readonly #sizes = new WeakMap<AzureConnection, VmSizes>();

  constructor(options: AzureTreeOptions) {
    this.#options = options;
  }

  /** @param node undefined for the accounts. Failures come as a node that tells of them. */
  children(node?: AzureNode): Promise<readonly AzureNode[]> {
    const id = node?.id ?? rootId;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = this.#read(node).catch((error: unknown) => this.#failed(id, error));
    this.#known.set(id, found);
    return found;
  }

  /** Forgets what lies below, so that it is read anew. */
  forget(node?: AzureNode): void {
    const id = node?.id ?? rootId;
    for (const key of this.#known.keys()) {
      if (key === id || key.startsWith(`${id}/`)) this.#known.delete(key);
    }
    if (node !== undefined && 'list' in node) node.list.reset();
  }

  /** One more page of a list; what was read before stays. */
  async more(node: ListNode): Promise<void> {
    await explained({ what: nameOf(node), role: 'Reader' }, () => node.list.more());
    for (const key of this.#known.keys()) {
      if (key === node.id || key.startsWith(`${node.id}/group/`)) this.#known.delete(key);
    }
  }

  async #read(node?: AzureNode): Promise<readonly AzureNode[]> {
    if (node === undefined) return this.#accounts();
    switch (node.kind) {
      case 'azure.account':
        return this.#subscriptions(node);
      case 'azure.subscription':
        return this.#workspaces(node);
      case 'azure.workspace': {
        const { connection, id, workspace } = node;
        const list = computesOf(connection, workspace);
        return [{ kind: 'azure.computes', id: `${id}/computes`, connection, workspace, list }];
      }
      case 'azure.computes':
        return this.#groups(node);
      case 'azure.group':
        return node.computes;
      case 'azure.compute':
      case 'azure.more':
      case 'azure.note':
      case 'azure.tenant':
        return [];
      default:
        return storageChildren(node);
    }
  }

  async #accounts(): Promise<readonly AzureNode[]> {
    const demo = this.#options.demo().map(accountNode);
    try {
      const nodes = [...demo, ...(await this.#options.accounts()).map(accountNode)];
      return nodes.length > 0 ? nodes : beginnings(rootId, { demo: true });
    } catch (error) {
      return [...demo, ...this.#failed(rootId, error)];
    }
  }

  async #subscriptions({ account, id }: AccountNode): Promise<readonly AzureNode[]> {
    const attempt = { what: account.label, role: 'Reader' } as const;
    const access = await explained(attempt, () => account.access());
    const hidden = this.#options.hidden();
    const nodes: AzureNode[] = [];
    const seen = new Set<string>();
    const wanting = access.filter(({ connection }) => connection === null);
    for (const { connection } of access) {
      if (connection === null) continue;
      const found = await explained(attempt, () => listSubscriptions(connection));
      for (const subscription of found) {
        if (seen.has(subscription.subscriptionId)) continue;
        seen.add(subscription.subscriptionId);
        if (hidden.includes(subscription.subscriptionId)) continue;
        nodes.push(subscriptionNode(id, connection, subscription));
      }
    }
    for (const { tenant } of wanting) {
      if (tenant === null) continue;
      nodes.push({ kind: 'azure.tenant', id: `${id}/tenant/${tenant.tenantId}`, account, tenant });
    }
    if (seen.size > 0 && nodes.length === 0) return [allHidden(id)];
    if (nodes.length > 0) return nodes;
    return [note(id, l10n.t('No subscriptions: this account sees none in its directories'))];
  }

  async #workspaces(node: SubscriptionNode): Promise<readonly AzureNode[]> {
    const { connection, id, list, subscription } = node;
    const attempt = { what: subscription.displayName, role: 'Reader' } as const;
    const found = await explained(attempt, () => list.first());
    const nodes: AzureNode[] = found.map((workspace) => ({
      kind: 'azure.workspace',
      id: `${id}/${workspace.resourceGroup}/${workspace.name}`,
      connection,
      workspace,
    }));
    this.#options.onSubscription(node);
    if (nodes.length === 0) {
      nodes.push(note(id, l10n.t('No Azure Machine Learning workspaces in this subscription')));
    }
    if (list.hasMore) nodes.push({ kind: 'azure.more', id: `${id}/more`, parent: node });
    return [...nodes, ...besideWorkspaces(node)];
  }

  async #groups(node: ComputesNode): Promise<readonly AzureNode[]> {
    const { id, list, workspace } = node;
    const attempt = { what: workspace.name, role: 'Reader' } as const;
    const [found, priceOf] = await Promise.all([
      explained(attempt, () => list.first()),
      this.#prices(node),
    ]);
    this.#options.onComputes(node);
    const computes = found.map((compute): AzureComputeNode => {
      const price = priceOf(compute);
      return { kind: 'azure.compute', id: `${id}/${compute.name}`, parent: node, compute, price };
    });
    const groups = computeGroups.map((group): AzureNode => ({
      kind: 'azure.group',
      id: `${id}/group/${group}`,
      group,
      parent: node,
      computes: computes.filter(({ compute }) => groupOf(compute) === group),
    }));
    return list.hasMore
      ? [...groups, { kind: 'azure.more', id: `${id}/more`, parent: node }]
      : groups;
  }

  /** Read once, for the tree and for forms. */
  sizes(connection: AzureConnection): VmSizes {
    const known = this.#sizes.get(connection) ?? new VmSizes(connection);
    this.#sizes.set(connection, known);
    return known;
  }

  /** Prices are worth having and not worth failing for. */
  async #prices({ connection, workspace }: ComputesNode) {
    const sizes = await this.sizes(connection)
      .list(workspace)
      .catch((error: unknown) => {
        this.#options.actions.note(`sizes of ${workspace.location}`, error);
        return [];
      });
    return (compute: ComputeTarget) => {
      const wanted = sizeOf(compute);
      const size = wanted === null ? undefined : findSize(sizes, wanted.name);
      return wanted === null || size === undefined ? null : hourPrice(size, wanted.tier);
    };
  }

  #failed(id: string, error: unknown): readonly AzureNode[] {
    this.#options.actions.note(id, error);
    if (isError(error, 'protocol.cancelled')) {
      return [note(id, l10n.t('Cancelled. Refresh to try again.'))];
    }
    const text = errorMessage(error);
    const failure = { ...note(id, text), icon: 'error' };
    if (!isError(error, 'azure.signIn')) return [failure];
    return [failure, ...beginnings(id, { demo: this.#options.demo().length === 0 })];
  }
}

function accountNode(account: AzureAccount): AccountNode {
  return { kind: 'azure.account', id: `${rootId}/${account.id}`, account };
}

function subscriptionNode(
  id: string,
  connection: AzureConnection,
  subscription: Subscription,
): SubscriptionNode {
  const { subscriptionId } = subscription;
  const list = workspacesOf(connection, subscriptionId);
  return {
    kind: 'azure.subscription',
    id: `${id}/${subscriptionId}`,
    connection,
    subscription,
    list,
  };
}

/** The ways in; the demo's is none while it is open. */
function beginnings(id: string, ways: { readonly demo: boolean }): readonly NoteNode[] {
  const signIn = 'trainbench.azure.signIn' satisfies CommandId;
  const demo = 'trainbench.azure.demo' satisfies CommandId;
  const enter: NoteNode = {
    ...note(`${id}/signIn`, l10n.t('Sign in to Azure…')),
    icon: 'sign-in',
    command: { id: signIn, arguments: [] },
  };
  const look: NoteNode = {
    ...note(`${id}/demo`, l10n.t('Look around in the Demo Cloud (made up, no account)')),
    icon: 'beaker',
    command: { id: demo, arguments: [] },
  };
  return ways.demo ? [enter, look] : [enter];
}

function allHidden(id: string): NoteNode {
  const filter = 'trainbench.azure.filter' satisfies CommandId;
  const text = l10n.t('All subscriptions are hidden. Choose which to show…');
  return { ...note(id, text), icon: 'filter', command: { id: filter, arguments: [] } };
}

function note(id: string, text: string): NoteNode {
  return { kind: 'azure.note', id: `${id}/note`, icon: 'info', text };
}

export function nameOf(node: ListNode): string {
  switch (node.kind) {
    case 'azure.subscription':
      return node.subscription.displayName;
    case 'azure.computes':
      return node.workspace.name;
    default:
      return storageName(node);
  }
}
