/** *Delete a Run*, or several: asks first, says which, and moves their folders to the trash where there is one. */
import path from 'node:path';
import { l10n, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import { activeStates } from '../runs/runStore.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../ui/withProgress.ts';
import { chooseSavedRuns } from './savedRun.ts';
import type { ChosenRows } from './savedRun.ts';

/** A question names so many runs, and counts the others. */
const mostNamed = 10;

/** @throws AppError `run.busy` where one of them trains; then none is deleted. */
export async function deleteRuns(services: Services, rows: ChosenRows): Promise<void> {
  const directories = await chooseSavedRuns(services, rows, l10n.t('Delete which runs?'));
  if (directories.length === 0) return;
  const busy = directories.filter((directory) => isTraining(services, directory));
  if (busy.length > 0) throw runsAreTraining(directories.length, busy);
  if (!(await confirm(directories))) return;
  const kept = await remove(services, directories, true);
  if (kept.length > 0 && (await confirmForGood(kept))) await remove(services, kept, false);
}

function isTraining({ index, store }: Services, directory: string): boolean {
  const live = store.run?.info?.directory === directory ? store.run.state : undefined;
  const state = live ?? index.find(directory)?.state;
  return activeStates.some((active) => active === state);
}

function runsAreTraining(count: number, busy: readonly string[]): AppError {
  const text =
    count === 1
      ? l10n.t('This run is training. Stop it before you delete it.')
      : l10n.t('Nothing is deleted: {0} is training. Stop it first.', names(busy, ', '));
  return new AppError('run.busy', text);
}

async function confirm(directories: readonly string[]): Promise<boolean> {
  const [first = ''] = directories;
  const one = directories.length === 1;
  const question = one
    ? l10n.t('Delete the run {0}?', path.basename(first))
    : l10n.t('Delete these {0} runs?', directories.length);
  const where = one
    ? l10n.t('Its folder with weights and metrics goes to the trash: {0}', first)
    : l10n.t('Their folders with weights and metrics go to the trash.');
  const detail = one ? where : `${names(directories, '\n')}\n\n${where}`;
  return answers(question, detail, l10n.t('Delete'));
}

function confirmForGood(directories: readonly string[]): Promise<boolean> {
  const [first = ''] = directories;
  const one = directories.length === 1;
  const question = one
    ? l10n.t('There is no trash here. Delete {0} for good?', first)
    : l10n.t('There is no trash here. Delete these {0} runs for good?', directories.length);
  return answers(question, one ? '' : names(directories, '\n'), l10n.t('Delete for Good'));
}

async function answers(question: string, detail: string, button: string): Promise<boolean> {
  const answer = await window.showWarningMessage(question, { modal: true, detail }, button);
  return answer === button;
}

function names(directories: readonly string[], separator: string): string {
  const shown = directories.slice(0, mostNamed).map((directory) => path.basename(directory));
  const others = directories.length - shown.length;
  return [...shown, ...(others === 0 ? [] : [l10n.t('and {0} more', others)])].join(separator);
}

/** @returns those that could not go to the trash. What comes after a cancel stays, and is not among them. */
async function remove(
  { index, savedPlots }: Services,
  directories: readonly string[],
  useTrash: boolean,
): Promise<readonly string[]> {
  const kept: string[] = [];
  const one = async (directory: string): Promise<void> => {
    try {
      await workspace.fs.delete(Uri.file(directory), { recursive: true, useTrash });
      savedPlots.close(directory);
    } catch (error) {
      if (!useTrash) throw error;
      kept.push(directory);
    }
  };
  try {
    await oneByOne(directories, one);
  } finally {
    await index.refresh([...new Set(directories.map((directory) => path.dirname(directory)))]);
  }
  return kept;
}

/** With progress and a way out where there are several. */
async function oneByOne(
  directories: readonly string[],
  action: (directory: string) => Promise<void>,
): Promise<void> {
  const [first, ...others] = directories;
  if (first === undefined) return;
  if (others.length === 0) return action(first);
  await withProgress({
    title: l10n.t('Deleting runs'),
    async run(report, signal) {
      for (const [index, directory] of directories.entries()) {
        if (signal.aborted) return;
        report({ message: path.basename(directory), fraction: index / directories.length });
        await action(directory);
      }
    },
  });
}
