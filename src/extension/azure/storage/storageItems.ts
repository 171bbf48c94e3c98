/** How resource groups and storage look in the tree. */
import { env, l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { formatBytes } from '../../../shared/numberFormat.ts';
import { redundancyWords } from './redundancyWords.ts';
import { storageName } from './storageNodes.ts';
import type { StorageTreeNode } from './storageNodes.ts';

const { Collapsed, None } = TreeItemCollapsibleState;

/** @param busy what this window does with it, in words */
export function storageItem(node: StorageTreeNode, busy: string | null): TreeItem {
  const item = new TreeItem(storageName(node), Collapsed);
  item.contextValue = node.kind;
  const look = looks(node, item, busy);
  item.iconPath = busy === null ? look : new ThemeIcon('loading~spin');
  return item;
}

/** Fills in what is more than a name. @returns the icon */
function looks(node: StorageTreeNode, item: TreeItem, busy: string | null): ThemeIcon {
  switch (node.kind) {
    case 'azure.resourceGroups':
      item.label = l10n.t('Resource groups');
      return new ThemeIcon('folder-library');
    case 'azure.resourceGroup':
      item.description = words([busy ?? stateWords(node.group), node.group.location]);
      return ThemeIcon.Folder;
    case 'azure.resource':
      item.collapsibleState = None;
      item.description = shortType(node.resource.type);
      item.tooltip = node.resource.id;
      return new ThemeIcon('symbol-misc');
    case 'azure.storage':
      item.label = l10n.t('Storage');
      return new ThemeIcon('database');
    case 'azure.storageAccount': {
      const { account } = node;
      const { label, meaning } = redundancyWords(account.sku);
      const state = busy ?? stateWords(account);
      item.description = words([state, account.resourceGroup, account.location, label]);
      item.tooltip = [account.name, meaning].filter((line) => line !== '').join('\n');
      return new ThemeIcon('archive');
    }
    case 'azure.stores': {
      const isBlobs = node.storeKind === 'container';
      item.label = isBlobs ? l10n.t('Blob containers') : l10n.t('File shares');
      item.contextValue = `${node.kind}.${node.storeKind}`;
      return new ThemeIcon(isBlobs ? 'package' : 'files');
    }
    case 'azure.store':
      item.contextValue = `${node.kind}.${node.parent.storeKind}`;
      return new ThemeIcon(node.parent.storeKind === 'container' ? 'package' : 'repo');
    case 'azure.storeFolder':
      item.contextValue = `${node.kind}.${node.store.parent.storeKind}`;
      item.tooltip = node.item.path;
      return ThemeIcon.Folder;
    case 'azure.storeFile': {
      const { modified, path, size } = node.item;
      item.collapsibleState = None;
      item.description = words([
        formatBytes(size ?? 0, env.language),
        modified?.toLocaleString(env.language) ?? '',
      ]);
      item.tooltip = path;
      return new ThemeIcon('file');
    }
  }
}

function words(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** States that last are not worth a word. */
function stateWords({
  provisioningState = '',
}: {
  readonly provisioningState: string | undefined;
}): string {
  const known: Readonly<Record<string, string>> = {
    Succeeded: '',
    Creating: l10n.t('creating…'),
    Deleting: l10n.t('deleting…'),
  };
  return known[provisioningState] ?? provisioningState;
}

/** `Microsoft.Storage/storageAccounts`: the last part says it. */
function shortType(type: string): string {
  return type.slice(type.indexOf('/') + 1);
}
