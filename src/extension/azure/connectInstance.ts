/** Ways into a compute instance: its applications in the browser, and SSH. */
import { env, l10n, Uri, window } from 'vscode';
import type { ComputeTarget } from '../../azure/computes.ts';
import { AppError } from '../../shared/errors.ts';

interface Way {
  readonly label: string;
  readonly detail: string;
  readonly open: () => unknown;
}

/** @throws AppError `input.invalid` where there is no way in now, with what to do */
export async function connectInstance(compute: ComputeTarget): Promise<void> {
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
  const ways = [...applications(compute), ...ssh(compute)];
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
      /^(https|vscode):/.test(endpointUri)
        ? [
            {
              label: displayName,
              detail: endpointUri,
              open: () => env.openExternal(Uri.parse(endpointUri)),
            },
          ]
        : [],
  );
}

function ssh({ properties }: ComputeTarget): readonly Way[] {
  if (properties?.computeType !== 'ComputeInstance') return [];
  const { connectivityEndpoints, sshSettings } = properties.properties ?? {};
  const address = connectivityEndpoints?.publicIpAddress;
  const { adminUserName = 'azureuser', sshPort, sshPublicAccess } = sshSettings ?? {};
  if (address === undefined || sshPort === undefined || sshPublicAccess !== 'Enabled') return [];
  const command = `ssh ${adminUserName}@${address} -p ${sshPort}`;
  const isSafe = /^[\w.:-]+$/.test(`${adminUserName}${address}`);
  if (!isSafe) return [];
  const terminal = () => {
    const shown = window.createTerminal({ name: address });
    shown.show();
    shown.sendText(command, false); // the user presses Enter
  };
  return [{ label: l10n.t('SSH in a terminal'), detail: command, open: terminal }];
}
