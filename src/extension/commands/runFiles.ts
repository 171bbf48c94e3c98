/** Files that a run gives away: predictions as CSV, weights for other tools. */
import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { predictionsCsv } from '../runs/predictionsCsv.ts';
import type { Services } from '../services.ts';
import { askDataFile } from './savedRun.ts';

/** Asks for rows and for where to write: beside them, unless the user says otherwise. */
export async function predictCsv({ core }: Services, directory: string): Promise<void> {
  const input = await askDataFile(l10n.t('Rows to predict'));
  if (input === undefined) return;
  const { dir, name } = path.posix.parse(input.path);
  const output = await window.showSaveDialog({
    title: l10n.t('Save predictions as'),
    defaultUri: input.with({ path: path.posix.join(dir, `${name}-predictions.csv`) }),
    filters: { CSV: ['csv'] },
  });
  if (output === undefined) return;
  const client = await core.client();
  const args = { directory, csvFile: input.fsPath };
  const { predictions } = await client.request('run/predict', args);
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

export async function exportRun({ core }: Services, directory: string): Promise<void> {
  const title = l10n.t('Export the weights as');
  const chosen = await window.showQuickPick(formats, { title });
  if (chosen === undefined) return;
  const { format } = chosen;
  const target = await window.showSaveDialog({
    title,
    defaultUri: Uri.file(path.join(directory, `model.${format}`)),
    filters: { [chosen.label]: [format] },
  });
  if (target === undefined) return;
  const client = await core.client();
  const { file } = await client.request('run/export', { directory, format, file: target.fsPath });
  const show = l10n.t('Show the File');
  // Stays until the user acts; nobody waits for that.
  void window.showInformationMessage(l10n.t('Wrote {0}', file), show).then((answer) => {
    if (answer === show) return commands.executeCommand('revealInExplorer', Uri.file(file));
    return undefined;
  });
}
