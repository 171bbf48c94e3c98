/** The one function that makes tree items of Azure's nodes. */
import { env, l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { CommandId } from '../commands/commandTable.ts';
import type { AzureComputeNode, AzureNode, ComputeGroupNode, NoteNode } from './azureNodes.ts';
import { computeView } from './computeView.ts';
import type { ComputeGroup } from './computeView.ts';
import { storageItem } from './storage/storageItems.ts';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

export interface ItemState {
  /** What this window does with a compute or workspace, in words. */
  readonly busy: string | null;
  /** More about that, a line each. */
  readonly busyDetails: readonly string[];
  /** Of a workspace: it is offered first. */
  readonly isDefault: boolean;
}

export function azureItem(node: AzureNode, state: ItemState): TreeItem {
  const item = makeItem(node, state);
  item.id = node.id;
  if (state.busyDetails.length > 0) {
    const own = typeof item.tooltip === 'string' ? [item.tooltip] : [];
    item.tooltip = [...own, ...state.busyDetails].join('\n');
  }
  return item;
}

function makeItem(node: AzureNode, { busy, isDefault }: ItemState): TreeItem {
  switch (node.kind) {
    case 'azure.account':
      return folder(node.account.label, { icon: 'account', context: node.kind, state: Expanded });
    case 'azure.tenant':
      return tenantItem(node.tenant.displayName, node);
    case 'azure.subscription': {
      const { displayName, state, subscriptionId } = node.subscription;
      const item = folder(displayName, { icon: 'key', context: node.kind });
      item.tooltip = `${displayName}\n${subscriptionId}`;
      if (state !== '' && state !== 'Enabled') item.description = state;
      return item;
    }
    case 'azure.workspace': {
      const { location, name, resourceGroup } = node.workspace;
      const item = folder(name, { icon: 'symbol-namespace', context: node.kind });
      const parts = [busy ?? '', isDefault ? l10n.t('default') : '', resourceGroup, location];
      item.description = parts.filter((part) => part !== '').join(' · ');
      return item;
    }
    case 'azure.computes':
      return folder(l10n.t('Compute'), { icon: 'server-process', context: node.kind });
    case 'azure.group':
      return groupItem(node);
    case 'azure.compute':
      return computeItem(node, busy);
    case 'azure.more': {
      const command = 'trainbench.azure.loadMore' satisfies CommandId;
      const text = l10n.t('Load more ({0} so far)', node.parent.list.items.length);
      return noteItem({ text, icon: 'ellipsis', command: { id: command, arguments: [node] } });
    }
    case 'azure.note':
      return noteItem(node);
    default:
      return storageItem(node, busy);
  }
}

interface Look {
  readonly icon: string;
  readonly context: string;
  readonly state?: TreeItemCollapsibleState;
}

function folder(label: string, { context, icon, state = Collapsed }: Look): TreeItem {
  const item = new TreeItem(label, state);
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = context;
  return item;
}

function tenantItem(name: string, node: AzureNode): TreeItem {
  const item = new TreeItem(name, None);
  item.description = l10n.t('sign in to see it');
  item.iconPath = new ThemeIcon('sign-in');
  item.contextValue = 'azure.tenant';
  const command = 'trainbench.azure.signIn' satisfies CommandId;
  item.command = { command, title: l10n.t('Sign in'), arguments: [node] };
  return item;
}

function groupNames(): Readonly<Record<ComputeGroup, readonly [name: string, icon: string]>> {
  return {
    instances: [l10n.t('Compute instances'), 'vm'],
    clusters: [l10n.t('Compute clusters'), 'server-environment'],
    attached: [l10n.t('Attached computes'), 'plug'],
    kubernetes: [l10n.t('Kubernetes clusters'), 'layers'],
  };
}

function groupItem({ computes, group, parent }: ComputeGroupNode): TreeItem {
  const [name, icon] = groupNames()[group];
  const state = computes.length === 0 ? None : Collapsed;
  const item = folder(name, { icon, context: `azure.group.${group}`, state });
  const count = parent.list.hasMore ? `${computes.length}+` : String(computes.length);
  item.description = computes.length === 0 && !parent.list.hasMore ? l10n.t('none') : count;
  const { loadedAt } = parent.list;
  if (loadedAt !== null) {
    item.tooltip = `${name}\n${l10n.t('As of {0}', loadedAt.toLocaleTimeString(env.language))}`;
  }
  return item;
}

function computeItem({ compute, parent, price }: AzureComputeNode, busy: string | null): TreeItem {
  const facts = { compute, price, busy, readAt: parent.list.loadedAt };
  const view = computeView(facts, (message, ...args) => l10n.t(message, ...args), env.language);
  const item = new TreeItem(view.label, None);
  item.description = view.description;
  item.tooltip = view.details.join('\n');
  const color = view.color === undefined ? undefined : new ThemeColor(view.color);
  item.iconPath = new ThemeIcon(view.icon, color);
  item.contextValue = view.contextValue;
  item.accessibilityInformation = { label: `${view.label}, ${view.description}` };
  return item;
}

function noteItem({ command, icon, text, tooltip }: Omit<NoteNode, 'id' | 'kind'>): TreeItem {
  const item = new TreeItem(text, None);
  const color = icon === 'error' ? new ThemeColor('charts.red') : undefined;
  item.iconPath = new ThemeIcon(icon, color);
  item.tooltip = tooltip ?? text;
  item.contextValue = 'azure.note';
  if (command !== undefined) {
    item.command = { command: command.id, title: text, arguments: [...command.arguments] };
  }
  return item;
}
