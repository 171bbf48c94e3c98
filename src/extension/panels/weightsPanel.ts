/** The weights view in an editor tab. At most one; it shows the run that was asked for last. */
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import { isError } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, WeightsSource } from '../../shared/protocol/core.ts';
import { Server } from '../../shared/protocol/server.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { WeightsContract, WeightsState } from '../../shared/protocol/views/weights.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { throttle } from '../ui/throttle.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';
import { weightsTexts } from './weightsTexts.ts';

export interface WeightsPanelOptions {
  readonly extensionUri: Uri;
  readonly store: RunStore;
  readonly client: () => Promise<Client<CoreContract>>;
  readonly actions: ActionRunner;
}

/** Epochs of a small model take microseconds; each look at the weights costs the training a little. */
const lookEveryMs = 200;

export class WeightsPanel {
  readonly #options: WeightsPanelOptions;
  readonly #panel: SinglePanel<KeptRun, WeightsState>;
  readonly #subscription: Disposes;
  readonly #look = throttle(() => void this.#tell(), lookEveryMs);
  #server: Server<WeightsContract> | null = null;
  #state: WeightsState | null = null;

  constructor(options: WeightsPanelOptions) {
    this.#options = options;
    const { actions, extensionUri, store } = options;
    this.#panel = new SinglePanel({
      extensionUri,
      actions,
      view: 'weights',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      present: (state) => this.#present(state),
      serve: (page) => {
        const handlerOptions = {
          onHandlerError: (error: unknown, request: string) => void actions.report(request, error),
        };
        this.#server = new Server<WeightsContract>(page, this.#handlers(), handlerOptions);
      },
      closed: () => (this.#server = null),
    });
    this.#subscription = store.onDidChange((change, run) => {
      if (change.kind === 'steps' || !this.#panel.isOpen) return;
      if (run.info !== null && run.info.directory === this.#state?.directory) this.#look();
    });
  }

  /** @throws AppError `run.notFound` or `run.corrupt`. */
  show(directory: string): Promise<void> {
    return this.#panel.show({ directory });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#look.dispose();
    this.#panel.dispose();
  }

  async #load({ directory }: KeptRun): Promise<WeightsState> {
    const client = await this.#options.client();
    const { name, ...history } = await client.request('weights/history', { directory });
    const live = this.#isLive(directory);
    return { title: name, directory, ...history, live, texts: weightsTexts() };
  }

  #present(state: WeightsState): string {
    this.#state = state;
    this.#server?.announce('weights/reset', state);
    return l10n.t('Weights: {0}', state.title);
  }

  #handlers(): Handlers<WeightsContract> {
    return {
      'view/ready': () => this.#state,
      'weights/tile': async ({ step, ...wish }) => {
        const client = await this.#options.client();
        try {
          return await client.request('weights/tile', { ...wish, source: this.#source(step) });
        } catch (error) {
          // Snapshots are thinned out while a run goes on.
          if (step !== null && isError(error, 'run.notFound')) return null;
          throw error;
        }
      },
    };
  }

  #isLive(directory: string): boolean {
    const { run } = this.#options.store;
    return this.#options.store.isActive && run?.info?.directory === directory;
  }

  #source(step: number | null): WeightsSource {
    const directory = this.#state?.directory ?? '';
    const runId = this.#options.store.run?.runId;
    if (step === null && this.#isLive(directory) && runId != null) return { runId };
    return { directory, step };
  }

  /** A run that ended in a failed core has no more news; what is shown stays. */
  async #tell(): Promise<void> {
    if (this.#state === null) return;
    const { directory } = this.#state;
    try {
      const client = await this.#options.client();
      const { snapshots } = await client.request('weights/history', { directory });
      if (directory !== this.#state.directory) return;
      this.#state = { ...this.#state, snapshots, live: this.#isLive(directory) };
      this.#server?.announce('weights/moved', { snapshots, live: this.#state.live });
    } catch (error) {
      void this.#options.actions.report('weights/history', error);
    }
  }
}
