/** The head of the page: what the first run is doing, in words, and what can be done about it. */
import type { RunState } from '../../src/shared/protocol/core.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';
import { button } from '../kit/button.ts';
import { element, setText } from '../kit/dom.ts';
import { epochSentence, fractionDone, isComparison, stateLine } from './words.ts';

export type RunAction = 'pause' | 'continue' | 'step' | 'stop' | 'resume' | 'predict' | 'weights';

/** A screen reader should not be interrupted by every one of a hundred quick epochs. */
const announceEveryMs = 5000;

const overStates: readonly RunState[] = ['completed', 'stopped', 'interrupted', 'failed'];

export class Summary {
  readonly nodes: readonly HTMLElement[];
  readonly #locale = document.documentElement.lang;
  readonly #title = element('h1');
  readonly #stateLine = element('p', { id: 'state', className: 'state' });
  readonly #progress = element('progress', { id: 'progress', attributes: { max: '1' } });
  readonly #verdict = element('p', { id: 'verdict', className: 'verdict' });
  readonly #heard = element('p', {
    id: 'announcement',
    className: 'visually-hidden',
    attributes: { 'aria-live': 'polite' },
  });
  readonly #buttons: Readonly<Record<RunAction, HTMLElement>>;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(act: (action: RunAction) => void) {
    const make = (id: RunAction, appearance: 'primary' | 'secondary' = 'primary') =>
      button({ id, appearance, action: () => act(id) });
    this.#buttons = {
      pause: make('pause'),
      continue: make('continue'),
      step: make('step', 'secondary'),
      stop: make('stop', 'secondary'),
      resume: make('resume'),
      predict: make('predict'),
      weights: make('weights', 'secondary'),
    };
    const actions = element('div', { className: 'actions' }, ...Object.values(this.#buttons));
    const header = element('header', {}, this.#title, actions);
    this.nodes = [header, this.#stateLine, this.#progress, this.#verdict, this.#heard];
  }

  draw(state: LossPlotState): void {
    const { status, texts } = state;
    setText(this.#title, state.title);
    this.#drawButtons(state);
    const parts = stateLine(state, this.#locale);
    this.#stateLine.replaceChildren(...parts.map((text) => element('span', { text })));
    const fraction = fractionDone(status);
    this.#progress.hidden = overStates.includes(status.state);
    if (fraction === null) this.#progress.removeAttribute('value');
    else this.#progress.value = fraction;
    this.#progress.setAttribute('aria-label', texts[`state.${status.state}`]);
    setText(this.#verdict, status.verdict ?? '');
    const compares = isComparison(status, state.runs.length);
    this.#verdict.hidden = compares || status.verdict === null || status.verdict === '';
    this.#verdict.classList.toggle('doubtful', status.isDoubtful);
    this.#verdict.classList.toggle('failed', status.state === 'failed');
    this.#announce(state);
  }

  #drawButtons({ status, texts, runs }: LossPlotState): void {
    const { state, steerable, epoch } = status;
    const compares = isComparison(status, runs.length);
    const { pause, continue: goOn, step, stop, resume, predict, weights } = this.#buttons;
    const over = overStates.includes(state);
    setText(pause, texts.pause);
    setText(goOn, texts.continue);
    setText(step, texts.stepOnce);
    setText(stop, texts.stop);
    setText(resume, texts.resume);
    setText(predict, texts.predict);
    setText(weights, texts.weights);
    pause.hidden = !steerable || over || state === 'paused';
    goOn.hidden = step.hidden = !steerable || state !== 'paused';
    stop.hidden = !steerable || over;
    resume.hidden = compares || (state !== 'stopped' && state !== 'interrupted');
    predict.hidden = compares || !over || state === 'failed';
    // Going on is what comes next where that can be: one button stands out.
    predict.setAttribute('appearance', resume.hidden ? 'primary' : 'secondary');
    weights.hidden = compares || state === 'preparing' || (epoch === null && state === 'failed');
    pause.toggleAttribute('disabled', state === 'preparing');
  }

  #announce(state: LossPlotState): void {
    const { status, texts } = state;
    const over = overStates.includes(status.state);
    if (!over && performance.now() - this.#heardAt < announceEveryMs) return;
    const { epoch } = status;
    const sentence = epoch === null ? '' : epochSentence(epoch, state, this.#locale);
    const text = over
      ? `${texts[`state.${status.state}`]}. ${sentence}. ${status.verdict ?? ''}`
      : sentence;
    if (text === '' || text === this.#heard.textContent) return;
    setText(this.#heard, text);
    this.#heardAt = performance.now();
  }
}
