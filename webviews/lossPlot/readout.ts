/** The crosshair's line and the box that says the values there. */
import { fromJsonNumber } from '../../src/shared/jsonNumbers.ts';
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type {
  Crosshair,
  CrosshairValue,
  LossPlotState,
} from '../../src/shared/protocol/views/lossPlot.ts';
import type { PlotAxis } from '../../src/shared/plot/look.ts';
import { element } from '../kit/dom.ts';
import { kindLabel } from './words.ts';

export interface ReadoutContext {
  readonly state: LossPlotState;
  readonly axis: PlotAxis;
  readonly locale: string;
  readonly colorOf: (value: CrosshairValue) => string;
}

export class Readout {
  readonly line = element('div', { className: 'crosshair' });
  readonly box = element('div', {
    className: 'readout',
    attributes: { role: 'status', 'aria-live': 'polite' },
  });

  constructor() {
    this.hide();
  }

  hide(): void {
    this.line.hidden = true;
    this.box.hidden = true;
  }

  /** @param left of the plot's stage, in CSS pixels. */
  place(left: number, stageWidth: number): void {
    this.line.hidden = false;
    this.line.style.left = `${left}px`;
    const isRight = left > stageWidth / 2;
    this.box.style.left = isRight ? '' : `${left + 12}px`;
    this.box.style.right = isRight ? `${stageWidth - left + 12}px` : '';
  }

  say({ values, more }: Crosshair, context: ReadoutContext): void {
    const { state, axis, locale } = context;
    const [first] = values;
    this.box.hidden = first === undefined;
    if (first === undefined) return;
    const { texts } = state;
    const title = `${axis === 'epoch' ? texts.epoch : texts.step} ${xText(first.x, axis, locale)}`;
    const rows = values.map((value) => valueRow(value, first.x, context));
    this.box.replaceChildren(element('strong', { text: title }), ...rows);
    if (more > 0) {
      const text = fillIn(texts.moreRuns, formatCount(more, locale));
      this.box.append(element('div', { className: 'more', text }));
    }
  }
}

function valueRow(value: CrosshairValue, shownX: number, context: ReadoutContext): HTMLElement {
  const { state, axis, locale, colorOf } = context;
  const { run, kind, x } = value;
  const swatch = element('span', { className: `swatch ${kind}` });
  swatch.style.color = colorOf(value);
  const name = state.runs.length > 1 ? `${state.runs[run]?.name ?? ''}, ` : '';
  const label = `${name}${kindLabel(kind, state.texts)}`;
  const raw = formatValue(fromJsonNumber(value.value), locale);
  const text =
    value.smoothed === null
      ? raw
      : fillIn(state.texts.smoothed, raw, formatValue(fromJsonNumber(value.smoothed), locale));
  const where = x === shownX ? '' : ` @ ${xText(x, axis, locale)}`;
  const attributes = {
    'data-run': String(run),
    'data-kind': kind,
    'data-x': String(x),
    'data-value': String(value.value),
    'data-smoothed': String(value.smoothed ?? ''),
  };
  return element(
    'div',
    { className: 'value', attributes },
    swatch,
    element('span', { className: 'name', text: label }),
    element('span', { className: 'number', text }),
    element('span', { className: 'where', text: where }),
  );
}

/** A part of an epoch has as many digits as tell its steps apart. */
export function xText(x: number, axis: PlotAxis, locale: string): string {
  if (axis === 'step') return formatCount(Math.round(x), locale);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(x);
}
