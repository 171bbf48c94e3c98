/** Files that a run gives away: predictions as CSV, weights for other tools. */
import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { predictionsCsv } from '../runs/predictionsCsv.ts';
import type { Services } from '../services.ts';
import { longRequest } from '../ui/longRequest.ts';
import { askRows } from './askRows.ts';
import { chooseSavedRuns } from './savedRun.ts';
import type { ChosenRows } from './savedRun.ts';

/** Asks for rows, or a folder of images, and for where to write: beside them, unless the user says otherwise. */
export async function predictCsv(services: Services, directory: string): Promise<void> {
  const title = l10n.t('Rows to predict');
  const input = await askRows(await services.core.client(), directory, title);
  if (input === undefined) return;
  const { dir, name } = path.posix.parse(input.path);
  const output = await window.showSaveDialog({
    title: l10n.t('Save predictions as'),
    defaultUri: input.with({ path: path.posix.join(dir, `${name}-predictions.csv`) }),
    filters: { CSV: ['csv'] },
  });
  if (output === undefined) return;
  const args = { directory, csvFile: input.fsPath };
  const { predictions } = await longRequest(services, {
    title: l10n.t('Predicting {0}', path.basename(input.fsPath)),
    file: directory,
    ask: (client, signal) => client.request('run/predict', args, signal),
  });
  await workspace.fs.writeFile(output, new TextEncoder().encode(predictionsCsv(predictions)));
  await window.showTextDocument(output);
  const failed = predictions.filter(({ problem }) => problem !== undefined).length;
  if (failed === 0) return;
  const text = l10n.t(
    '{0} of {1} rows are not predicted. The last column of the file says why.',
    failed,
    predictions.length,
  );
  // Stays until the user acts; nobody waits for that.
  void window.showWarningMessage(text);
}

const formats = [
  { label: 'PyTorch', description: '.pt', format: 'pt' },
  { label: 'safetensors', description: '.safetensors', format: 'safetensors' },
] as const;

/** One run to a file that the user names, several to a folder, each under its own name. */
export async function exportRuns(services: Services, rows: ChosenRows): Promise<void> {
  const directories = await chooseSavedRuns(services, rows, l10n.t('Export which runs?'));
  if (directories.length === 0) return;
  const title = l10n.t('Export the weights as');
  const chosen = await window.showQuickPick(formats, { title });
  if (chosen === undefined) return;
  const files = await askFiles(directories, { title, ...chosen });
  if (files.length === 0) return;
  const client = await services.core.client();
  for (const { directory, file } of files) {
    await client.request('run/export', { directory, format: chosen.format, file });
  }
  // Stays until the user acts; nobody waits for that.
  void sayWritten(files.map(({ file }) => file));
}

interface ExportedFile {
  readonly directory: string;
  readonly file: string;
}

/** @returns none where the user gives up. */
async function askFiles(
  directories: readonly string[],
  { title, label, format }: { title: string } & (typeof formats)[number],
): Promise<readonly ExportedFile[]> {
  const [first = ''] = directories;
  if (directories.length > 1) {
    const folder = await window.showOpenDialog({
      title,
      canSelectFolders: true,
      canSelectFiles: false,
    });
    const parent = folder?.[0]?.fsPath;
    if (parent === undefined) return [];
    return directories.map((directory) => {
      const file = path.join(parent, `${path.basename(directory)}.${format}`);
      return { directory, file };
    });
  }
  const defaultUri = Uri.file(path.join(first, `model.${format}`));
  const filters = { [label]: [format] };
  const target = await window.showSaveDialog({ title, defaultUri, filters });
  return target === undefined ? [] : [{ directory: first, file: target.fsPath }];
}

async function sayWritten(files: readonly string[]): Promise<void> {
  const [first = ''] = files;
  const text =
    files.length === 1
      ? l10n.t('Wrote {0}', first)
      : l10n.t('Wrote {0} files to {1}', files.length, path.dirname(first));
  const show = l10n.t('Show the File');
  if ((await window.showInformationMessage(text, show)) !== show) return;
  await commands.executeCommand('revealInExplorer', Uri.file(first));
}
