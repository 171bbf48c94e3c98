/** How good a run is, in an editor tab. At most one; it shows the run that was asked for last. */
import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Evaluation } from '../../shared/protocol/evaluation.ts';
import type { Handlers } from '../../shared/protocol/server.ts';
import type {
  EvaluateContract,
  EvaluateState,
  EvaluateWish,
} from '../../shared/protocol/views/evaluate.ts';
import { askRows } from '../commands/askRows.ts';
import { evaluateTexts } from './evaluateTexts.ts';
import type { RunViewServices } from './followRun.ts';
import { parseKeptRun } from './keptRun.ts';
import { SinglePanel } from './singlePanel.ts';

const began = { message: '', fraction: null };

export class EvaluatePanel {
  readonly #options: RunViewServices;
  readonly #panel: SinglePanel<EvaluateContract, EvaluateWish>;
  #current: AbortController | null = null;

  constructor(options: RunViewServices) {
    this.#options = options;
    this.#panel = new SinglePanel({
      ...options,
      view: 'evaluate',
      parse: parseWish,
      load: (wish) => Promise.resolve(this.#begin(wish)),
      title: ({ wish }) => l10n.t('Evaluation: {0}', runName(wish.directory)),
      handlers: this.#handlers(),
      closed: () => this.#current?.abort(),
    });
  }

  /** Opens at once; the view shows how far it is. */
  show(directory: string): Promise<void> {
    return this.#panel.show({ directory });
  }

  dispose(): void {
    this.#current?.abort();
    this.#panel.dispose();
  }

  #handlers(): Handlers<EvaluateContract> {
    return {
      'view/ready': () => this.#panel.state,
      'evaluate/choose': (choice) => {
        this.#again(choice);
        return {};
      },
      'evaluate/chooseFile': async () => {
        const title = l10n.t('Evaluate on which rows?');
        const { directory = '', weights } = this.#panel.state?.wish ?? {};
        const file = await askRows(await this.#options.client(), directory, title);
        if (file !== undefined) this.#again({ dataFile: file.fsPath, ...(weights && { weights }) });
        return {};
      },
      'evaluate/cancel': () => {
        this.#current?.abort();
        return {};
      },
      'evaluate/save': async ({ ending }) => {
        await this.#save(ending);
        return {};
      },
    };
  }

  #again(choice: Omit<EvaluateWish, 'directory'>): void {
    const { state } = this.#panel;
    if (state === null) return;
    this.#panel.replace(this.#begin({ directory: state.wish.directory, ...choice }));
  }

  /** @returns what is on show while it is worked on. */
  #begin(wish: EvaluateWish): EvaluateState {
    this.#current?.abort();
    const own = new AbortController();
    this.#current = own;
    const texts = evaluateTexts();
    const before = this.#panel.state;
    const evaluation =
      before?.wish.directory === wish.directory ? (before?.evaluation ?? null) : null;
    void this.#evaluate(wish, own.signal).then((result) => {
      if (this.#current !== own) return;
      this.#current = null;
      this.#panel.replace({ wish, progress: null, texts, ...result });
    });
    return { wish, evaluation, progress: began, failure: '', texts };
  }

  async #evaluate(
    wish: EvaluateWish,
    signal: AbortSignal,
  ): Promise<Pick<EvaluateState, 'evaluation' | 'failure'>> {
    try {
      return { evaluation: await this.#ask(wish, signal), failure: '' };
    } catch (error) {
      const cancelled = signal.aborted || isError(error, 'protocol.cancelled');
      if (!cancelled) this.#options.actions.note('run/evaluate', error);
      const failure = cancelled ? l10n.t('You cancelled the evaluation.') : errorMessage(error);
      return { evaluation: null, failure };
    }
  }

  async #ask(
    wish: EvaluateWish & { readonly saveTo?: string },
    signal: AbortSignal,
  ): Promise<Evaluation> {
    const client = await this.#options.client();
    const end = client.on('run/progress', ({ file, message, fraction }) => {
      if (file === wish.directory && !signal.aborted)
        this.#panel.change({ progress: { message, fraction } });
    });
    try {
      return await client.request('run/evaluate', wish, signal);
    } finally {
      end();
    }
  }

  /** The core computes it once more, which gives the same, and writes the file. */
  async #save(ending: 'csv' | 'json'): Promise<void> {
    const { state } = this.#panel;
    if (state === null) return;
    const { directory } = state.wish;
    const defaultUri = Uri.file(path.join(directory, `evaluation.${ending}`));
    const filters = { [ending.toUpperCase()]: [ending] };
    const target = await window.showSaveDialog({ defaultUri, filters });
    if (target === undefined) return;
    const { signal } = new AbortController();
    try {
      await this.#ask({ ...state.wish, saveTo: target.fsPath }, signal);
    } finally {
      this.#panel.change({ progress: null });
    }
    await window.showTextDocument(target, { preview: false });
  }
}

/** Null for what is no such thing: another version of ours may have kept it. */
export function parseWish(kept: unknown): EvaluateWish | null {
  const run = parseKeptRun(kept);
  if (run === null) return null;
  const { dataFile, part, weights } = kept as Readonly<Record<string, unknown>>;
  const parts = ['train', 'validation', 'test'] as const;
  const known = parts.find((each) => each === part);
  return {
    ...run,
    ...(typeof dataFile === 'string' && { dataFile }),
    ...(known !== undefined && { part: known }),
    ...parseWeights(weights),
  };
}

function parseWeights(weights: unknown): Pick<EvaluateWish, 'weights'> {
  if (weights === 'kept' || weights === 'last') return { weights };
  if (typeof weights !== 'object' || weights === null || !('epoch' in weights)) return {};
  const { epoch } = weights;
  return typeof epoch === 'number' ? { weights: { epoch } } : {};
}

/** Of its folder, which begins with the time. */
function runName(directory: string): string {
  return path.basename(directory).replace(/^\d{8}-\d{6}-/, '');
}
