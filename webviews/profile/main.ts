/** The page that shows where a step goes: facts, a table of kernels and a flame view. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import { Client } from '../../src/shared/protocol/client.ts';
import type { Profile } from '../../src/shared/protocol/profile.ts';
import type { ProfileContract, ProfileState } from '../../src/shared/protocol/views/profile.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import { Tabs } from '../kit/tabs.ts';
import { keepForReload, keptState, openTransport } from '../kit/transport.ts';
import { factsOf } from './facts.ts';
import { Flame } from './flame.ts';
import { byShare, KernelTable, type Sorting } from './kernelTable.ts';
import '../kit/view.css';
import './profile.css';

class Page {
  readonly #client = new Client<ProfileContract>(openTransport());
  readonly #title = element('h1');
  readonly #again = this.#button('again', 'profile/again');
  readonly #kernels = this.#button('show-kernels', 'kernels/show');
  readonly #cancel = this.#button('cancel', 'profile/cancel');
  readonly #message = element('p');
  readonly #bar = element('progress', { attributes: { max: '1' } });
  readonly #measuring = element('div', { id: 'measuring' }, this.#message, this.#bar, this.#cancel);
  readonly #failure = element('p', { id: 'failure', attributes: { role: 'alert' } });
  readonly #facts = element('div');
  readonly #table = new KernelTable((sorting) => this.#sorted(sorting));
  readonly #flame = new Flame();
  readonly #tabs = new Tabs((id) => this.#tabChosen(id));
  readonly #main = element(
    'main',
    { id: 'view' },
    element(
      'header',
      {},
      this.#title,
      element('div', { className: 'actions' }, this.#again, this.#kernels),
    ),
    this.#measuring,
    this.#failure,
    this.#facts,
    this.#tabs.node,
  );
  #state: ProfileState | null = null;
  #sorting = byShare;
  #tab = 'table';

  async start(): Promise<void> {
    const { tab, sorting } = (keptState() ?? {}) as { tab?: string; sorting?: Sorting };
    this.#tab = tab ?? this.#tab;
    this.#sorting = sorting ?? this.#sorting;
    document.body.append(this.#main);
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('view/changed', ({ progress }) => {
      if (this.#state !== null) this.#showProgress({ ...this.#state, progress });
    });
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  #button(id: string, request: 'profile/again' | 'profile/cancel' | 'kernels/show'): HTMLElement {
    // The host shows errors, where all errors are shown.
    const action = () => void this.#client.request(request, {}).catch(() => undefined);
    return button({ id, appearance: 'secondary', action });
  }

  #show(state: ProfileState): void {
    const news = state.profile !== this.#state?.profile;
    this.#state = state;
    const { texts, name, profile, failure } = state;
    this.#title.textContent = fillIn(texts.title, name);
    this.#again.textContent = texts.again;
    this.#kernels.textContent = texts.showKernels;
    this.#cancel.textContent = texts.cancel;
    this.#failure.hidden = failure === null;
    this.#failure.textContent = failure ?? '';
    this.#showProgress(state);
    if (news) this.#draw(profile, state);
    this.#main.dataset['state'] =
      state.progress !== null ? 'measuring' : failure !== null ? 'failed' : 'measured';
    this.#keep();
  }

  #showProgress({ progress, texts }: ProfileState): void {
    this.#measuring.hidden = progress === null;
    this.#again.toggleAttribute('disabled', progress !== null);
    this.#message.textContent = progress?.message || texts.measuring;
    this.#bar.setAttribute('aria-label', texts.measuring);
    const fraction = progress?.fraction ?? null;
    if (fraction === null) this.#bar.removeAttribute('value');
    else this.#bar.value = fraction;
  }

  #draw(profile: Profile | null, { texts }: ProfileState): void {
    if (profile === null) {
      this.#facts.replaceChildren();
      this.#tabs.show([], '');
      return;
    }
    const words = { texts, locale: document.documentElement.lang };
    this.#facts.replaceChildren(factsOf(profile, words));
    this.#table.show(profile, words, this.#sorting);
    this.#flame.show(profile, words);
    const tables = element('div', {}, this.#table.node);
    const flame = element('div', {}, this.#flame.node);
    this.#tabs.show(
      [
        { id: 'table', title: texts.table, panel: tables },
        { id: 'flame', title: texts.flame, panel: flame },
      ],
      this.#tab,
    );
  }

  #tabChosen(id: string): void {
    this.#tab = id;
    this.#keep();
  }

  #sorted(sorting: Sorting): void {
    this.#sorting = sorting;
    this.#keep();
  }

  /** With what was measured: a reload does not measure again. */
  #keep(): void {
    if (this.#state === null) return;
    const { source, profile } = this.#state;
    keepForReload({ source, profile, tab: this.#tab, sorting: this.#sorting });
  }
}

void new Page().start();
