/** Which config a command means: the clicked one, the one in the editor, or the one the user picks. */
import path from 'node:path';
import { commands, l10n, RelativePattern, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';

const configName = /\.train\.(ya?ml|json)$/;
const glob = '**/*.train.{yaml,yml,json}';
const maxConfigs = 500;

export function isConfig(uri: Uri): boolean {
  return uri.scheme === 'file' && configName.test(uri.path);
}

/** `penguins.train.yaml` is called penguins until its own `name` is known. */
export function configTitle(uri: Uri): string {
  return path.posix.basename(uri.path).replace(configName, '');
}

/** Asks only where there are several. @returns undefined where the user picks none, or where there is none. */
export async function chooseConfig(
  clicked?: Uri,
  title = l10n.t('Which config do you want to train?'),
): Promise<Uri | undefined> {
  if (clicked instanceof Uri) return clicked;
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isConfig(active)) return active;
  const configs = withOpened(await findConfigs());
  if (configs.length === 1) return configs[0];
  if (configs.length === 0) {
    // Stays until the user acts; nobody waits for that.
    void offerFirstConfig();
    return undefined;
  }
  const items = configs.map((uri) => ({
    label: configTitle(uri),
    description: workspace.asRelativePath(uri),
    uri,
  }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.uri;
}

/** Where there is no config to train, the ways to come by one. */
async function offerFirstConfig(): Promise<void> {
  const sample = l10n.t('Open Sample');
  const data = l10n.t('Train on This Data');
  const text = l10n.t(
    'There is no training config here. Open a sample, or let Trainbench propose a config for data of yours.',
  );
  const answer = await window.showInformationMessage(text, sample, data);
  if (answer === sample) await commands.executeCommand('trainbench.sample.open');
  if (answer === data) await commands.executeCommand('trainbench.data.train');
}

export async function findConfigs(): Promise<readonly Uri[]> {
  const folders = workspace.workspaceFolders ?? [];
  const found = await Promise.all(
    folders.map((folder) => {
      const pattern = new RelativePattern(folder, glob);
      return workspace.findFiles(pattern, '**/{node_modules,runs}/**', maxConfigs);
    }),
  );
  return found.flat().sort((a, b) => a.path.localeCompare(b.path));
}

/** Also those in editors: a sample may be open while no folder is. */
function withOpened(found: readonly Uri[]): readonly Uri[] {
  const known = new Set(found.map(String));
  const opened = workspace.textDocuments.filter(
    ({ uri }) => isConfig(uri) && !known.has(String(uri)),
  );
  return [...found, ...opened.map(({ uri }) => uri)];
}

/** The core reads the file on disk, so what the editor holds goes there first. */
export async function saveIfDirty(uri: Uri): Promise<void> {
  const document = workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
  if (document?.isDirty === true && !(await document.save())) {
    throw new AppError(
      'input.invalid',
      l10n.t('{0} could not be saved, so it was not trained.', uri.fsPath),
    );
  }
}
