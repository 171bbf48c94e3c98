/** The page that explains a step: reads like a text, from the batch to the loss after the update. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { ExplainedStep } from '../../src/shared/protocol/explainStep.ts';
import type {
  ExplainContract,
  ExplainState,
  ExplainText,
  Looking,
} from '../../src/shared/protocol/views/explain.ts';
import { element } from '../kit/dom.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, keptOf, openTransport } from '../kit/transport.ts';
import { afterPart, wordsPart } from './afterPart.ts';
import { answerPart, lossPart } from './answerPart.ts';
import { backwardPart } from './backwardPart.ts';
import { batchPart } from './batchPart.ts';
import type { Drawing } from './drawing.ts';
import { drawKept } from './keepPlace.ts';
import { layersPart } from './layersPart.ts';
import { firstLook, parseLooking } from './looking.ts';
import { Toolbar } from './toolbar.ts';
import '../kit/view.css';
import './explain.css';

class Page {
  readonly #client = new Client<ExplainContract>(openTransport());
  readonly #locale = document.documentElement.lang;
  readonly #title = element('h1');
  readonly #toolbar = new Toolbar({
    choose: (change) => this.#choose(change),
    takeStep: () => void this.#takeStep(),
  });
  readonly #where = element('p', { id: 'where', attributes: { 'aria-live': 'polite' } });
  readonly #notice = element('p', { id: 'notice', attributes: { role: 'status' } });
  readonly #text = element('div', { id: 'text' });
  readonly #main = element('main', { id: 'view' });
  #state: ExplainState | null = null;
  #looking: Looking = firstLook({ live: false, moments: [] });
  #asked = 0;
  #step: ExplainedStep | null = null;

  async start(): Promise<void> {
    const header = element('header', {}, this.#title);
    this.#main.append(header, this.#where, this.#toolbar.node, this.#notice, this.#text);
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('view/changed', (news) => this.#update(news));
    // Feature maps are drawn in colours of the theme.
    onThemeChange(() => {
      if (this.#step !== null && this.#state !== null) this.#draw(this.#step, this.#state);
    });
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  /** What was looked at before comes back where it can: a step in between may be gone. */
  #show(state: ExplainState): void {
    this.#state = state;
    const first = firstLook(state);
    const kept = state.live ? null : parseLooking(keptOf(state.directory)?.['looking']);
    this.#looking = kept ?? first;
    void this.#ask().then((shown) => {
      if (!shown && kept !== null && this.#looking === kept) this.#choose(first);
    });
  }

  #update(news: Pick<ExplainState, 'live' | 'moments'>): void {
    if (this.#state === null) return;
    this.#state = { ...this.#state, ...news };
    this.#toolbar.update(this.#state);
  }

  #choose(change: Partial<Looking>): void {
    this.#looking = { ...this.#looking, ...change };
    void this.#ask();
  }

  async #takeStep(): Promise<void> {
    try {
      await this.#client.request('step/take', {});
    } catch {
      return; // the host shows it, where all errors are shown
    }
    this.#choose({ step: null, batch: null });
  }

  /** Only the latest answer is drawn; what is shown stays until then. @returns whether there was something to draw. */
  async #ask(): Promise<boolean> {
    const asked = ++this.#asked;
    let shown = false;
    this.#main.setAttribute('aria-busy', 'true');
    try {
      const { step, message } = await this.#client.request('step/explain', this.#looking);
      if (asked !== this.#asked || this.#state === null) return true;
      shown = step !== null;
      if (step === null) this.#refuse(message);
      else this.#draw(step, this.#state);
    } catch {
      // The host shows it, where all errors are shown.
    }
    if (asked === this.#asked) this.#main.removeAttribute('aria-busy');
    return shown;
  }

  #refuse(message: string): void {
    this.#notice.textContent = message;
    this.#title.textContent = this.#state?.name ?? '';
  }

  #draw(step: ExplainedStep, state: ExplainState): void {
    const { texts, name, live } = state;
    this.#step = step;
    const count = (value: number) => formatCount(value, this.#locale);
    // What comes next holds on to this step while the run goes on.
    this.#looking = { ...this.#looking, step: step.step, batch: step.batch, row: step.row };
    keepForReload({ directory: state.directory, looking: this.#looking });
    this.#title.textContent = fillIn(texts.title, count(step.step + 1), name);
    const places = [step.epoch, step.batch + 1, step.batches, step.rows].map(count);
    this.#where.textContent = fillIn(texts.where, ...places);
    this.#toolbar.draw(step, state);
    const notes = [
      ...(live ? [texts.live] : []),
      ...(step.isNext ? [] : [texts.notNext]),
      ...(step.remembers ? [] : [texts.forgetful]),
    ];
    this.#notice.textContent = notes.join(' ');
    const choose = (change: Partial<Looking>) => this.#choose(change);
    const drawing: Drawing = { step, texts, locale: this.#locale, choose };
    drawKept(this.#text, parts(drawing));
    this.#main.dataset['step'] = String(step.step);
    this.#main.dataset['row'] = String(step.row);
    this.#main.dataset['batch'] = String(step.batch);
  }
}

function parts(drawing: Drawing): HTMLElement[] {
  const { texts } = drawing;
  const part = (title: ExplainText, ...nodes: readonly HTMLElement[]) =>
    element('section', { attributes: { 'data-part': title } }, heading(texts[title]), ...nodes);
  return [
    element('p', { className: 'intro', text: texts.intro }),
    part('title.batch', ...batchPart(drawing)),
    part('title.forward', ...layersPart(drawing)),
    part('title.answer', ...answerPart(drawing)),
    part('title.loss', ...lossPart(drawing)),
    part('title.backward', ...backwardPart(drawing)),
    part('title.after', ...afterPart(drawing)),
    part('words', ...wordsPart(drawing)),
  ];
}

function heading(text: string): HTMLElement {
  return element('h2', { text });
}

void new Page().start();
