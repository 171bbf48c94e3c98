/** A request that may take its time: a notification with progress and a way out, which VS Code shows where it lasts. */
import { ProgressLocation, window } from 'vscode';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { Services } from '../services.ts';

export interface LongRequest<Result> {
  readonly title: string;
  /** Whose progress is told: the `file` of the events. */
  readonly file: string;
  readonly ask: (client: Client<CoreContract>, signal: AbortSignal) => Promise<Result>;
}

/** @throws what `ask` throws; of a request that the user cancels, `protocol.cancelled`. */
export async function longRequest<Result>(
  { core }: Pick<Services, 'core'>,
  { title, file, ask }: LongRequest<Result>,
): Promise<Result> {
  const client = await core.client();
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const own = new AbortController();
    const cancelling = token.onCancellationRequested(() => own.abort());
    let percent = 0;
    const end = client.on('run/progress', ({ file: of, message, fraction }) => {
      if (of !== file) return;
      const now = 100 * (fraction ?? 0);
      progress.report({ message, increment: Math.max(0, now - percent) });
      percent = Math.max(percent, now);
    });
    try {
      return await ask(client, own.signal);
    } finally {
      end();
      cancelling.dispose();
    }
  });
}
