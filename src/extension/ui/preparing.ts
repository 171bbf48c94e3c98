/** Long work before training (a download, a million rows), with a way out. */
import { l10n } from 'vscode';
import type { RunStore } from '../runs/runStore.ts';
import { withProgress } from './withProgress.ts';

export interface Preparation {
  readonly name: string;
  readonly store: RunStore;
  /** Settles when the preparation is over, however it ends. */
  readonly work: Promise<unknown>;
  readonly cancel: () => Promise<void>;
}

/** Shows a notification with progress and cancel if the work lasts. */
export function showLongPreparation({ name, store, work, cancel }: Preparation): void {
  void withProgress({
    title: l10n.t('Preparing {0}', name),
    isInStatusBar: true,
    async run(report, signal) {
      signal.addEventListener('abort', () => void cancel());
      const subscription = store.onDidChange((_change, run) => {
        if (run.progress !== null) report(run.progress);
      });
      // The command that started the work tells of its failure.
      await work.catch(() => undefined);
      subscription.dispose();
    },
  });
}
