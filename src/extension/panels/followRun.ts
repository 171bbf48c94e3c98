/** How the views of one run hear of it while it trains. */
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { WeightsSnapshot } from '../../shared/protocol/weights.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunStore } from '../runs/runStore.ts';
import { throttle } from '../ui/throttle.ts';
import type { ViewServices } from './singlePanel.ts';

/** What every view of a run needs. */
export interface RunViewServices extends ViewServices {
  readonly store: RunStore;
  readonly client: () => Promise<Client<CoreContract>>;
}

export interface FollowedRun {
  readonly store: RunStore;
  /** Of the run that the view shows; undefined while it shows none. */
  readonly directory: () => string | undefined;
  /** At most so often: a quick run has epochs many times a second, and each look at it costs the training a little. */
  readonly everyMs: number;
}

/** Tells when the run has new epochs or another state; single steps are no news. */
export function followRun({ store, directory, everyMs }: FollowedRun, news: () => void): Disposes {
  const tell = throttle(news, everyMs);
  const subscription = store.onDidChange((change, { info }) => {
    if (change.kind !== 'steps' && info !== null && info.directory === directory()) tell();
  });
  return {
    dispose() {
      subscription.dispose();
      tell.dispose();
    },
  };
}

export interface WeightsNews {
  /** Those kept on disk, by rising step. */
  readonly snapshots: readonly WeightsSnapshot[];
  /** Whether the latest weights still move. */
  readonly live: boolean;
}

/** Tells which weights of the run there are whenever that may have changed. */
export function followWeights(
  { actions, client, store }: RunViewServices,
  followed: Omit<FollowedRun, 'store'>,
  moved: (news: WeightsNews) => void,
): Disposes {
  const look = async () => {
    const directory = followed.directory();
    if (directory === undefined) return;
    try {
      const { snapshots } = await (await client()).request('weights/history', { directory });
      // Another run may be on show by now.
      if (directory === followed.directory())
        moved({ snapshots, live: store.isTraining(directory) });
    } catch (error) {
      // What is shown stays.
      void actions.report('weights/history', error);
    }
  };
  return followRun({ ...followed, store }, () => void look());
}
