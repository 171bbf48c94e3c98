/** Which lines there are; each entry hides and shows its lines, and a run stands out while the mouse is on its name. */
import { hiddenKinds, lineKinds } from '../../src/shared/plot/look.ts';
import type { LineKind, PlotLook } from '../../src/shared/plot/look.ts';
import type { LossPlotState, RunOfPlot } from '../../src/shared/protocol/views/lossPlot.ts';
import { element } from '../kit/dom.ts';
import { readChartColors } from '../kit/theme.ts';
import type { ChartColors } from '../kit/theme.ts';
import { fillIn } from '../../src/shared/numberFormat.ts';
import { cssColor, runColor } from './lineColors.ts';
import { kindLabel } from './words.ts';

export interface LegendActions {
  readonly toggleKind: (kind: LineKind) => void;
  readonly toggleRun: (directory: string) => void;
  /** Null when none stands out any more. */
  readonly raise: (directory: string | null) => void;
  readonly remove: (directory: string) => void;
}

export class Legend {
  readonly node = element('div', { className: 'legend' });
  readonly #kinds = element('div', { className: 'entries', id: 'kinds' });
  readonly #runs = element('div', { className: 'entries', id: 'runs' });
  readonly #actions: LegendActions;
  #drawnFor = '';

  constructor(actions: LegendActions) {
    this.#actions = actions;
    this.node.append(this.#kinds, this.#runs);
  }

  /** A thousand entries are not made again for every new point. */
  draw(state: LossPlotState, look: PlotLook): void {
    const { runs, texts } = state;
    const colors = readChartColors();
    const hidden = hiddenKinds(look, runs.length);
    const wanted = JSON.stringify([runs, hidden, look.hiddenRuns, colors]);
    this.node.hidden = runs.length === 0;
    if (wanted === this.#drawnFor) return;
    this.#drawnFor = wanted;
    this.#kinds.replaceChildren(
      ...lineKinds.map((kind) => {
        const shown = !hidden.includes(kind);
        const text = kindLabel(kind, texts);
        const made = entry({ text, shown, className: kind, color: kindColor(kind, state, colors) });
        made.dataset['kind'] = kind;
        made.addEventListener('click', () => this.#actions.toggleKind(kind));
        return made;
      }),
    );
    this.#runs.hidden = runs.length < 2;
    const hiddenRuns = new Set(look.hiddenRuns);
    const entries = runs.map((run, i) => {
      const shown = !hiddenRuns.has(run.directory);
      const made = this.#runEntry(run, { shown, color: runColor(colors, i) });
      if (i > 0) made.append(this.#remover(run, texts.removeRun));
      return made;
    });
    this.#runs.replaceChildren(...(runs.length < 2 ? [] : entries));
  }

  #runEntry({ directory, name }: RunOfPlot, look: { shown: boolean; color: string }): HTMLElement {
    const made = entry({ ...look, text: name, className: 'training' });
    made.title = directory;
    const { toggleRun, raise } = this.#actions;
    made.addEventListener('click', () => toggleRun(directory));
    const holder = element('span', { className: 'run' }, made);
    for (const event of ['pointerenter', 'focusin'] as const) {
      holder.addEventListener(event, () => raise(directory));
    }
    for (const event of ['pointerleave', 'focusout'] as const) {
      holder.addEventListener(event, () => raise(null));
    }
    return holder;
  }

  #remover({ directory, name }: RunOfPlot, template: string): HTMLElement {
    const label = fillIn(template, name);
    const attributes = { 'aria-label': label, title: label };
    const made = element('button', { className: 'remove', text: '×', attributes });
    made.addEventListener('click', () => this.#actions.remove(directory));
    return made;
  }
}

/** Runs have colours of their own; a kind is then told by its stroke alone. */
function kindColor(kind: LineKind, { runs }: LossPlotState, colors: ChartColors): string {
  if (runs.length > 1) return colors.foreground;
  return cssColor({ run: 0, kind, faint: kind === 'step' }, { colors, runs: 1, raised: null });
}

interface EntryOptions {
  readonly text: string;
  readonly shown: boolean;
  readonly color: string;
  readonly className: string;
}

function entry({ text, shown, color, className }: EntryOptions): HTMLElement {
  const swatch = element('span', { className: `swatch ${className}` });
  swatch.style.color = color;
  const attributes = { 'aria-pressed': String(shown) };
  return element('button', { className: 'entry', attributes }, swatch, element('span', { text }));
}
