/** Which run a command means: the given one (a folder or a node of the Runs tree), the one on show, or the one the user picks. */
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import { directoryOf } from '../explorer/runNodes.ts';
import type { RunStore } from '../runs/runStore.ts';

const maxRuns = 2000;

/** @returns the run's directory, undefined where the user picks none. @throws AppError where there is none. */
export async function chooseRun(store: RunStore, given?: unknown): Promise<string | undefined> {
  const named = directoryOf(given);
  if (named !== undefined) return named;
  const shown = store.run?.info?.directory;
  if (shown !== undefined) return shown;
  const found = await workspace.findFiles('**/run.json', '**/node_modules/**', maxRuns);
  if (found.length === 0) {
    throw new AppError('run.notFound', l10n.t('There is no run here yet. Train a config first.'));
  }
  // Their names begin with the time.
  const items = found
    .map((file) => Uri.joinPath(file, '..'))
    .map((uri) => ({
      label: path.posix.basename(uri.path),
      description: workspace.asRelativePath(Uri.joinPath(uri, '..')),
      directory: uri.fsPath,
    }))
    .sort((a, b) => b.label.localeCompare(a.label));
  const title = l10n.t('Which run?');
  return (await window.showQuickPick(items, { title }))?.directory;
}
