/** The view *Compute*: this machine, its devices, and why each can train or not. */
import { EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItem, window } from 'vscode';
import { TreeItemCollapsibleState } from 'vscode';
import type { TreeDataProvider } from 'vscode';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, DeviceInfo } from '../../shared/protocol/core.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';

export type ComputeNode =
  { readonly kind: 'machine' } | { readonly kind: 'device'; readonly device: DeviceInfo };

export interface ComputeTreeOptions {
  readonly client: () => Promise<Client<CoreContract>>;
  readonly actions: ActionRunner;
}

export interface ComputeTree extends Disposes {
  refresh(): void;
}

export function createComputeTree({ client, actions }: ComputeTreeOptions): ComputeTree {
  const changed = new EventEmitter<void>();
  const devices = async () => {
    let found: readonly DeviceInfo[] = [];
    await actions.run('device/list', async () => {
      ({ devices: found } = await (await client()).request('device/list', {}));
    });
    // `auto` is no device of its own: it takes one of the others.
    return found.filter(({ device }) => device !== 'auto');
  };
  const provider: TreeDataProvider<ComputeNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: computeItem,
    async getChildren(node) {
      if (node === undefined) return [{ kind: 'machine' }];
      if (node.kind === 'device') return [];
      return (await devices()).map((device) => ({ kind: 'device', device }));
    },
  };
  const view = window.createTreeView('trainbench.compute', { treeDataProvider: provider });
  return {
    refresh: () => changed.fire(),
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

export function computeItem(node: ComputeNode): TreeItem {
  if (node.kind === 'device') return deviceItem(node.device);
  const item = new TreeItem(l10n.t('This machine'), TreeItemCollapsibleState.Expanded);
  item.id = 'machine';
  item.iconPath = new ThemeIcon('device-desktop');
  item.contextValue = 'machine';
  return item;
}

function deviceItem({ device, name, backend, usable, reason }: DeviceInfo): TreeItem {
  const item = new TreeItem(device, TreeItemCollapsibleState.None);
  item.id = `device.${device}.${name}`; // there may be several GPUs
  item.description = usable ? `${name} (${backend})` : reason;
  item.tooltip = usable ? `${name} (${backend})\n${reason}` : reason;
  item.iconPath = usable
    ? new ThemeIcon('pass', new ThemeColor('charts.green'))
    : new ThemeIcon('circle-slash');
  item.contextValue = usable ? 'device.usable' : 'device.unusable';
  item.accessibilityInformation = {
    label: `${device}, ${usable ? l10n.t('can be used') : l10n.t('cannot be used')}. ${reason}`,
  };
  return item;
}
