/** *Show Problems of This Config*: what stands where *Train This Config* would, while the config has errors. */
import { commands, l10n, Range, window } from 'vscode';
import type { Uri } from 'vscode';
import type { Services } from '../services.ts';
import { chooseConfig, configTitle, saveIfDirty } from './configFiles.ts';

/** Opens the config at its first error, and the Problems panel. */
export async function showConfigProblems(
  { checks, problems }: Services,
  clicked?: Uri,
): Promise<void> {
  const title = l10n.t('Of which config?');
  const config = await chooseConfig({ clicked, title, checks });
  if (config === undefined) return;
  await saveIfDirty(config);
  const diagnostics = await checks.check(config);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (first === undefined) {
    const text = l10n.t(
      '{0} has no errors. Train it to try it with its data.',
      configTitle(config),
    );
    void window.showInformationMessage(text);
    return;
  }
  problems.show(config, diagnostics, problems.wasTried(config) ? 'tried' : 'read');
  const { line, column } = first.start;
  const selection = new Range(line - 1, column - 1, line - 1, column - 1);
  await window.showTextDocument(config, { selection, preview: false });
  await commands.executeCommand('workbench.actions.view.problems');
}
