/** The part of the Compute tree that shows machines over SSH. */
import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { DeviceInfo } from '../../shared/protocol/core.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import type { CommandId } from '../commands/commandTable.ts';
import { addressBeside, type MachineList } from './machineList.ts';

export type MachineNode =
  | { readonly kind: 'ssh.machines' | 'ssh.none' }
  | { readonly kind: 'ssh.machine'; readonly machine: SshMachine }
  | { readonly kind: 'ssh.device'; readonly machine: SshMachine; readonly device: DeviceInfo };

export const machinesRoot = { kind: 'ssh.machines' } as const;

export function isMachineNode(target: unknown): target is MachineNode {
  if (typeof target !== 'object' || target === null || !('kind' in target)) return false;
  return typeof target.kind === 'string' && target.kind.startsWith('ssh.');
}

/** Menus pass the node that was clicked. */
export function machineOf(target: unknown): SshMachine | undefined {
  return isMachineNode(target) && 'machine' in target ? target.machine : undefined;
}

export function machineChildren(list: MachineList, node: MachineNode): readonly MachineNode[] {
  if (node.kind === 'ssh.machines') {
    const { machines } = list;
    if (machines.length === 0) return [{ kind: 'ssh.none' }];
    return machines.map((machine) => ({ kind: 'ssh.machine', machine }));
  }
  if (node.kind !== 'ssh.machine') return [];
  const { machine } = node;
  const devices = list.about(machine)?.devices ?? [];
  return devices
    .filter(({ device }) => device !== 'auto')
    .map((device) => ({ kind: 'ssh.device', machine, device }));
}

/** @param deviceItem of the tree, so that devices look alike everywhere */
export function sshItem(
  list: MachineList,
  node: MachineNode,
  deviceItem: (device: DeviceInfo) => TreeItem,
): TreeItem {
  switch (node.kind) {
    case 'ssh.machines':
      return rootItem();
    case 'ssh.none':
      return addItem();
    case 'ssh.machine':
      return oneItem(list, node.machine);
    case 'ssh.device': {
      const item = deviceItem(node.device);
      item.id = `ssh.${node.machine.name}.${node.device.device}.${node.device.name}`;
      item.contextValue = 'ssh.device';
      return item;
    }
  }
}

function rootItem(): TreeItem {
  const item = new TreeItem(l10n.t('SSH machines'), TreeItemCollapsibleState.Collapsed);
  item.id = 'ssh';
  item.iconPath = new ThemeIcon('remote');
  item.contextValue = 'ssh.machines';
  item.tooltip = l10n.t(
    'Machines that train over SSH: an address and a key or a password are enough.',
  );
  return item;
}

function addItem(): TreeItem {
  const item = new TreeItem(l10n.t('Add a Machine…'), TreeItemCollapsibleState.None);
  item.id = 'ssh.add';
  item.iconPath = new ThemeIcon('add');
  item.contextValue = 'ssh.none';
  const command = 'trainbench.ssh.add' satisfies CommandId;
  item.command = { command, title: l10n.t('Add a Machine…') };
  return item;
}

function oneItem(list: MachineList, machine: SshMachine): TreeItem {
  const about = list.about(machine);
  const { Collapsed, None } = TreeItemCollapsibleState;
  const hasDevices = about?.devices !== undefined;
  const item = new TreeItem(machine.name, hasDevices ? Collapsed : None);
  item.id = `ssh.${machine.name}.${hasDevices ? 'known' : 'unknown'}`;
  item.iconPath = new ThemeIcon('vm');
  item.contextValue = 'ssh.machine';
  const address = addressBeside(machine);
  item.description = [address, about?.system ?? ''].filter((part) => part !== '').join(' · ');
  const lines = about === undefined ? [] : [about.system, `Node ${about.node}`, about.folder];
  item.tooltip = [machine.name, address, ...lines].filter((line) => line !== '').join('\n');
  return item;
}
