/** Tells that Azure makes us wait, and lets the user give up. */
import { l10n, ProgressLocation, window } from 'vscode';
import type { Wait } from '../../azure/retry.ts';

/** Shorter waits are not worth a word. */
const patienceMs = 1000;

export function showWait(wait: Wait): void {
  const { milliseconds } = wait;
  if (milliseconds < patienceMs) return;
  const seconds = Math.ceil(milliseconds / 1000);
  const title = l10n.t('Azure is busy and asks for {0} s of patience', seconds);
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  void window.withProgress(options, (_progress, token) => {
    token.onCancellationRequested(() => wait.cancel());
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      token.onCancellationRequested(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  });
}
