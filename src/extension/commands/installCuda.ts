/** *Install CUDA Backend*: TensorFlow for device `cuda`, into the storage of the extension; also mends and removes it. */
import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { DeviceInfo } from '../../shared/protocol/core.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../ui/withProgress.ts';

type Kind = 'gpu' | 'cpu';
type Choice = Kind | 'remove';

export async function installCuda(services: Services): Promise<void> {
  const choice = await choose();
  if (choice === undefined) return;
  if (choice === 'remove') await remove(services);
  else await install(services, choice);
  services.computeTree.refresh();
}

async function choose(): Promise<Choice | undefined> {
  const items = [
    {
      label: l10n.t('For an NVIDIA GPU'),
      detail: l10n.t(
        'tfjs-node-gpu, some 500 MB. Needs an NVIDIA driver, CUDA 11.2 and cuDNN 8.1.',
      ),
      choice: 'gpu',
    },
    {
      label: l10n.t('For the processor'),
      detail: l10n.t('tfjs-node, some 300 MB, to try the backend without a GPU.'),
      choice: 'cpu',
    },
    {
      label: l10n.t('Remove'),
      detail: l10n.t('Takes away what is installed.'),
      choice: 'remove',
    },
  ] as const;
  const title = l10n.t('Install the CUDA backend (TensorFlow.js)');
  return (await window.showQuickPick(items, { title }))?.choice;
}

async function remove({ core }: Services): Promise<void> {
  const { removed } = await (await core.client()).request('device/uninstall', {});
  const text = removed
    ? l10n.t('The CUDA backend was removed.')
    : l10n.t('The CUDA backend was not installed.');
  void window.showInformationMessage(text);
}

async function install(services: Services, kind: Kind): Promise<void> {
  try {
    const device = await installed(services, kind);
    if (device.usable) {
      void window.showInformationMessage(l10n.t('Device cuda can be used: {0}', device.name));
    } else {
      void window.showWarningMessage(l10n.t('Device cuda cannot be used: {0}', device.reason));
    }
  } catch (error) {
    if (!isError(error, 'device.install')) throw error;
    services.actions.note('install CUDA backend', error);
    void tellFailure(services, kind, errorMessage(error));
  }
}

async function installed({ core }: Services, kind: Kind): Promise<DeviceInfo> {
  const client = await core.client();
  return withProgress({
    title: l10n.t('Installing the CUDA backend'),
    async run(report, signal) {
      const end = client.on('run/progress', ({ file, message }) => {
        if (file === 'cuda') report({ message });
      });
      try {
        return (await client.request('device/install', { kind }, signal)).device;
      } finally {
        end();
      }
    },
  });
}

/** The first line names the failure; all that npm said is a file. */
async function tellFailure(services: Services, kind: Kind, message: string): Promise<void> {
  const output = l10n.t('Show Output');
  const again = l10n.t('Try Again');
  const [first = message] = message.split('\n');
  const chosen = await window.showErrorMessage(first, output, again);
  if (chosen === output) {
    const log = path.join(services.storage, 'cuda', 'install.log');
    await window.showTextDocument(Uri.file(log), { preview: true });
  }
  if (chosen === again)
    await services.actions.run('install CUDA backend', () => install(services, kind));
}
