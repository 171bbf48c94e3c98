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
  #drawn: { readonly runs: LossPlotState['runs']; readonly look: PlotLook } | null = null;

  constructor(actions: LegendActions) {
    this.#actions = actions;
    this.node.append(this.#kinds, this.#runs);
  }

  /** A thousand entries are not made again for every new point, or because one of them was hidden. */
  draw(state: LossPlotState, look: PlotLook): void {
    const { runs } = state;
    const drawn = this.#drawn;
    this.#drawn = { runs, look };
    if (drawn?.runs !== runs) this.#make(state);
    else if (isHiddenAlike(drawn.look, look)) return;
    press(this.#kinds, new Set(hiddenKinds(look, runs.length)));
    press(this.#runs, new Set(look.hiddenRuns));
  }

  /** The next drawing has other colours. */
  themeChanged(): void {
    this.#drawn = null;
  }

  #make(state: LossPlotState): void {
    const { runs, texts } = state;
    const colors = readChartColors();
    this.node.hidden = runs.length === 0;
    this.#kinds.replaceChildren(...lineKinds.map((kind) => this.#kindEntry(kind, state, colors)));
    this.#runs.hidden = runs.length < 2;
    const entries = runs.map((run, i) => {
      const made = this.#runEntry(run, runColor(colors, i));
      if (i > 0) made.append(this.#remover(run, texts.removeRun));
      return made;
    });
    this.#runs.replaceChildren(...(runs.length < 2 ? [] : entries));
  }

  #kindEntry(kind: LineKind, state: LossPlotState, colors: ChartColors): HTMLElement {
    const text = kindLabel(kind, state.texts);
    const made = entry({ text, key: kind, kind, color: kindColor(kind, state, colors) });
    made.dataset['kind'] = kind;
    made.addEventListener('click', () => this.#actions.toggleKind(kind));
    return made;
  }

  #runEntry({ directory, name }: RunOfPlot, color: string): HTMLElement {
    const made = entry({ text: name, key: directory, kind: 'training', color });
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

function isHiddenAlike(one: PlotLook, other: PlotLook): boolean {
  return one.hiddenRuns === other.hiddenRuns && one.hiddenKinds === other.hiddenKinds;
}

/** Runs have colours of their own; a kind is then told by its stroke alone. */
function kindColor(kind: LineKind, { runs }: LossPlotState, colors: ChartColors): string {
  if (runs.length > 1) return colors.foreground;
  return cssColor({ run: 0, kind, faint: kind === 'step' }, { colors, runs: 1, raised: null });
}

interface EntryOptions {
  readonly text: string;
  /** By which it is hidden. */
  readonly key: string;
  readonly kind: LineKind;
  readonly color: string;
}

function entry({ text, key, kind, color }: EntryOptions): HTMLElement {
  const swatch = element('span', { className: `swatch ${kind}` });
  swatch.style.color = color;
  const attributes = { 'data-key': key };
  return element('button', { className: 'entry', attributes }, swatch, element('span', { text }));
}

/** Entries whose lines are shown look pressed; only what changes is touched. */
function press(list: HTMLElement, hidden: ReadonlySet<string>): void {
  for (const node of list.querySelectorAll<HTMLElement>('.entry')) {
    const pressed = String(!hidden.has(node.dataset['key'] ?? ''));
    if (node.getAttribute('aria-pressed') !== pressed) node.setAttribute('aria-pressed', pressed);
  }
}
