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
import { throttle } from '../ui/throttle.ts';
import { SinglePanel } from './singlePanel.ts';
import { weightsTexts } from './weightsTexts.ts';

export interface WeightsPanelOptions {
  readonly extensionUri: Uri;
  readonly store: RunStore;
  readonly client: () => Promise<Client<CoreContract>>;
  readonly onRequestError: (error: unknown, request: string) => void;
}

/** Epochs of a small model take microseconds; each look at the weights costs the training a little. */
const lookEveryMs = 200;

export class WeightsPanel {
  readonly #options: WeightsPanelOptions;
  readonly #panel: SinglePanel;
  readonly #subscription: Disposes;
  readonly #look = throttle(() => void this.#tell(), lookEveryMs);
  #server: Server<WeightsContract> | null = null;
  #directory: string | null = null;
  #state: WeightsState | null = null;

  constructor(options: WeightsPanelOptions) {
    this.#options = options;
    const { extensionUri, onRequestError, store } = options;
    this.#panel = new SinglePanel({
      extensionUri,
      view: 'weights',
      serve: (page) => {
        const handlerOptions = { onHandlerError: onRequestError };
        this.#server = new Server<WeightsContract>(page, this.#handlers(), handlerOptions);
      },
      closed: () => (this.#server = null),
    });
    this.#subscription = store.onDidChange((change, run) => {
      if (change.kind === 'columns' || !this.#panel.isOpen) return;
      if (run.info !== null && run.info.directory === this.#directory) this.#look();
    });
  }

  /** @throws AppError `run.notFound` or `run.corrupt`. */
  async show(directory: string): Promise<void> {
    const client = await this.#options.client();
    const { name, ...history } = await client.request('weights/history', { directory });
    this.#directory = directory;
    this.#state = { title: name, ...history, live: this.#isLive(), texts: weightsTexts() };
    this.#panel.show(l10n.t('Weights: {0}', name));
    this.#server?.announce('weights/reset', this.#state);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#look.dispose();
    this.#panel.dispose();
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

  #isLive(): boolean {
    const { run } = this.#options.store;
    return this.#options.store.isActive && run?.info?.directory === this.#directory;
  }

  #source(step: number | null): WeightsSource {
    const runId = this.#options.store.run?.runId;
    if (step === null && this.#isLive() && runId != null) return { runId };
    return { directory: this.#directory ?? '', step };
  }

  /** A run that ended in a failed core has no more news; what is shown stays. */
  async #tell(): Promise<void> {
    const directory = this.#directory;
    if (directory === null || this.#state === null) return;
    try {
      const client = await this.#options.client();
      const { snapshots } = await client.request('weights/history', { directory });
      if (directory !== this.#directory) return;
      this.#state = { ...this.#state, snapshots, live: this.#isLive() };
      this.#server?.announce('weights/moved', { snapshots, live: this.#state.live });
    } catch (error) {
      this.#options.onRequestError(error, 'weights/history');
    }
  }
}
