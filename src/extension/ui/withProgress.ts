/**
 * The one way to show that work is being done: in the status bar, and as a notification with a way out once it lasts.
 *
 * A notification of progress stays for 0.8 s at least, and of all messages within 0.8 s VS Code shows the first three
 * (`SPAM_PROTECTION` of its notificationsToasts.ts): works that are short would flash, and take the place of the error or the
 * result that the user waits for.
 */
import { ProgressLocation, window } from 'vscode';
import { type Step, whenItLasts, WorkSteps } from './workSteps.ts';

/** Longer than that the user wants to know more than that something is done, and may want it to end. */
const patienceMs = 1000;

export interface Work<Result> {
  readonly title: string;
  /** Does it; the signal is aborted where the user cancels. */
  readonly run: (report: (step: Step) => void, signal: AbortSignal) => Promise<Result>;
  /** Whether the user can end it; so unless told. */
  readonly cancellable?: boolean;
  /** The status bar tells of it already, with words of its own. */
  readonly isInStatusBar?: boolean;
}

/** @returns what `run` returns, @throws what it throws: to show that is up to the caller. */
export function withProgress<Result>(work: Work<Result>): Promise<Result> {
  const steps = new WorkSteps();
  const own = new AbortController();
  const result = work.run((step) => steps.report(step), own.signal);
  const over = result.then(
    () => undefined,
    () => undefined, // the caller's, who awaits the result
  );
  const { title, cancellable = true } = work;
  const lasts = new Promise<void>((resolve) => whenItLasts(over, patienceMs, resolve));
  void lasts.then(() => {
    const options = { location: ProgressLocation.Notification, title, cancellable };
    return window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => own.abort());
      steps.listen((increment) => progress.report(increment));
      return over;
    });
  });
  if (work.isInStatusBar !== true) {
    const options = { location: ProgressLocation.Window, title };
    void window.withProgress(options, () => Promise.race([over, lasts]));
  }
  return result;
}
