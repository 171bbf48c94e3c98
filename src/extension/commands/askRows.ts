/** Which rows a run is to judge: a table, or for a run over images a folder of them. */
import { l10n, window } from 'vscode';
import type { Uri } from 'vscode';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { arrayEndings, tableEndings } from './tableFiles.ts';

/** @returns undefined where the user gives up. */
export async function askRows(
  client: Client<CoreContract>,
  directory: string,
  title: string,
): Promise<Uri | undefined> {
  const { fields } = await client.request('run/inputs', { directory });
  if (fields.every(({ kind }) => kind !== 'image')) return askFile(title, tableEndings);
  const folder = { label: `$(file-media) ${l10n.t('A Folder of Images…')}`, isFolder: true };
  const file = { label: `$(table) ${l10n.t('A File…')}`, isFolder: false };
  const chosen = await window.showQuickPick([folder, file], { title });
  if (chosen === undefined) return undefined;
  if (!chosen.isFolder) return askFile(title, [...tableEndings, ...arrayEndings]);
  const options = { title, canSelectFolders: true, canSelectFiles: false };
  return (await window.showOpenDialog(options))?.[0];
}

async function askFile(title: string, endings: string[]): Promise<Uri | undefined> {
  const filters = { [l10n.t('Tables')]: endings };
  return (await window.showOpenDialog({ title, filters }))?.[0];
}
