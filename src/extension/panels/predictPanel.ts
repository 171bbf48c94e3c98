/** The form that asks a run about one row. At most one; it shows the run that was asked for last. */
import { env, l10n, window } from 'vscode';
import type { InputRow } from '../../shared/protocol/core.ts';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type { PredictContract, PredictState } from '../../shared/protocol/views/predict.ts';
import type { Disposes } from '../lifetime.ts';
import { followRun } from './followRun.ts';
import type { RunViewServices } from './followRun.ts';
import { predictTexts } from './predictTexts.ts';
import { parseKeptRun } from './keptRun.ts';
import type { KeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';

const askAgainMs = 1000;

export class PredictPanel {
  readonly #options: RunViewServices;
  readonly #panel: SinglePanel<PredictContract, KeptRun>;
  readonly #following: Disposes;

  constructor(options: RunViewServices) {
    this.#options = options;
    this.#panel = new SinglePanel({
      ...options,
      view: 'predict',
      parse: parseKeptRun,
      load: (run) => this.#load(run),
      title: ({ inputs }) => l10n.t('Predict: {0}', inputs.name),
      handlers: this.#handlers(),
    });
    const directory = () => this.#panel.state?.directory;
    this.#following = followRun({ store: options.store, directory, everyMs: askAgainMs }, () =>
      this.#panel.announce('predict/weights', {}),
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

  async #load({ directory }: KeptRun): Promise<PredictState> {
    const client = await this.#options.client();
    const inputs = await client.request('run/inputs', { directory });
    return { inputs, directory, texts: predictTexts() };
  }

  #handlers(): Handlers<PredictContract> {
    return {
      'view/ready': () => this.#panel.state,
      'run/predict': ({ row }) => this.#predict(row),
      'image/browse': () => browse(),
      'image/preview': ({ row }) => this.#preview(row),
      'text/copy': async ({ text }) => {
        await env.clipboard.writeText(text);
        return {};
      },
    };
  }

  /** What a person can mend is said in the form; anything else where all errors are shown. */
  async #predict(row: InputRow) {
    const { state } = this.#panel;
    if (state === null) return { prediction: null, message: '' };
    const client = await this.#options.client();
    try {
      const { directory } = state;
      const { predictions } = await client.request('run/predict', { directory, rows: [row] });
      return { prediction: predictions[0] ?? null, message: '' };
    } catch (error) {
      if (!isError(error, 'input.invalid') && !isError(error, 'run.notFound')) throw error;
      return { prediction: null, message: errorMessage(error) };
    }
  }

  /** Why an image cannot be read is said with the prediction. */
  async #preview(row: InputRow) {
    const { state } = this.#panel;
    if (state === null) return { image: null };
    const client = await this.#options.client();
    try {
      const { directory } = state;
      return { image: await client.request('run/image', { directory, row }) };
    } catch (error) {
      const codes = ['data.read', 'input.invalid', 'run.notFound'] as const;
      if (!codes.some((code) => isError(error, code))) throw error;
      return { image: null };
    }
  }
}

async function browse() {
  const filters = { [l10n.t('Images')]: ['png', 'jpg', 'jpeg'] };
  const title = l10n.t('Which image?');
  const files = await window.showOpenDialog({ title, filters });
  return { file: files?.[0]?.fsPath ?? null };
}
