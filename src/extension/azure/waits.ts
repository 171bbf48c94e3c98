/** Tells that Azure makes us wait, and lets the user give up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { l10n } from 'vscode';
import type { Wait } from '../../azure/retry.ts';
import { withProgress } from '../ui/withProgress.ts';

/** Short waits are only seen in the status bar, as any short work. */
export function showWait(wait: Wait): void {
  const { milliseconds } = wait;
  const seconds = Math.ceil(milliseconds / 1000);
  void withProgress({
    title: l10n.t('Azure is busy and asks for {0} s of patience', seconds),
    run: (_, signal) => sleep(milliseconds, undefined, { signal }).catch(() => wait.cancel()),
  });
}
