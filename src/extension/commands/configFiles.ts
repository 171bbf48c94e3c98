/** Which config a command means: the clicked one, the one in the editor, or the one the user picks. */
import path from 'node:path';
import { commands, l10n, RelativePattern, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';

const configName = /\.train\.(ya?ml|json)$/;
export const configGlob = '**/*.train.{yaml,yml,json}';
const maxConfigs = 500;

export function isConfig(uri: Uri): boolean {
  return uri.scheme === 'file' && configName.test(uri.path);
}

/** `penguins.train.yaml` is called penguins until its own `name` is known. */
export function configTitle(uri: Uri): string {
  return path.posix.basename(uri.path).replace(configName, '');
}

/** What is known of configs. */
export interface ConfigFaults {
  /** How many errors a config has; 0 while that is not known. */
  errorsOf(config: Uri): number;
}

export interface ConfigChoice {
  /** What the menu was of. */
  readonly clicked?: Uri | undefined;
  readonly title: string;
  readonly checks: ConfigFaults;
}

/** Asks only where there are several. @returns undefined where the user picks none, or where there is none. */
export async function chooseConfig({
  clicked,
  title,
  checks,
}: ConfigChoice): Promise<Uri | undefined> {
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
  const items = readableFirst(configs, checks).map((uri) => ({
    label: configTitle(uri),
    description: workspace.asRelativePath(uri),
    ...faultOf(checks.errorsOf(uri)),
    uri,
  }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.uri;
}

function readableFirst(configs: readonly Uri[], checks: ConfigFaults): readonly Uri[] {
  const isBroken = (uri: Uri) => checks.errorsOf(uri) > 0;
  return [...configs.filter((uri) => !isBroken(uri)), ...configs.filter(isBroken)];
}

/** Under a config in a list: that it cannot be trained. */
function faultOf(errors: number): { readonly detail?: string } {
  return errors === 0 ? {} : { detail: `$(error) ${untrainable(errors)}` };
}

/** @param errors at least one. */
export function untrainable(errors: number): string {
  return errors === 1
    ? l10n.t('Cannot be trained: 1 problem')
    : l10n.t('Cannot be trained: {0} problems', errors);
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
      const pattern = new RelativePattern(folder, configGlob);
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
