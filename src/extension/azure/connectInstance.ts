/** Ways into a compute instance: its applications in the browser, VS Code, the studio, and SSH. */
import { env, l10n, Uri, window } from 'vscode';
import type { ComputeTarget } from '../../azure/computes.ts';
import { workspacePath } from '../../azure/resourceIds.ts';
import { AppError } from '../../shared/errors.ts';
import type { ComputesNode } from './azureNodes.ts';

interface Way {
  readonly label: string;
  readonly detail: string;
  readonly open: () => unknown;
}

type Place = Pick<ComputesNode, 'connection' | 'workspace'>;

/** @throws AppError `input.invalid` where there is no way in now, with what to do */
export async function connectInstance(compute: ComputeTarget, place: Place): Promise<void> {
  const { name, properties } = compute;
  if (properties?.computeType !== 'ComputeInstance') {
    throw new AppError('input.invalid', l10n.t('{0} is no compute instance.', name));
  }
  const { state = '' } = properties.properties ?? {};
  if (!/^(Running|JobRunning)$/.test(state)) {
    throw new AppError(
      'input.invalid',
      l10n.t('{0} does not run. Start it first, then connect.', name),
    );
  }
  const ways = [...applications(compute), ...ssh(compute), ...studio(compute, place)];
  if (ways.length === 0) {
    const text = l10n.t('{0} tells of no way in: no application, and SSH is off.', name);
    throw new AppError('input.invalid', text);
  }
  const title = l10n.t('Connect to {0}', name);
  const chosen = await window.showQuickPick(ways, { title });
  await chosen?.open();
}

function applications({ properties }: ComputeTarget): readonly Way[] {
  if (properties?.computeType !== 'ComputeInstance') return [];
  return (properties.properties?.applications ?? []).flatMap(
    ({ displayName = '', endpointUri = '' }) =>
      /^(https|vscode):/.test(endpointUri) ? [page(displayName, endpointUri)] : [],
  );
}

function page(label: string, address: string): Way {
  return { label, detail: address, open: () => env.openExternal(Uri.parse(address)) };
}

/** Where notebooks, and VS Code for the web, are a click away. None in a cloud that has no studio. */
function studio({ name }: ComputeTarget, { connection, workspace }: Place): readonly Way[] {
  const { studio: address } = connection.cloud;
  if (address === '') return [];
  const query = `wsid=${workspacePath(workspace)}`;
  return [
    page(l10n.t('The studio'), `${address}/compute/${encodeURIComponent(name)}/details?${query}`),
  ];
}

/** In a terminal, and by VS Code's own extension for that. */
function ssh({ properties }: ComputeTarget): readonly Way[] {
  if (properties?.computeType !== 'ComputeInstance') return [];
  const { connectivityEndpoints, sshSettings } = properties.properties ?? {};
  const address = connectivityEndpoints?.publicIpAddress;
  const { adminUserName = 'azureuser', sshPort, sshPublicAccess } = sshSettings ?? {};
  if (address === undefined || sshPort === undefined || sshPublicAccess !== 'Enabled') return [];
  const isSafe = /^[\w.:-]+$/.test(`${adminUserName}${address}`);
  if (!isSafe) return [];
  const command = `ssh ${adminUserName}@${address} -p ${sshPort}`;
  const terminal = () => {
    const shown = window.createTerminal({ name: address });
    shown.show();
    shown.sendText(command, false); // the user presses Enter
  };
  const place = `ssh-remote+${adminUserName}@${address}:${sshPort}/home/${adminUserName}`;
  return [
    page(l10n.t('VS Code over SSH (Remote - SSH)'), `${env.uriScheme}://vscode-remote/${place}`),
    { label: l10n.t('SSH in a terminal'), detail: command, open: terminal },
  ];
}
