/** Train and Predict above the first line of a config; while it has errors, these instead of Train. */
import { CodeLens, EventEmitter, l10n, languages, Range, workspace } from 'vscode';
import type { CodeLensProvider, Uri } from 'vscode';
import type { CommandId } from '../commands/commandTable.ts';
import { settingTable } from '../config/settings.ts';
import type { Disposes } from '../lifetime.ts';
import { untrainable } from '../commands/configFiles.ts';
import type { Services } from '../services.ts';

const configs = { scheme: 'file', pattern: '**/*.train.{yaml,yml,json}' };

export function createConfigLens({ checks, index }: Pick<Services, 'checks' | 'index'>): Disposes {
  const changed = new EventEmitter<void>();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses({ uri }) {
      if (!isEnabled()) return [];
      const newest = index.runs.find(({ configFile }) => configFile === uri.fsPath);
      const train = trainLens(uri, checks.errorsOf(uri));
      if (newest === undefined) return [train];
      const predict = lens(l10n.t('Predict'), 'trainbench.run.predict', newest.directory);
      return [train, predict, lens(l10n.t('Predict CSV…'), 'trainbench.run.predictCsv', uri)];
    },
  };
  const parts: readonly Disposes[] = [
    changed,
    languages.registerCodeLensProvider(configs, provider),
    index.onDidChange(() => changed.fire()),
    checks.onDidChange(() => changed.fire()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingTable.codeLens.key)) changed.fire();
    }),
  ];
  return {
    dispose() {
      for (const part of parts) part.dispose();
    },
  };
}

function trainLens(uri: Uri, errors: number): CodeLens {
  if (errors === 0) return lens(`$(play) ${l10n.t('Train')}`, 'trainbench.run.start', uri);
  return lens(`$(error) ${untrainable(errors)}`, 'trainbench.config.problems', uri);
}

function lens(title: string, command: CommandId, target: unknown): CodeLens {
  return new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [target] });
}

function isEnabled(): boolean {
  const { key, fallback } = settingTable.codeLens;
  return workspace.getConfiguration().get<boolean>(key, fallback);
}
