/** A run's model elsewhere: a script with its weights in the run's export folder, or the line for a terminal. */
import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { ScriptLanguage } from '../../shared/protocol/core.ts';
import type { Services } from '../services.ts';

type Way = ScriptLanguage | 'shell';

export async function useModel(services: Services, directory: string): Promise<void> {
  const way = await chooseWay();
  if (way === 'shell') await showCommandLine(services, directory);
  else if (way !== undefined) await showScript(services, directory, way);
}

async function chooseWay(): Promise<Way | undefined> {
  const ways: readonly { readonly label: string; readonly detail: string; readonly way: Way }[] = [
    { label: 'Python', detail: l10n.t('A script for PyTorch, with its weights'), way: 'python' },
    {
      label: 'JavaScript',
      detail: l10n.t('A module for Node.js that needs nothing else, with its weights'),
      way: 'javascript',
    },
    {
      label: l10n.t('Command line'),
      detail: l10n.t('The line that predicts in a terminal'),
      way: 'shell',
    },
  ];
  const title = l10n.t('Where do you want to use this model?');
  return (await window.showQuickPick(ways, { title }))?.way;
}

async function showScript(
  { core }: Services,
  directory: string,
  language: ScriptLanguage,
): Promise<void> {
  const client = await core.client();
  const { script, weights } = await client.request('run/script', { directory, language });
  await window.showTextDocument(Uri.file(script));
  const show = l10n.t('Show in Explorer');
  const text = l10n.t('{0} and its weights {1} are in {2}.', ...names(script, weights));
  // The message stays until the user acts; nobody waits for that.
  void window.showInformationMessage(text, show).then((answer) => {
    if (answer === show) void commands.executeCommand('revealInExplorer', Uri.file(script));
  });
}

function names(script: string, weights: string): readonly [string, string, string] {
  const folder = workspace.asRelativePath(path.dirname(script));
  return [path.basename(script), path.basename(weights), folder];
}

async function showCommandLine({ core, extensionUri }: Services, directory: string): Promise<void> {
  const client = await core.client();
  const { example } = await client.request('run/inputs', { directory });
  const program = Uri.joinPath(extensionUri, 'dist', 'cli.cjs').fsPath;
  const words = [program, 'predict', directory, '--input', JSON.stringify(example)];
  const content = `node ${words.map(quoted).join(' ')}\n`;
  const document = await workspace.openTextDocument({ language: 'shellscript', content });
  await window.showTextDocument(document);
}

/** For a POSIX shell, or on Windows for the command prompt. */
function quoted(word: string): string {
  if (/^[\w./:-]+$/.test(word)) return word;
  if (process.platform === 'win32') return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
