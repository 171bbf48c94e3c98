/** *Look at Data*: which file is meant, and its view. */
import { l10n, Uri, window } from 'vscode';
import type { Services } from '../services.ts';
import { isConfig } from './configFiles.ts';
import { isTable, tableEndings } from './tableFiles.ts';

/** The clicked file, the one in the editor, or one that the user picks. */
export async function lookAtData({ data }: Services, clicked?: Uri): Promise<void> {
  const file = clicked instanceof Uri ? clicked : (activeFile() ?? (await chooseFile()));
  if (file !== undefined) await data.show(file.fsPath);
}

function activeFile(): Uri | undefined {
  const active = window.activeTextEditor?.document.uri;
  return active !== undefined && (isConfig(active) || isTable(active)) ? active : undefined;
}

async function chooseFile(): Promise<Uri | undefined> {
  const title = l10n.t('Which data do you want to look at?');
  const filters = {
    [l10n.t('Tables and Configs')]: [...tableEndings, 'yaml', 'yml'],
  };
  return (await window.showOpenDialog({ title, filters }))?.[0];
}
