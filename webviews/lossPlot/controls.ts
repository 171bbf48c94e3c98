/** What the user chooses of how all charts look. */
import type { PlotAxis, PlotLook } from '../../src/shared/plot/look.ts';
import { mostSmoothing, rateChart } from '../../src/shared/plot/look.ts';
import type { LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';
import { button } from '../kit/button.ts';
import { element, setText } from '../kit/dom.ts';

export interface ControlActions {
  readonly axis: (axis: PlotAxis) => void;
  readonly log: (log: boolean) => void;
  /** Whether there is a chart of the learning rate. */
  readonly rate: (shown: boolean) => void;
  readonly smoothing: (weight: number) => void;
  readonly fit: () => void;
  readonly table: () => void;
  readonly addRun: () => void;
}

export class Controls {
  readonly node: HTMLElement;
  readonly #axis = element('select', { id: 'axis' });
  readonly #axisLabel = element('label', { attributes: { for: 'axis' } });
  readonly #log = element('input', { id: 'log', attributes: { type: 'checkbox' } });
  readonly #logLabel = element('label', { attributes: { for: 'log' } });
  readonly #rate = element('input', { id: 'rate', attributes: { type: 'checkbox' } });
  readonly #rateLabel = element('label', { attributes: { for: 'rate' } });
  readonly #smoothing = element('input', {
    id: 'smoothing',
    attributes: { type: 'range', min: '0', max: String(mostSmoothing), step: '0.01' },
  });
  readonly #smoothingLabel = element('label', { attributes: { for: 'smoothing' } });
  readonly #weight = element('output', { attributes: { for: 'smoothing' } });
  readonly #buttons: Readonly<Record<'fit' | 'showTable' | 'addRun', HTMLElement>>;

  constructor(actions: ControlActions) {
    const secondary = 'secondary' as const;
    this.#buttons = {
      fit: button({ id: 'fit', appearance: secondary, action: actions.fit }),
      showTable: button({ id: 'showTable', appearance: secondary, action: actions.table }),
      addRun: button({ id: 'addRun', appearance: secondary, action: actions.addRun }),
    };
    this.#axis.append(...(['epoch', 'step'] as const).map(axisOption));
    this.#axis.addEventListener('change', () => actions.axis(this.#axis.value as PlotAxis));
    this.#log.addEventListener('change', () => actions.log(this.#log.checked));
    this.#rate.addEventListener('change', () => actions.rate(this.#rate.checked));
    this.#smoothing.addEventListener('input', () =>
      actions.smoothing(Number(this.#smoothing.value)),
    );
    const group = (...nodes: readonly Node[]) =>
      element('span', { className: 'control' }, ...nodes);
    this.node = element(
      'div',
      { className: 'controls' },
      group(this.#axisLabel, this.#axis),
      group(this.#log, this.#logLabel),
      group(this.#rate, this.#rateLabel),
      group(this.#smoothingLabel, this.#smoothing, this.#weight),
      group(...Object.values(this.#buttons)),
    );
  }

  draw(state: LossPlotState, look: PlotLook, tableOpen: boolean): void {
    const { texts, runs } = state;
    setText(this.#axisLabel, texts.axis);
    for (const option of this.#axis.options) {
      setText(option, texts[`axis.${option.value as PlotAxis}`]);
    }
    this.#axis.value = look.axis;
    setText(this.#logLabel, texts.log);
    this.#log.checked = look.log;
    setText(this.#rateLabel, texts.learningRate);
    this.#rate.checked = showsRate(state, look);
    setText(this.#smoothingLabel, texts.smoothing);
    this.#smoothing.value = String(look.smoothing);
    const locale = document.documentElement.lang;
    const weight = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 });
    setText(this.#weight, weight.format(look.smoothing));
    const { fit, showTable, addRun } = this.#buttons;
    setText(fit, texts.fit);
    fit.toggleAttribute('disabled', look.zoom === null);
    setText(showTable, texts.showTable);
    showTable.setAttribute('aria-expanded', String(tableOpen));
    setText(addRun, texts.addRun);
    addRun.hidden = runs.length === 0;
  }
}

/** Unless the user has chosen: where it changes with the steps. */
export function showsRate({ scheduled, charts }: LossPlotState, { rate }: PlotLook): boolean {
  return charts.includes(rateChart) && (rate ?? scheduled);
}

function axisOption(value: PlotAxis): HTMLElement {
  return element('option', { attributes: { value } });
}
