/** What the run says of the row: the class with the chance of each, or the number. */
import type { Prediction } from '../../src/shared/protocol/core.ts';
import { element } from '../kit/dom.ts';

export interface ShownResult {
  readonly prediction: Prediction | null;
  /** Why there is none. */
  readonly message: string;
}

export interface ResultOptions {
  readonly probabilitiesLabel: string;
  readonly locale: string;
}

export class Result {
  readonly #answer = element('p', { id: 'answer', attributes: { 'aria-live': 'polite' } });
  readonly #message = element('p', { id: 'message', attributes: { role: 'status' } });
  readonly #chances = element('ul', { id: 'chances' });
  readonly node = element('div', {}, this.#answer, this.#message, this.#chances);

  draw({ prediction, message }: ShownResult, { probabilitiesLabel, locale }: ResultOptions): void {
    const chances = Object.entries(prediction?.probabilities ?? {});
    setText(this.#answer, prediction === null ? '' : answerText(prediction, locale));
    setText(this.#message, message);
    this.#message.hidden = message === '';
    this.#chances.hidden = chances.length === 0;
    this.#chances.setAttribute('aria-label', probabilitiesLabel);
    this.#chances.replaceChildren(
      ...chances.map(([name, chance]) =>
        chanceRow({ name, chance, locale, wins: name === prediction?.class }),
      ),
    );
  }

  /** The last answer is of another row than the form has now. */
  markStale(stale: boolean): void {
    this.node.classList.toggle('stale', stale);
  }
}

/** A screen reader hears a text again whenever it is set. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function answerText({ class: name, value }: Prediction, locale: string): string {
  if (name !== undefined) return String(name);
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
  return [value ?? []]
    .flat()
    .map((each) => format.format(each))
    .join(', ');
}

interface Chance {
  readonly name: string;
  readonly chance: number;
  readonly wins: boolean;
  readonly locale: string;
}

function chanceRow({ name, chance, wins, locale }: Chance): HTMLElement {
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const bar = element('span', { className: 'bar', attributes: { 'aria-hidden': 'true' } });
  bar.style.setProperty('--chance', String(chance));
  return element(
    'li',
    { className: wins ? 'wins' : '' },
    element('span', { className: 'name', text: name }),
    bar,
    element('span', { className: 'percent', text: percent.format(chance) }),
  );
}
