/** The view *Compute*: this machine with its devices and why each can train or not, machines over SSH, and Azure below. */
import { EventEmitter, l10n, ThemeColor, ThemeIcon, TreeItem, window } from 'vscode';
import { TreeItemCollapsibleState } from 'vscode';
import type { TreeDataProvider } from 'vscode';
import { invariant } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, DeviceInfo } from '../../shared/protocol/core.ts';
import type { AzureNode } from '../azure/azureNodes.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import type { MachineList } from '../ssh/machineList.ts';
import { isMachineNode, machineChildren, machinesRoot, sshItem } from '../ssh/machineNodes.ts';
import type { MachineNode } from '../ssh/machineNodes.ts';
import type { AzureDoor } from './azureDoor.ts';
import { isAzureNode } from './azureDoor.ts';

export type ComputeNode =
  | { readonly kind: 'machine' | 'azure' }
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  | MachineNode
  | AzureNode;

export interface ComputeTreeOptions {
  readonly client: () => Promise<Client<CoreContract>>;
  readonly actions: ActionRunner;
  readonly azure: AzureDoor;
  readonly machines: MachineList;
}

export interface ComputeTree extends Disposes {
  refresh(): void;
  /** Opens the Azure part, so that what is in it is seen. */
  showAzure(): Promise<void>;
}

const machineRoot = { kind: 'machine' } as const;
const azureRoot = { kind: 'azure' } as const;

export function createComputeTree({
  client,
  actions,
  azure,
  machines,
}: ComputeTreeOptions): ComputeTree {
  const changed = new EventEmitter<ComputeNode | undefined>();
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
    getTreeItem(node) {
      if (isMachineNode(node)) return sshItem(machines, node, deviceItem);
      if (!isAzureNode(node)) return computeItem(node);
      invariant(azure.opened !== null, 'Azure nodes come from the Azure part');
      return azure.opened.item(node);
    },
    async getChildren(node) {
      if (node === undefined) return [machineRoot, machinesRoot, azureRoot];
      if (isMachineNode(node)) return [...machineChildren(machines, node)];
      if (isAzureNode(node)) return [...(await (await azure.open()).children(node))];
      if (node.kind === 'azure') return [...(await (await azure.open()).children())];
      if (node.kind === 'device') return [];
      return (await devices()).map((device) => ({ kind: 'device', device }));
    },
    // Only the roots are ever shown by us.
    getParent: () => undefined,
  };
  const view = window.createTreeView('trainbench.compute', { treeDataProvider: provider });
  const following = [
    azure.onDidChange((node) => changed.fire(node ?? azureRoot)),
    machines.onDidChange(() => changed.fire(machinesRoot)),
  ];
  return {
    refresh() {
      azure.opened?.refresh();
      changed.fire(undefined);
    },
    showAzure: async () => view.reveal(azureRoot, { expand: 2, select: true, focus: true }),
    dispose() {
      for (const subscription of following) subscription.dispose();
      view.dispose();
      changed.dispose();
    },
  };
}

type LocalNode = Exclude<ComputeNode, AzureNode | MachineNode>;

function computeItem(node: LocalNode): TreeItem {
  if (node.kind === 'device') return deviceItem(node.device);
  return node.kind === 'machine' ? machineItem() : azureRootItem();
}

function machineItem(): TreeItem {
  const item = new TreeItem(l10n.t('This machine'), TreeItemCollapsibleState.Expanded);
  item.id = 'machine';
  item.iconPath = new ThemeIcon('device-desktop');
  item.contextValue = 'machine';
  return item;
}

/** Closed at first: Azure is loaded when somebody opens it. */
function azureRootItem(): TreeItem {
  const item = new TreeItem('Azure', TreeItemCollapsibleState.Collapsed);
  item.id = 'azure';
  item.iconPath = new ThemeIcon('azure');
  item.contextValue = 'azure';
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
