/** From data to a curve: proposes a config beside the data, shows it, and offers to train it. */
import path from 'node:path';
import { commands, FileType, l10n, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import { hasErrors } from '../../shared/diagnostics.ts';
import type { Services } from '../services.ts';
import { longRequest } from '../ui/longRequest.ts';
import { chooseData, chooseTarget } from './chooseData.ts';

/** @throws AppError where no model can be proposed; the reasons are in the Problems panel by then. */
export async function trainData(services: Services, clicked?: Uri): Promise<void> {
  const data = clicked instanceof Uri ? clicked : await chooseData();
  if (data === undefined) return;
  const config = await freeConfig(await baseOf(data));
  if (config === undefined) return;
  const target = await askTarget(services, data);
  if (target === null) return;
  const text = await propose(services, { data, config, target });
  await workspace.fs.writeFile(config, new TextEncoder().encode(text));
  await show(config);
  offerTraining(config);
}

/** Beside the data; for a folder that is open as the workspace in it, where its files are seen. */
async function baseOf(data: Uri): Promise<string> {
  const { dir, name, base } = path.parse(data.fsPath);
  const isFolder = ((await workspace.fs.stat(data)).type & FileType.Directory) !== 0;
  if (!isFolder) return path.join(dir, name.replace(/-idx\d-ubyte$/i, ''));
  const isRoot = (workspace.workspaceFolders ?? []).some(({ uri }) => uri.path === data.path);
  return path.join(isRoot ? data.fsPath : dir, base);
}

/** @returns undefined where the data have no columns to choose from; null where the user gives up. */
async function askTarget(services: Services, data: Uri): Promise<string | undefined | null> {
  const dataFile = data.fsPath;
  const { targets } = await longRequest(services, {
    title: l10n.t('Looking at {0}', path.basename(dataFile)),
    file: dataFile,
    ask: (client, signal) => client.request('config/targets', { dataFile }, signal),
  });
  return targets.length === 0 ? undefined : ((await chooseTarget(targets)) ?? null);
}

/** `<name>.train.yaml`, or where that exists what the user wants instead; undefined where it was enough to open it. */
async function freeConfig(base: string): Promise<Uri | undefined> {
  const first = Uri.file(`${base}.train.yaml`);
  if (!(await exists(first))) return first;
  const open = l10n.t('Open It');
  const another = l10n.t('Write Another');
  const question = l10n.t('{0} exists already.', path.basename(first.fsPath));
  const answer = await window.showWarningMessage(question, open, another);
  if (answer === open) {
    await show(first);
    offerTraining(first);
  }
  if (answer !== another) return undefined;
  for (let number = 2; ; number++) {
    const file = Uri.file(`${base}-${number}.train.yaml`);
    if (!(await exists(file))) return file;
  }
}

async function exists(file: Uri): Promise<boolean> {
  return workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

interface ProposalWish {
  readonly data: Uri;
  readonly config: Uri;
  readonly target: string | undefined;
}

async function propose(services: Services, wish: ProposalWish): Promise<string> {
  const { data, config, target } = wish;
  const { text, diagnostics } = await longRequest(services, {
    title: l10n.t('Proposing a config for {0}', path.basename(data.fsPath)),
    file: data.fsPath,
    ask: (client, signal) => {
      const args = { dataFile: data.fsPath, configFile: config.fsPath };
      return client.request(
        'config/propose',
        target === undefined ? args : { ...args, target },
        signal,
      );
    },
  });
  services.problems.show(data, diagnostics);
  if (text !== null) return text;
  const reasons = diagnostics.filter((each) => hasErrors([each])).map(({ message }) => message);
  const message = l10n.t(
    'There is no model to propose for {0}: {1}',
    path.basename(data.fsPath),
    reasons.join('; '),
  );
  throw new AppError('config.invalid', message, { diagnostics });
}

async function show(config: Uri): Promise<void> {
  await window.showTextDocument(config, { preview: false });
}

/** The message stays until the user acts; nobody waits for that. */
function offerTraining(config: Uri): void {
  const train = l10n.t('Train');
  const text = l10n.t(
    '{0} says how to train on your data, and why so. Change what you like.',
    path.basename(config.fsPath),
  );
  void window.showInformationMessage(text, train).then((answer) => {
    if (answer === train) void commands.executeCommand('trainbench.run.start', config);
  });
}
