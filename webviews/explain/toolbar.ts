/** Moves through batches, rows and steps. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { ExplainedStep } from '../../src/shared/protocol/explainStep.ts';
import type { ExplainState, Looking } from '../../src/shared/protocol/views/explain.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';

export interface ToolbarOptions {
  readonly choose: (change: Partial<Looking>) => void;
  readonly takeStep: () => void;
}

export class Toolbar {
  readonly node = element('div', { className: 'bar', attributes: { role: 'toolbar' } });
  readonly #options: ToolbarOptions;
  readonly #row: Stepper;
  readonly #batch: Stepper;
  readonly #next = button({ id: 'next-step', action: () => this.#forward() });
  readonly #back = this.#keptButton('previous-kept', -1);
  readonly #on = this.#keptButton('next-kept', 1);
  #step: ExplainedStep | null = null;
  #state: Pick<ExplainState, 'live' | 'moments' | 'texts'> | null = null;

  constructor(options: ToolbarOptions) {
    this.#options = options;
    this.#row = new Stepper('row', (row) => options.choose({ row }));
    this.#batch = new Stepper('batch', (batch) => options.choose({ batch, row: 0 }));
    const steps = element('div', { className: 'actions' }, this.#back, this.#on, this.#next);
    this.node.append(this.#batch.node, this.#row.node, steps);
    this.node.hidden = true;
  }

  draw(step: ExplainedStep, state: ExplainState): void {
    this.#step = step;
    const { texts } = state;
    this.node.hidden = false;
    this.#row.draw({ label: texts.row, at: step.row, count: step.rows, texts });
    this.#batch.draw({ label: texts.batch, at: step.batch, count: step.batches, texts });
    this.update(state);
  }

  update(state: Pick<ExplainState, 'live' | 'moments' | 'texts'>): void {
    this.#state = state;
    const { live, moments, texts } = state;
    this.#next.textContent = texts.nextStep;
    // A step that training did not take, or not so, leads nowhere.
    const leadsOn = this.#step?.isNext === true && this.#step.remembers;
    this.#next.toggleAttribute('disabled', !live && !leadsOn);
    const kept = [
      [this.#back, texts.previousMoment, this.#kept(-1)],
      [this.#on, texts.nextMoment, this.#kept(1)],
    ] as const;
    for (const [made, text, step] of kept) {
      made.textContent = text;
      made.hidden = live || moments.length < 2;
      made.toggleAttribute('disabled', step === undefined);
    }
  }

  #keptButton(id: string, by: -1 | 1) {
    const action = () => {
      const step = this.#kept(by);
      if (step !== undefined) this.#options.choose({ step, batch: null });
    };
    return button({ id, appearance: 'secondary', action });
  }

  /** The moment kept before the step shown, or after it. */
  #kept(by: -1 | 1): number | undefined {
    const shown = this.#step?.step ?? 0;
    const moments = this.#state?.moments ?? [];
    return by > 0
      ? moments.find((moment) => moment > shown)
      : moments.findLast((moment) => moment < shown);
  }

  #forward(): void {
    if (this.#step === null) return;
    if (this.#state?.live === true) this.#options.takeStep();
    else this.#options.choose({ step: this.#step.step + 1, batch: null });
  }
}

interface StepperState {
  readonly label: string;
  /** From 0. */
  readonly at: number;
  readonly count: number;
  readonly texts: ExplainState['texts'];
}

/** Label, "3 of 20", and a button to either side. */
class Stepper {
  readonly node: HTMLElement;
  readonly #text = element('span', { attributes: { 'aria-live': 'polite' } });
  readonly #buttons: readonly HTMLButtonElement[];
  #state: StepperState | null = null;

  constructor(id: string, move: (to: number) => void) {
    this.#buttons = [-1, 1].map((by) => {
      const made = element('button', { text: by < 0 ? '←' : '→', className: 'arrow' });
      made.addEventListener('click', () => {
        if (this.#state !== null) move(this.#state.at + by);
      });
      return made;
    });
    const [back, next] = this.#buttons as [HTMLButtonElement, HTMLButtonElement];
    this.node = element('div', { id, className: 'stepper' }, back, this.#text, next);
  }

  draw(state: StepperState): void {
    this.#state = state;
    const { label, at, count, texts } = state;
    const locale = document.documentElement.lang;
    const place = [at + 1, count].map((value) => formatCount(value, locale));
    this.#text.textContent = `${label} ${fillIn(texts.of, ...place)}`;
    const [back, next] = this.#buttons as [HTMLButtonElement, HTMLButtonElement];
    back.disabled = at <= 0;
    next.disabled = at >= count - 1;
    back.setAttribute('aria-label', `${label}: ${texts.previous}`);
    next.setAttribute('aria-label', `${label}: ${texts.next}`);
  }
}
