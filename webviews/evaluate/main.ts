/** The page of an evaluation: figures beside others, what is taken for what, and where it is most wrong. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { Evaluation } from '../../src/shared/protocol/evaluation.ts';
import type { EvaluateContract, EvaluateState } from '../../src/shared/protocol/views/evaluate.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, openTransport } from '../kit/transport.ts';
import { Choices } from './choices.ts';
import { confusionPart } from './confusion.ts';
import { figuresTable } from './figures.ts';
import { numbersPart } from './numbers.ts';
import { worstPart } from './worst.ts';
import '../kit/view.css';
import './evaluate.css';

class Page {
  readonly #client = new Client<EvaluateContract>(openTransport());
  readonly #locale = document.documentElement.lang;
  readonly #title = element('h1');
  readonly #choices = new Choices({
    choose: (choice) => void this.#client.request('evaluate/choose', choice),
    chooseFile: () => void this.#client.request('evaluate/chooseFile', {}),
  });
  readonly #progress = element('progress', { attributes: { max: '1' } });
  readonly #message = element('span', { id: 'message', attributes: { role: 'status' } });
  readonly #cancel = button({
    id: 'cancel',
    appearance: 'secondary',
    action: () => void this.#client.request('evaluate/cancel', {}),
  });
  readonly #work = element('p', { id: 'work' }, this.#progress, this.#message, this.#cancel);
  readonly #save = (['json', 'csv'] as const).map((ending) =>
    button({
      id: `save-${ending}`,
      appearance: 'secondary',
      action: () => void this.#client.request('evaluate/save', { ending }),
    }),
  );
  readonly #body = element('div', { id: 'body' });
  readonly #main = element(
    'main',
    { id: 'view' },
    element('header', {}, this.#title, element('div', { className: 'actions' }, ...this.#save)),
    this.#choices.node,
    this.#work,
    this.#body,
  );
  #state: EvaluateState | null = null;

  async start(): Promise<void> {
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('view/changed', ({ progress }) => {
      if (this.#state !== null) this.#state = { ...this.#state, progress };
      this.#showWork();
    });
    onThemeChange(() => this.#draw());
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  #show(state: EvaluateState): void {
    this.#state = state;
    keepForReload(state.wish);
    const { texts, evaluation } = state;
    this.#cancel.textContent = texts.cancel;
    this.#save.forEach((one, i) => {
      one.textContent = i === 0 ? texts.saveJson : texts.saveCsv;
      one.toggleAttribute('disabled', evaluation === null);
    });
    this.#choices.draw(state);
    this.#showWork();
    this.#draw();
  }

  #showWork(): void {
    if (this.#state === null) return;
    const { progress, failure, texts, evaluation } = this.#state;
    this.#work.hidden = progress === null && failure === '';
    this.#progress.hidden = this.#cancel.hidden = progress === null;
    if (progress?.fraction == null) this.#progress.removeAttribute('value');
    else this.#progress.value = progress.fraction;
    this.#message.textContent = progress === null ? failure : progress.message;
    this.#title.textContent = fillIn(texts.title, evaluation?.name ?? '…');
    this.#main.dataset['ready'] = String(progress === null);
    this.#main.setAttribute('aria-busy', String(progress !== null));
  }

  #draw(): void {
    const { evaluation, texts } = this.#state ?? {};
    if (evaluation == null || texts === undefined) {
      this.#body.replaceChildren();
      return;
    }
    const drawing = { texts, locale: this.#locale };
    const { outcome } = evaluation;
    this.#main.dataset['part'] = evaluation.part;
    this.#body.replaceChildren(
      element('p', { id: 'verdict', text: evaluation.verdict }),
      element('p', { id: 'about', text: this.#about(evaluation, texts) }),
      figuresTable(evaluation, drawing),
      ...problemsPart(evaluation, texts, this.#locale),
      ...(outcome.kind === 'classes'
        ? confusionPart(outcome, drawing)
        : numbersPart(outcome, drawing)),
      ...worstPart(evaluation.worst, drawing),
    );
  }

  #about({ weights }: Evaluation, texts: EvaluateState['texts']): string {
    const step = formatCount(weights.step, this.#locale);
    const about = fillIn(texts.weightsAt, step, formatValue(weights.epoch, this.#locale));
    return weights.averaged ? `${about} (${texts.averaged})` : about;
  }
}

function problemsPart(
  { leftOut, problems }: Evaluation,
  texts: EvaluateState['texts'],
  locale: string,
): HTMLElement[] {
  if (leftOut === 0) return [];
  const items = problems.map(({ message, hint }) =>
    element('li', { text: hint === undefined ? message : `${message} (${hint})` }),
  );
  return [
    element('h2', { text: texts.problems }),
    element('p', { text: fillIn(texts.leftOut, formatCount(leftOut, locale)) }),
    element('ul', { id: 'problems' }, ...items),
  ];
}

void new Page().start();
