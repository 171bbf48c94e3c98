/** The weights view in an editor tab. At most one; it shows the run that was asked for last. */
import { l10n } from 'vscode';
import { isError } from '../../shared/errors.ts';
import type { WeightsSource } from '../../shared/protocol/core.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { WeightsContract, WeightsState } from '../../shared/protocol/views/weights.ts';
import type { Disposes } from '../lifetime.ts';
import { followWeights } from './followRun.ts';
import type { RunViewServices } from './followRun.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';
import { weightsTexts } from './weightsTexts.ts';

const lookEveryMs = 200;

export class WeightsPanel {
  readonly #options: RunViewServices;
  readonly #panel: SinglePanel<WeightsContract, KeptRun>;
  readonly #following: Disposes;

  constructor(options: RunViewServices) {
    this.#options = options;
    this.#panel = new SinglePanel({
      ...options,
      view: 'weights',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      title: ({ title }) => l10n.t('Weights: {0}', title),
      handlers: this.#handlers(),
    });
    const directory = () => this.#panel.state?.directory;
    this.#following = followWeights(options, { directory, everyMs: lookEveryMs }, (news) =>
      this.#panel.change(news),
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

  async #load({ directory }: KeptRun): Promise<WeightsState> {
    const client = await this.#options.client();
    const { name, ...history } = await client.request('weights/history', { directory });
    const live = this.#options.store.isTraining(directory);
    return { title: name, directory, ...history, live, texts: weightsTexts() };
  }

  #handlers(): Handlers<WeightsContract> {
    return {
      'view/ready': () => this.#panel.state,
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

  #source(step: number | null): WeightsSource {
    const { store } = this.#options;
    const directory = this.#panel.state?.directory ?? '';
    const runId = store.run?.runId;
    if (step === null && store.isTraining(directory) && runId != null) return { runId };
    return { directory, step };
  }
}
