/** The form that asks a run about one row. At most one; it shows the run that was asked for last. */
import { env, l10n } from 'vscode';
import type { Uri } from 'vscode';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract, InputRow } from '../../shared/protocol/core.ts';
import { errorMessage, isError } from '../../shared/errors.ts';
import { Server } from '../../shared/protocol/server.ts';
import type { PredictContract, PredictState } from '../../shared/protocol/views/predict.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunStore } from '../runs/runStore.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { throttle } from '../ui/throttle.ts';
import { predictTexts } from './predictTexts.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';

export interface PredictPanelOptions {
  readonly extensionUri: Uri;
  readonly store: RunStore;
  readonly client: () => Promise<Client<CoreContract>>;
  readonly actions: ActionRunner;
}

/** A run that trains may have new weights many times a second. */
const askAgainMs = 1000;

export class PredictPanel {
  readonly #options: PredictPanelOptions;
  readonly #panel: SinglePanel<KeptRun, PredictState>;
  readonly #subscription: Disposes;
  readonly #tellWeights = throttle(() => this.#server?.announce('predict/weights', {}), askAgainMs);
  #server: Server<PredictContract> | null = null;
  #state: PredictState | null = null;

  constructor(options: PredictPanelOptions) {
    this.#options = options;
    const { actions, extensionUri, store } = options;
    this.#panel = new SinglePanel({
      extensionUri,
      actions,
      view: 'predict',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      present: (state) => this.#present(state),
      serve: (page) => {
        const handlerOptions = {
          onHandlerError: (error: unknown, request: string) => void actions.report(request, error),
        };
        this.#server = new Server<PredictContract>(page, this.#handlers(), handlerOptions);
      },
      closed: () => (this.#server = null),
    });
    this.#subscription = store.onDidChange((change, run) => {
      if (change.kind !== 'epochs' && change.kind !== 'state') return;
      if (this.#panel.isOpen && run.info?.directory === this.#state?.directory) this.#tellWeights();
    });
  }

  /** @throws AppError `run.notFound` or `run.corrupt`. */
  show(directory: string): Promise<void> {
    return this.#panel.show({ directory });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#tellWeights.dispose();
    this.#panel.dispose();
  }

  async #load({ directory }: KeptRun): Promise<PredictState> {
    const client = await this.#options.client();
    const inputs = await client.request('run/inputs', { directory });
    return { inputs, directory, texts: predictTexts() };
  }

  #present(state: PredictState): string {
    this.#state = state;
    this.#server?.announce('predict/reset', state);
    return l10n.t('Predict: {0}', state.inputs.name);
  }

  #handlers() {
    const done = async (action: PromiseLike<unknown>) => {
      await action;
      return {};
    };
    return {
      'view/ready': () => this.#state,
      'run/predict': ({ row }: { readonly row: InputRow }) => this.#predict(row),
      'text/copy': ({ text }: { readonly text: string }) => done(env.clipboard.writeText(text)),
    };
  }

  /** What a person can mend is said in the form; anything else where all errors are shown. */
  async #predict(row: InputRow) {
    if (this.#state === null) return { prediction: null, message: '' };
    const { directory } = this.#state;
    const client = await this.#options.client();
    try {
      const { predictions } = await client.request('run/predict', { directory, rows: [row] });
      return { prediction: predictions[0] ?? null, message: '' };
    } catch (error) {
      if (!isError(error, 'input.invalid') && !isError(error, 'run.notFound')) throw error;
      return { prediction: null, message: errorMessage(error) };
    }
  }
}
