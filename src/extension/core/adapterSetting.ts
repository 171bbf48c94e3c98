/** The setting that names a GPU: a core has it from its start on, so a change starts another one. */
import { workspace } from 'vscode';
import { settingTable } from '../config/settings.ts';
import type { Disposes } from '../lifetime.ts';
import type { Services } from '../services.ts';
import { idleRestart } from './idleRestart.ts';

/** Undefined for the fastest. */
export function chosenAdapter(): string | undefined {
  const { key, fallback } = settingTable.adapter;
  return workspace.getConfiguration().get<string>(key, fallback).trim() || undefined;
}

/** A run in training keeps its core, and with it its GPU. */
export function followAdapter({ actions, core, store, computeTree }: Services): Disposes {
  const restart = idleRestart(store, () => {
    void actions.run('core restart', async () => {
      await core.restart();
      computeTree.refresh();
    });
  });
  const changes = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(settingTable.adapter.key)) restart.demand();
  });
  return {
    dispose() {
      changes.dispose();
      restart.dispose();
    },
  };
}
