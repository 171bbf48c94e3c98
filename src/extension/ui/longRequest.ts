/** A request that may take its time, with the progress that the core tells of its file. */
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { Services } from '../services.ts';
import { withProgress } from './withProgress.ts';

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
  return withProgress({
    title,
    run(report, signal) {
      const end = client.on('run/progress', (progress) => {
        if (progress.file === file) report(progress);
      });
      return ask(client, signal).finally(end);
    },
  });
}
