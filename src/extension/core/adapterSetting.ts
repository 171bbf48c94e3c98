/** The setting that names a GPU: a core has it from its start on, so a change starts another one. */
import { workspace } from 'vscode';
import { settingTable } from '../config/settings.ts';
import type { Disposes } from '../lifetime.ts';
import type { Services } from '../services.ts';

/** Undefined for the fastest. */
export function chosenAdapter(): string | undefined {
  const { key, fallback } = settingTable.adapter;
  return workspace.getConfiguration().get<string>(key, fallback).trim() || undefined;
}

/** A run in training keeps its core, and with it its GPU. */
export function followAdapter({ actions, core, store, computeTree }: Services): Disposes {
  let isDue = false;
  const restart = () => {
    if (!isDue || store.isActive) return;
    isDue = false;
    void actions.run('core restart', async () => {
      await core.restart();
      computeTree.refresh();
    });
  };
  const changes = workspace.onDidChangeConfiguration((change) => {
    isDue ||= change.affectsConfiguration(settingTable.adapter.key);
    restart();
  });
  const runs = store.onDidChange(restart);
  return {
    dispose() {
      changes.dispose();
      runs.dispose();
    },
  };
}
