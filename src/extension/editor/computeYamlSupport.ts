/** Completion and diagnostics for YAML files of Azure computes; the Azure part is loaded at the first one that is open. */
import { CodeLens, l10n, languages, Range, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { CommandId } from '../commands/commandTable.ts';
import type { AzureDoor } from '../explorer/azureDoor.ts';
import type { Disposes } from '../lifetime.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import type { Problems } from '../ui/problems.ts';

/** A cheap look at the text: most YAML files are something else. */
const telling =
  /^type:\s*["']?(aml_?compute|compute_?instance|virtual_?machine|kubernetes|synapse_?spark)\b|^\$schema:.*\/(amlCompute|computeInstance|vmCompute)\./im;

export interface ComputeYamlParts {
  readonly actions: ActionRunner;
  readonly azure: AzureDoor;
  readonly problems: Problems;
}

export function createComputeYamlSupport({ actions, azure, problems }: ComputeYamlParts): Disposes {
  const isOne = (document: TextDocument) =>
    document.languageId === 'yaml' &&
    document.uri.scheme === 'file' &&
    telling.test(document.getText());
  const check = (document: TextDocument) => {
    if (!isOne(document)) return;
    void actions.run('check compute YAML', async () => {
      (await azure.open()).checkYaml(document, problems);
    });
  };
  const parts: Disposes[] = [
    workspace.onDidOpenTextDocument(check),
    workspace.onDidChangeTextDocument(({ document }) => check(document)),
    workspace.onDidCloseTextDocument(({ languageId, uri }) => {
      // Configs are looked after elsewhere.
      if (languageId === 'yaml' && !/\.train\.ya?ml$/.test(uri.path)) problems.clear(uri);
    }),
    languages.registerCompletionItemProvider(
      { language: 'yaml' },
      {
        async provideCompletionItems(document, position) {
          if (!isOne(document)) return [];
          return (await azure.open()).completeYaml(document, position);
        },
      },
      ' ',
      ':',
    ),
  ];
  parts.push(
    languages.registerCodeLensProvider(
      { language: 'yaml', scheme: 'file' },
      {
        provideCodeLenses(document) {
          if (!isOne(document)) return [];
          const command = 'trainbench.azure.createFromYaml' satisfies CommandId;
          const title = `$(cloud-upload) ${l10n.t('Create in Azure')}`;
          const first = new Range(0, 0, 0, 0);
          return [new CodeLens(first, { title, command, arguments: [document.uri] })];
        },
      },
    ),
  );
  for (const document of workspace.textDocuments) check(document);
  return {
    dispose() {
      for (const part of parts) part.dispose();
    },
  };
}
