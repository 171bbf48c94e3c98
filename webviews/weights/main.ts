/** The weights page: a section for each tensor, and which moment and layout they show. */
import { Client } from '../../src/shared/protocol/client.ts';
import type { WeightsContract, WeightsState } from '../../src/shared/protocol/views/weights.ts';
import { element } from '../kit/dom.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, keptOf, openTransport } from '../kit/transport.ts';
import type { Layout } from './grid.ts';
import { momentAt, momentText, positionOf, type Moment } from './moments.ts';
import { TensorSection } from './section.ts';
import '../kit/view.css';
import './weights.css';

class Page {
  readonly #client = new Client<WeightsContract>(openTransport());
  readonly #locale = document.documentElement.lang;
  readonly #title = element('h1');
  readonly #slider = element('input', { id: 'moment', attributes: { type: 'range', min: '0' } });
  readonly #sliderLabel = element('label', { attributes: { for: 'moment' } });
  readonly #moment = element('output', { attributes: { for: 'moment' } });
  readonly #layout = element('select', { id: 'layout' });
  readonly #layoutLabel = element('label', { attributes: { for: 'layout' } });
  readonly #notice = element('p', { className: 'notice', attributes: { role: 'status' } });
  readonly #tensors = element('div');
  readonly #main = element('main', { id: 'view' });
  readonly #sections = new Map<Element, TensorSection>();
  readonly #watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      this.#sections.get(target)?.setVisible(isIntersecting);
    }
  });
  #state: WeightsState | null = null;
  #shown: Moment = null;

  async start(): Promise<void> {
    const moment = element('p', {}, this.#sliderLabel, this.#slider, this.#moment);
    const layout = element('p', {}, this.#layoutLabel, this.#layout);
    const bar = element('div', { className: 'bar' }, moment, layout);
    this.#main.append(element('header', {}, this.#title), bar, this.#notice, this.#tensors);
    document.body.append(this.#main);
    this.#slider.addEventListener('input', () => this.#move());
    this.#layout.addEventListener('change', () => {
      for (const section of this.#all()) section.setLayout(this.#layout.value as Layout);
      this.#keep();
    });
    this.#client.on('view/reset', (state) => this.#show(state));
    this.#client.on('view/changed', (news) => this.#update(news));
    onThemeChange(() => {
      for (const section of this.#all()) section.redraw();
    });
    const state = await this.#client.request('view/ready', {});
    if (state !== null) this.#show(state);
    await import('../kit/toolkit.ts');
  }

  #show(state: WeightsState): void {
    this.#state = state;
    const { texts, tensors, directory } = state;
    const kept = keptOf(directory);
    const moment = kept?.['moment'];
    this.#shown = typeof moment === 'number' ? momentAt(positionOf(moment, state), state) : null;
    this.#title.textContent = state.title;
    this.#sliderLabel.textContent = texts.moments;
    this.#layoutLabel.textContent = texts.layout;
    const options = { keras: texts.layoutKeras, pytorch: texts.layoutPytorch };
    this.#layout.replaceChildren(
      ...Object.entries(options).map(([value, text]) =>
        element('option', { text, attributes: { value } }),
      ),
    );
    this.#notice.textContent = tensors.length === 0 ? texts.noWeights : '';
    this.#buildSections(state);
    if (kept?.['layout'] === 'pytorch') this.#layout.value = 'pytorch';
    for (const section of this.#all()) section.setLayout(this.#layout.value as Layout);
    this.#drawMoment();
    this.#keep();
  }

  /** What comes back when the tab was hidden or the window reloaded. */
  #keep(): void {
    const directory = this.#state?.directory;
    keepForReload({ directory, moment: this.#shown, layout: this.#layout.value });
  }

  #buildSections(state: WeightsState): void {
    this.#watcher.disconnect();
    this.#sections.clear();
    const firstKernel = state.tensors.find(({ shape }) => shape.length === 4);
    for (const tensor of state.tensors) {
      const section = new TensorSection({
        tensor,
        state,
        isFirstKernel: tensor === firstKernel,
        locale: this.#locale,
        read: (wish) => this.#read(wish),
      });
      this.#sections.set(section.node, section);
    }
    this.#tensors.replaceChildren(...this.#sections.keys());
    for (const node of this.#sections.keys()) this.#watcher.observe(node);
  }

  /** The latest weights moved, or the run ended and others are the latest now. */
  #update(news: Pick<WeightsState, 'snapshots' | 'live'>): void {
    if (this.#state === null) return;
    this.#state = { ...this.#state, ...news };
    const kept = momentAt(positionOf(this.#shown, news), news);
    const gone = kept !== this.#shown;
    this.#shown = kept;
    this.#drawMoment();
    if (this.#shown === null || gone) this.#refresh();
  }

  #move(): void {
    if (this.#state === null) return;
    this.#shown = momentAt(Number(this.#slider.value), this.#state);
    this.#keep();
    this.#drawMoment();
    this.#refresh();
  }

  #drawMoment(): void {
    if (this.#state === null) return;
    this.#slider.max = String(this.#state.snapshots.length);
    this.#slider.value = String(positionOf(this.#shown, this.#state));
    const text = momentText(this.#shown, this.#state, this.#locale);
    this.#moment.textContent = text;
    this.#slider.setAttribute('aria-valuetext', text);
    this.#main.dataset['live'] = String(this.#state.live);
    this.#main.dataset['snapshots'] = String(this.#state.snapshots.length);
  }

  #refresh(): void {
    for (const section of this.#all()) void section.refresh();
  }

  async #read(wish: Omit<WeightsContract['requests']['weights/tile']['args'], 'step'>) {
    const tile = await this.#client.request('weights/tile', { ...wish, step: this.#shown });
    this.#notice.textContent = tile === null ? (this.#state?.texts.later ?? '') : '';
    return tile;
  }

  #all(): Iterable<TensorSection> {
    return this.#sections.values();
  }
}

void new Page().start();
