/** Tabs with a panel each; the arrow keys go from tab to tab, as the ARIA practices have it. */
import { element } from './dom.ts';
import './tabs.css';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
}

export class Tabs {
  readonly #list = element('div', { className: 'tabs', attributes: { role: 'tablist' } });
  readonly #panels = element('div');
  readonly node = element('div', {}, this.#list, this.#panels);
  readonly #chosen: (id: string) => void;
  #tabs: readonly { readonly tab: Tab; readonly button: HTMLElement }[] = [];

  /** @param chosen the user went to another tab, or `show` to its first. */
  constructor(chosen: (id: string) => void) {
    this.#chosen = chosen;
    this.#list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** `id` is in front, or the first tab where there is none of that name. */
  show(tabs: readonly Tab[], id: string): void {
    this.#tabs = tabs.map((tab) => ({ tab, button: this.#button(tab) }));
    this.#list.hidden = tabs.length === 0;
    this.#list.replaceChildren(...this.#tabs.map(({ button }) => button));
    this.#panels.replaceChildren(...tabs.map(({ panel }) => panel));
    for (const { tab } of this.#tabs) {
      tab.panel.id = `panel-${tab.id}`;
      tab.panel.setAttribute('role', 'tabpanel');
      tab.panel.setAttribute('aria-labelledby', `tab-${tab.id}`);
    }
    const known = tabs.find((tab) => tab.id === id) ?? tabs[0];
    if (known !== undefined) this.#choose(known.id);
  }

  #button({ id, title }: Tab): HTMLElement {
    const attributes = { role: 'tab', type: 'button', 'aria-controls': `panel-${id}` };
    const made = element('button', { id: `tab-${id}`, text: title, attributes });
    made.addEventListener('click', () => this.#choose(id));
    return made;
  }

  #choose(id: string): void {
    for (const { tab, button } of this.#tabs) {
      const chosen = tab.id === id;
      tab.panel.hidden = !chosen;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
    this.#chosen(id);
  }

  #key({ key }: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const at = this.#tabs.findIndex(({ button }) => button === document.activeElement);
    if (step === undefined || at < 0) return;
    const { tab, button } = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length]!;
    this.#choose(tab.id);
    button.focus();
  }
}
