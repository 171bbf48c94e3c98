/** Lets the user choose several runs of those that the index knows. */
import { env, l10n, window } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import type { RunFolders } from './runFolders.ts';
import { runView } from './runView.ts';

export interface RunsWanted {
  readonly title: string;
  /** Directories that are not offered. */
  readonly except: readonly string[];
}

/** @returns directories, none where the user gives up. @throws AppError where there is nothing to choose. */
export type RunPicker = (wanted: RunsWanted) => Promise<readonly string[]>;

export function createRunPicker(index: RunIndex, folders: RunFolders): RunPicker {
  return async ({ title, except }) => {
    await folders.search();
    const runs = index.runs.filter(({ directory }) => !except.includes(directory));
    if (runs.length === 0) {
      const text =
        except.length === 0
          ? l10n.t('There is no run here yet. Train a config first.')
          : l10n.t('There is no other run here. Train a config first.');
      throw new AppError('run.notFound', text);
    }
    const items = runs.map((run) => {
      const view = runView(run, (message, ...args) => l10n.t(message, ...args), {
        locale: env.language,
      });
      const { label, description, details } = view;
      return { label, description, detail: details[1] ?? '', directory: run.directory };
    });
    const options = { title, canPickMany: true, matchOnDescription: true } as const;
    const chosen = await window.showQuickPick(items, options);
    return chosen?.map(({ directory }) => directory) ?? [];
  };
}
