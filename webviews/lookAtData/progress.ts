/** A look that goes on: how far it is, and a way out. Or why there is none to see. */
import type { LookProgress, LookState } from '../../src/shared/protocol/views/lookAtData.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';

export interface ProgressActions {
  readonly cancel: () => void;
  readonly again: () => void;
}

export class Progress {
  readonly #message = element('p');
  readonly #bar = element('progress', { attributes: { max: '1' } });
  readonly #cancel: HTMLElement;
  readonly #again: HTMLElement;
  readonly #looking: HTMLElement;
  readonly #failure = element('p', { id: 'failure', attributes: { role: 'alert' } });
  readonly #failed: HTMLElement;
  readonly node: HTMLElement;

  constructor({ cancel, again }: ProgressActions) {
    this.#cancel = button({ id: 'cancel', appearance: 'secondary', action: cancel });
    this.#again = button({ id: 'again', appearance: 'secondary', action: again });
    this.#looking = element('div', { id: 'looking' }, this.#message, this.#bar, this.#cancel);
    this.#failed = element('div', { id: 'failed' }, this.#failure, this.#again);
    this.node = element('div', {}, this.#looking, this.#failed);
  }

  show({ progress, failure, texts }: LookState): void {
    this.#cancel.textContent = texts.cancel;
    this.#again.textContent = texts.again;
    this.#bar.setAttribute('aria-label', texts.looking);
    this.#looking.hidden = progress === null;
    this.#failed.hidden = failure === null || progress !== null;
    this.#failure.textContent = failure ?? '';
    if (progress !== null) this.move(progress, texts.looking);
  }

  move({ message, fraction }: LookProgress, looking: string): void {
    this.#message.textContent = message === '' ? looking : message;
    if (fraction === null) this.#bar.removeAttribute('value');
    else this.#bar.value = fraction;
  }
}
