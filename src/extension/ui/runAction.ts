/**
 * The one place that shows errors. Every command and panel request runs through it:
 * cancelled? nothing; else log with the stack, then one message with the next step as a button.
 */
import { commands, l10n, window } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Log } from './guardedLog.ts';

/** A button of a message: what it says and does. */
interface NextStep {
  readonly label: string;
  readonly run: () => unknown;
}

/** What can be done about a core that is gone. */
export interface CoreRevival {
  readonly restart: () => Promise<void>;
  /** Null where no run was in training. */
  readonly resume: (() => PromiseLike<unknown>) | null;
}

export class ActionRunner {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs the action; a failure is shown and does not reach the caller. */
  async run(name: string, action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      // A message stays until the user acts; nobody waits for that.
      void this.report(name, error);
    }
  }

  /** The core process ended by itself, with or without a call in flight; `resume` where a run went with it. */
  async reportCoreExit(error: Error, { restart, resume }: CoreRevival): Promise<void> {
    this.#log.error(error);
    const ended = l10n.t('The training process ended unexpectedly.');
    const kept = l10n.t('The run is kept up to its last checkpoint.');
    const message = resume === null ? ended : `${ended} ${kept}`;
    const again =
      resume === null
        ? { label: l10n.t('Restart It'), run: () => this.run('core restart', restart) }
        : { label: l10n.t('Resume'), run: () => this.run('resume', resume) };
    await show(window.showErrorMessage, message, [again, this.#showLog()]);
  }

  /** Only logs an error, which the user sees in its own place. */
  note(name: string, error: unknown): void {
    this.#log.error(
      `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }

  /** Shows an error that was caught elsewhere, as one of an answered request. Resolves when the user has acted. */
  async report(name: string, error: unknown): Promise<void> {
    if (isError(error, 'protocol.cancelled')) return;
    this.note(name, error);
    // Told once, by `reportCoreExit`.
    if (isError(error, 'core.exited')) return;
    const message = errorMessage(error);
    if (isError(error, 'workspace.untrusted')) {
      await show(window.showWarningMessage, message, [manageTrust()]);
    } else if (isError(error, 'config.invalid')) {
      await show(window.showErrorMessage, message, [showProblems()]);
    } else {
      await show(window.showErrorMessage, message, [this.#showLog()]);
    }
  }

  #showLog(): NextStep {
    return { label: l10n.t('Show Log'), run: () => this.#log.show() };
  }
}

function showProblems(): NextStep {
  const command = 'workbench.actions.view.problems';
  return { label: l10n.t('Show Problems'), run: () => commands.executeCommand(command) };
}

function manageTrust(): NextStep {
  const command = 'workbench.trust.manage';
  return { label: l10n.t('Manage Workspace Trust'), run: () => commands.executeCommand(command) };
}

type ShowMessage = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function show(message: ShowMessage, text: string, steps: readonly NextStep[]): Promise<void> {
  const chosen = await message(text, ...steps.map((step) => step.label));
  await steps.find((step) => step.label === chosen)?.run();
}
