/** The page: builds its elements once and brings them up to date with the state. */
import type { RunState } from '../../src/shared/protocol/core.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';
import { element } from '../kit/dom.ts';
import { readChartColors } from '../kit/theme.ts';
import { lossLines, metricLines } from './charts.ts';
import { ChartSlot } from './chartSlot.ts';
import { fractionDone } from './state.ts';
import { lossRange } from './valueRange.ts';
import { epochSentence, stateLine } from './words.ts';

export interface ViewActions {
  readonly pause: () => void;
  readonly continue: () => void;
  readonly stop: () => void;
  readonly resume: () => void;
  readonly predict: () => void;
}

/** A screen reader should not be interrupted by every one of a hundred quick epochs. */
const announceEveryMs = 5000;

/** Marks, for measurements, when the page first showed points. */
const firstPointsMark = 'trainbench/points';

const overStates: readonly RunState[] = ['completed', 'stopped', 'interrupted', 'failed'];

export class View {
  readonly #locale = document.documentElement.lang;
  readonly #main = element('main', { id: 'view' });
  readonly #title = element('h1');
  readonly #stateLine = element('p', { id: 'state', className: 'state' });
  readonly #progress = element('progress', { id: 'progress', attributes: { max: '1' } });
  readonly #verdict = element('p', { id: 'verdict', className: 'verdict' });
  readonly #heard = element('p', {
    id: 'announcement',
    className: 'visually-hidden',
    attributes: { 'aria-live': 'polite' },
  });
  readonly #loss = new ChartSlot('loss', 0.4);
  readonly #metrics = new ChartSlot('metrics', 0.24);
  readonly #buttons: Readonly<Record<keyof ViewActions, HTMLElement>>;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(actions: ViewActions) {
    this.#buttons = {
      pause: button('pause', actions.pause),
      continue: button('continue', actions.continue),
      stop: button('stop', actions.stop),
      resume: button('resume', actions.resume),
      predict: button('predict', actions.predict),
    };
    const { pause, continue: goOn, stop, resume, predict } = this.#buttons;
    const actionBar = element('div', { className: 'actions' }, pause, goOn, stop, resume, predict);
    const header = element('header', {}, this.#title, actionBar);
    const charts = [this.#loss.node, this.#metrics.node];
    this.#main.append(
      header,
      this.#stateLine,
      this.#progress,
      this.#verdict,
      ...charts,
      this.#heard,
    );
    document.body.append(this.#main);
    new ResizeObserver(() => this.#resize()).observe(this.#main);
  }

  draw(state: LossPlotState): void {
    this.#title.textContent = state.title;
    this.#drawButtons(state);
    const parts = stateLine(state, this.#locale);
    this.#stateLine.replaceChildren(...parts.map((text) => element('span', { text })));
    this.#drawProgress(state);
    this.#verdict.textContent = state.verdict;
    this.#verdict.hidden = state.verdict === null || state.verdict === '';
    this.#verdict.classList.toggle('failed', state.state === 'failed');
    this.#drawCharts(state);
    this.#announce(state);
    this.#publish(state);
  }

  #drawButtons({ state, texts }: LossPlotState): void {
    const over = overStates.includes(state);
    for (const [name, node] of Object.entries(this.#buttons)) {
      node.textContent = texts[name as keyof ViewActions];
    }
    this.#buttons.pause.hidden = over || state === 'paused';
    this.#buttons.continue.hidden = state !== 'paused';
    this.#buttons.stop.hidden = over;
    this.#buttons.resume.hidden = state !== 'stopped' && state !== 'interrupted';
    this.#buttons.predict.hidden = !over || state === 'failed';
    this.#buttons.pause.toggleAttribute('disabled', state === 'preparing');
  }

  #drawProgress(state: LossPlotState): void {
    const fraction = fractionDone(state);
    this.#progress.hidden = overStates.includes(state.state);
    if (fraction === null) this.#progress.removeAttribute('value');
    else this.#progress.value = fraction;
    this.#progress.setAttribute('aria-label', state.texts[`state.${state.state}`]);
  }

  #drawCharts(state: LossPlotState): void {
    const colors = readChartColors();
    const { texts } = state;
    const common = { x: texts.epoch, locale: this.#locale };
    this.#loss.draw({
      lines: state.loss.length === 0 ? [] : lossLines(state, colors),
      texts: { ...common, y: texts.loss },
      colors,
      range: lossRange(state),
    });
    const metrics = { ...common, y: texts.metrics };
    this.#metrics.draw({ lines: metricLines(state, colors), texts: metrics, colors });
  }

  #announce(state: LossPlotState): void {
    const over = overStates.includes(state.state);
    const record = state.epochRecords.at(-1);
    if (!over && performance.now() - this.#heardAt < announceEveryMs) return;
    const sentence = record === undefined ? '' : epochSentence(state, record, this.#locale);
    const text = over
      ? `${state.texts[`state.${state.state}`]}. ${sentence}. ${state.verdict ?? ''}`
      : sentence;
    if (text === '' || text === this.#heard.textContent) return;
    this.#heard.textContent = text;
    this.#heardAt = performance.now();
  }

  /** The numbers behind the canvas, for tests and tools that cannot read one. */
  #publish({ loss, epochRecords, state }: LossPlotState): void {
    const last = epochRecords.at(-1);
    const data = {
      state,
      points: String(loss.length),
      firstLoss: String(loss[0] ?? ''),
      lastLoss: String(loss.at(-1) ?? ''),
      epochs: String(epochRecords.length),
      lastValidationLoss: String(last?.val_loss ?? ''),
    };
    Object.assign(this.#main.dataset, data);
    if (loss.length > 0 && performance.getEntriesByName(firstPointsMark).length === 0) {
      performance.mark(firstPointsMark);
    }
  }

  #resize(): void {
    this.#loss.resize();
    this.#metrics.resize();
  }
}

function button(id: string, action: () => void): HTMLElement {
  const appearance = id === 'stop' ? 'secondary' : 'primary';
  const made = element('vscode-button', { id, attributes: { appearance } });
  made.addEventListener('click', () => {
    if (!made.hasAttribute('disabled')) action();
  });
  return made;
}
