/** The page that explains a step, in an editor tab. At most one; it shows the run that was asked for last. */
import { l10n } from 'vscode';
import type { Uri } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { Server } from '../../shared/protocol/server.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type {
  ExplainContract,
  ExplainState,
  Looking,
} from '../../shared/protocol/views/explain.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunController } from '../runs/runController.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { throttle } from '../ui/throttle.ts';
import { explainTexts } from './explainTexts.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';

export interface ExplainPanelOptions {
  readonly extensionUri: Uri;
  readonly store: RunStore;
  readonly controller: RunController;
  readonly client: () => Promise<Client<CoreContract>>;
  readonly actions: ActionRunner;
}

/** A quick run keeps new weights many times a second. */
const lookEveryMs = 500;

/** What a person can mend or wait for is said on the page. */
const expected = ['input.invalid', 'run.notFound', 'data.read', 'config.invalid'] as const;

export class ExplainPanel {
  readonly #options: ExplainPanelOptions;
  readonly #panel: SinglePanel<KeptRun, ExplainState>;
  readonly #subscription: Disposes;
  readonly #look = throttle(() => void this.#tell(), lookEveryMs);
  #server: Server<ExplainContract> | null = null;
  #state: ExplainState | null = null;

  constructor(options: ExplainPanelOptions) {
    this.#options = options;
    const { actions, extensionUri, store } = options;
    this.#panel = new SinglePanel({
      extensionUri,
      actions,
      view: 'explain',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      present: (state) => this.#present(state),
      serve: (page) => {
        const onHandlerError = (error: unknown, request: string) =>
          void actions.report(request, error);
        this.#server = new Server<ExplainContract>(page, this.#handlers(), { onHandlerError });
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

  async #load({ directory }: KeptRun): Promise<ExplainState> {
    const client = await this.#options.client();
    const { name, snapshots } = await client.request('weights/history', { directory });
    const moments = snapshots.map(({ step }) => step);
    return { name, directory, live: this.#isLive(directory), moments, texts: explainTexts() };
  }

  #present(state: ExplainState): string {
    this.#state = state;
    this.#server?.announce('explain/reset', state);
    return l10n.t('Step: {0}', state.name);
  }

  #handlers(): Handlers<ExplainContract> {
    return {
      'view/ready': () => this.#state,
      'step/explain': (looking) => this.#explain(looking),
      'step/take': async () => {
        if (this.#isLive(this.#state?.directory ?? '')) await this.#options.controller.step();
        return {};
      },
    };
  }

  async #explain(looking: Looking) {
    if (this.#state === null) return { step: null, message: '' };
    const { directory } = this.#state;
    const client = await this.#options.client();
    try {
      const step = await client.request('run/explain', { ...looking, directory });
      return { step, message: '' };
    } catch (error) {
      if (!expected.some((code) => isError(error, code))) throw error;
      return { step: null, message: errorMessage(error) };
    }
  }

  #isLive(directory: string): boolean {
    const { run, isActive } = this.#options.store;
    return isActive && run?.info?.directory === directory;
  }

  /** A run that ended in a failed core has no more news; what is shown stays. */
  async #tell(): Promise<void> {
    if (this.#state === null) return;
    const { directory } = this.#state;
    try {
      const client = await this.#options.client();
      const { snapshots } = await client.request('weights/history', { directory });
      if (directory !== this.#state.directory) return;
      const moments = snapshots.map(({ step }) => step);
      this.#state = { ...this.#state, moments, live: this.#isLive(directory) };
      this.#server?.announce('explain/moved', { moments, live: this.#state.live });
    } catch (error) {
      void this.#options.actions.report('weights/history', error);
    }
  }
}
