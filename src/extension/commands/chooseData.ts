/** *Train on This Data*: which data are meant, and which column of a table is to be predicted. */
import path from 'node:path';
import { l10n, RelativePattern, Uri, window, workspace } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { TargetOption } from '../../shared/protocol/dataReport.ts';
import { arrayEndings, isTable, tableEndings } from './tableFiles.ts';

/** Most tables that are listed. */
const mostListed = 200;

/** The table in the editor, one of the workspace, or any other file or folder. @returns undefined where the user gives up. */
export async function chooseData(): Promise<Uri | undefined> {
  const title = l10n.t('Which data do you want to train on?');
  const file = { label: `$(table) ${l10n.t('A Table or Arrays…')}`, open: () => chooseFile(title) };
  const folder = {
    label: `$(file-media) ${l10n.t('A Folder of Images…')}`,
    description: l10n.t('with a folder for each class'),
    open: () => chooseFolder(title),
  };
  const tables = (await findTables()).map((uri) => ({
    label: path.basename(uri.fsPath),
    description: workspace.asRelativePath(uri),
    open: () => Promise.resolve<Uri | undefined>(uri),
  }));
  const items = [...tables, file, folder];
  const chosen = await window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.open();
}

async function findTables(): Promise<readonly Uri[]> {
  const glob = `**/*.{${tableEndings.filter((ending) => !ending.startsWith('json')).join(',')}}`;
  const found = await Promise.all(
    (workspace.workspaceFolders ?? []).map((folder) => {
      const pattern = new RelativePattern(folder, glob);
      return workspace.findFiles(pattern, '**/{node_modules,runs}/**', mostListed);
    }),
  );
  const active = window.activeTextEditor?.document.uri;
  const opened = active !== undefined && isTable(active) ? [active] : [];
  const byName = found.flat().sort((a, b) => a.path.localeCompare(b.path));
  return [...new Map([...opened, ...byName].map((uri) => [uri.path, uri])).values()];
}

async function chooseFile(title: string): Promise<Uri | undefined> {
  const filters = { [l10n.t('Tables and Arrays')]: [...tableEndings, ...arrayEndings] };
  return (await window.showOpenDialog({ title, filters }))?.[0];
}

async function chooseFolder(title: string): Promise<Uri | undefined> {
  const options = { title, canSelectFolders: true, canSelectFiles: false };
  return (await window.showOpenDialog(options))?.[0];
}

interface TargetItem extends QuickPickItem {
  readonly name: string;
}

/** Asked only where there are several. @returns undefined where the user gives up. */
export async function chooseTarget(targets: readonly TargetOption[]): Promise<string | undefined> {
  if (targets.length === 1) return targets[0]!.name;
  const title = l10n.t('Which column is to be predicted from the others?');
  const chosen = await window.showQuickPick(targets.map(targetItem), {
    title,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.name;
}

function targetItem({ name, task, reason, values }: TargetOption): TargetItem {
  const what =
    task === 'classification' ? l10n.t('a class: {0}', values) : l10n.t('a number: {0}', values);
  const likely = reason === null ? {} : { description: l10n.t('likeliest: {0}', reason) };
  return { name, label: name, detail: what, ...likely };
}
