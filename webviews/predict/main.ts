/** The form's page: asks the run about the row at every change; only the latest answer is shown. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { InputImage, InputRow } from '../../src/shared/protocol/runInputs.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { PredictContract, PredictState } from '../../src/shared/protocol/views/predict.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import { keepForReload, keptOf, openTransport } from '../kit/transport.ts';
import { Form } from './form.ts';
import { Preview } from './preview.ts';
import { Result, type ShownResult } from './result.ts';
import '../kit/view.css';
import './predict.css';

const copiedMs = 1500;

class Page {
  readonly #client = new Client<PredictContract>(openTransport());
  readonly #locale = document.documentElement.lang;
  readonly #form = new Form({
    onChange: () => void this.#predict(),
    browse: async () => (await this.#client.request('image/browse', {})).file,
  });
  readonly #preview = new Preview();
  readonly #result = new Result();
  readonly #title = element('h1');
  readonly #inputsTitle = element('h2');
  readonly #resultTitle = element('h2');
  readonly #copy = button({ id: 'copy', action: () => void this.#copyJson() });
  readonly #reset = button({
    id: 'reset',
    appearance: 'secondary',
    action: () => this.#startOver(),
  });
  readonly #main = element(
    'main',
    { id: 'view' },
    element('header', {}, this.#title),
    element(
      'div',
      { className: 'columns' },
      element('section', {}, this.#inputsTitle, this.#form.node),
      element(
        'section',
        {},
        this.#resultTitle,
        element('div', { className: 'answer' }, this.#preview.node, this.#result.node),
        element('div', { className: 'actions' }, this.#copy, this.#reset),
      ),
    ),
  );
  #state: PredictState | null = null;
  #shown: ShownResult = { prediction: null, message: '' };
  #asked = 0;

  async start(): Promise<void> {
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('predict/weights', () => void this.#predict());
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  #show(state: PredictState): void {
    this.#state = state;
    const { inputs, directory, texts } = state;
    this.#title.textContent = fillIn(texts.title, inputs.target, inputs.name);
    this.#inputsTitle.textContent = texts.inputs;
    this.#resultTitle.textContent = texts.prediction;
    this.#copy.textContent = texts.copyJson;
    this.#reset.textContent = texts.reset;
    this.#form.build(inputs.fields, { texts, locale: this.#locale });
    this.#form.fill({ ...inputs.example, ...keptTexts(directory) });
    void this.#predict();
  }

  #startOver(): void {
    this.#form.fill(this.#state?.inputs.example ?? {});
    void this.#predict();
  }

  /** An answer of before stays, faded, while the form has an error or the next answer is awaited. */
  async #predict(): Promise<void> {
    if (this.#state === null) return;
    const asked = ++this.#asked;
    keepForReload({ directory: this.#state.directory, texts: this.#form.texts });
    const row = this.#form.read();
    this.#result.markStale(true);
    this.#copy.toggleAttribute('disabled', row === null);
    this.#main.dataset['ready'] = 'false';
    if (row === null) return;
    try {
      const [shown, image] = await Promise.all([
        this.#client.request('run/predict', { row }),
        this.#imageOf(row),
      ]);
      if (asked !== this.#asked) return;
      this.#preview.draw(image, this.#state.texts);
      this.#draw(shown, this.#state);
    } catch {
      // The host shows it, where all errors are shown.
    }
  }

  async #imageOf(row: InputRow): Promise<InputImage | null> {
    if (!this.#state?.inputs.fields.some(({ kind }) => kind === 'image')) return null;
    return (await this.#client.request('image/preview', { row })).image;
  }

  #draw(shown: ShownResult, { texts }: PredictState): void {
    this.#shown = shown;
    this.#result.draw(shown, { probabilitiesLabel: texts.probabilities, locale: this.#locale });
    this.#result.markStale(false);
    this.#copy.toggleAttribute('disabled', shown.prediction === null);
    this.#main.dataset['ready'] = 'true';
  }

  async #copyJson(): Promise<void> {
    const { texts } = this.#state ?? {};
    if (texts === undefined || this.#shown.prediction === null) return;
    await this.#client.request('text/copy', {
      text: JSON.stringify(this.#shown.prediction, null, 2),
    });
    this.#copy.textContent = texts.copied;
    setTimeout(() => (this.#copy.textContent = texts.copyJson), copiedMs);
  }
}

/** What was typed before the tab was hidden or the window reloaded. */
function keptTexts(directory: string): Readonly<Record<string, string>> {
  const texts: unknown = keptOf(directory)?.['texts'];
  if (typeof texts !== 'object' || texts === null) return {};
  const entries = Object.entries(texts).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries);
}

void new Page().start();
