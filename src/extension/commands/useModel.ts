/** A run's model elsewhere: a script with its weights in the run's export folder, or from a terminal. */
import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { ScriptLanguage } from '../../shared/protocol/core.ts';
import type { Services } from '../services.ts';
import { serveModel, showCommandLine } from './modelCommandLine.ts';

type Way = ScriptLanguage | 'curl' | 'shell';

export async function useModel(services: Services, directory: string): Promise<void> {
  const way = await chooseWay();
  if (way === 'curl') await serveModel(services, directory);
  else if (way === 'shell') await showCommandLine(services, directory);
  else if (way !== undefined) await showScript(services, directory, way);
}

async function chooseWay(): Promise<Way | undefined> {
  const ways: readonly { readonly label: string; readonly detail: string; readonly way: Way }[] = [
    {
      label: 'Python',
      detail: l10n.t('A script that needs NumPy only, with its weights'),
      way: 'python',
    },
    {
      label: 'JavaScript',
      detail: l10n.t('A module for Node.js that needs nothing else, with its weights'),
      way: 'javascript',
    },
    {
      label: 'curl',
      detail: l10n.t('Serves the model over HTTP to programs on this machine'),
      way: 'curl',
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
