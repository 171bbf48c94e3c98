/** Long work before training (a download, a million rows), with a way out. Short work shows in the status bar only. */
import { l10n, ProgressLocation, window } from 'vscode';
import type { RunStore } from '../runs/runStore.ts';

const patienceMs = 1000;

export interface Preparation {
  readonly name: string;
  readonly store: RunStore;
  /** Settles when the preparation is over, however it ends. */
  readonly work: Promise<unknown>;
  readonly cancel: () => Promise<void>;
}

/** Shows a notification with progress and cancel if the work takes longer than a second. */
export function showLongPreparation(preparation: Preparation): void {
  const timer = setTimeout(() => void withProgress(preparation), patienceMs);
  const over = () => clearTimeout(timer);
  preparation.work.then(over, over);
}

async function withProgress({ name, store, work, cancel }: Preparation): Promise<void> {
  const title = l10n.t('Preparing {0}', name);
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  await window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => void cancel());
    let percent = 0;
    const subscription = store.onDidChange((_change, run) => {
      if (run.progress === null) return;
      const now = 100 * (run.progress.fraction ?? 0);
      progress.report({ message: run.progress.message, increment: Math.max(0, now - percent) });
      percent = Math.max(percent, now);
    });
    // The command that started the work tells of its failure.
    await work.catch(() => undefined);
    subscription.dispose();
  });
}
