/** The page that explains a step, in an editor tab. At most one; it shows the run that was asked for last. */
import { l10n } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type {
  ExplainContract,
  ExplainState,
  Looking,
} from '../../shared/protocol/views/explain.ts';
import type { Disposes } from '../lifetime.ts';
import type { RunController } from '../runs/runController.ts';
import { explainTexts } from './explainTexts.ts';
import { followWeights } from './followRun.ts';
import type { RunViewServices } from './followRun.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';

export interface ExplainPanelOptions extends RunViewServices {
  readonly controller: RunController;
}

const lookEveryMs = 500;

/** What a person can mend or wait for is said on the page. */
const expected = ['input.invalid', 'run.notFound', 'data.read', 'config.invalid'] as const;

export class ExplainPanel {
  readonly #options: ExplainPanelOptions;
  readonly #panel: SinglePanel<ExplainContract, KeptRun>;
  readonly #following: Disposes;

  constructor(options: ExplainPanelOptions) {
    this.#options = options;
    this.#panel = new SinglePanel({
      ...options,
      view: 'explain',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      title: ({ name }) => l10n.t('Step: {0}', name),
      handlers: this.#handlers(),
    });
    const directory = () => this.#panel.state?.directory;
    this.#following = followWeights(
      options,
      { directory, everyMs: lookEveryMs },
      ({ snapshots, live }) => this.#panel.change({ moments: snapshots.map(stepOf), live }),
    );
  }

  /** @throws AppError `run.notFound` or `run.corrupt`. */
  show(directory: string): Promise<void> {
    return this.#panel.show({ directory });
  }

  dispose(): void {
    this.#following.dispose();
    this.#panel.dispose();
  }

  async #load({ directory }: KeptRun): Promise<ExplainState> {
    const client = await this.#options.client();
    const { name, snapshots } = await client.request('weights/history', { directory });
    const live = this.#options.store.isTraining(directory);
    return { name, directory, live, moments: snapshots.map(stepOf), texts: explainTexts() };
  }

  #handlers(): Handlers<ExplainContract> {
    return {
      'view/ready': () => this.#panel.state,
      'step/explain': (looking) => this.#explain(looking),
      'step/take': async () => {
        const { controller, store } = this.#options;
        if (store.isTraining(this.#panel.state?.directory ?? '')) await controller.step();
        return {};
      },
    };
  }

  async #explain(looking: Looking) {
    const { state } = this.#panel;
    if (state === null) return { step: null, message: '' };
    const client = await this.#options.client();
    try {
      const { directory } = state;
      const step = await client.request('run/explain', { ...looking, directory });
      return { step, message: '' };
    } catch (error) {
      if (!expected.some((code) => isError(error, code))) throw error;
      return { step: null, message: errorMessage(error) };
    }
  }
}

function stepOf({ step }: { readonly step: number }): number {
  return step;
}
