/** One of several things at a time: a button to the one before, one to the one after, and which one it is. */
import { element } from '../kit/dom.ts';

export interface StepperOptions {
  readonly count: number;
  readonly titles: { readonly before: string; readonly after: string };
  readonly say: (at: number) => string;
  readonly changed: () => void;
}

export class Stepper {
  /** Hidden where there is no choice. */
  readonly node: HTMLElement;
  readonly #options: StepperOptions;
  readonly #place = element('span', { className: 'place', attributes: { role: 'status' } });
  readonly #before: HTMLButtonElement;
  readonly #after: HTMLButtonElement;
  #at = 0;

  constructor(options: StepperOptions) {
    this.#options = options;
    const { titles, count } = options;
    this.#before = this.#button('←', titles.before, -1);
    this.#after = this.#button('→', titles.after, 1);
    this.node = element('span', { className: 'stepper' }, this.#before, this.#after, this.#place);
    this.node.hidden = count <= 1;
    this.#draw();
  }

  /** From 0. */
  get at(): number {
    return this.#at;
  }

  #button(text: string, title: string, by: number): HTMLButtonElement {
    const attributes = { title, 'aria-label': title };
    const made = element('button', { text, className: 'page', attributes });
    made.addEventListener('click', () => {
      this.#at = Math.max(0, Math.min(this.#options.count - 1, this.#at + by));
      this.#draw();
      this.#options.changed();
    });
    return made;
  }

  #draw(): void {
    this.#before.disabled = this.#at === 0;
    this.#after.disabled = this.#at === this.#options.count - 1;
    this.#place.textContent = this.#options.say(this.#at);
  }
}
