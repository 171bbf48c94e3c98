/** What all parts of the page draw from, and small pieces that several of them use. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import { lineText, type FormulaLine } from '../../src/shared/explain/formula.ts';
import type { ExplainedStep } from '../../src/shared/protocol/explainStep.ts';
import type { ExplainState, Looking } from '../../src/shared/protocol/views/explain.ts';
import { element } from '../kit/dom.ts';

export interface Drawing {
  readonly step: ExplainedStep;
  readonly texts: ExplainState['texts'];
  readonly locale: string;
  /** Looks at something else of the step. */
  readonly choose: (change: Partial<Looking>) => void;
}

export function number({ locale }: Drawing, value: number): string {
  return formatValue(value, locale);
}

export function count({ locale }: Drawing, value: number): string {
  return formatCount(value, locale);
}

export function paragraph(text: string, ...values: readonly string[]): HTMLElement {
  return element('p', { text: fillIn(text, ...values) });
}

export function formulaList(drawing: Drawing, lines: readonly FormulaLine[]): HTMLElement {
  const format = (value: number) => number(drawing, value);
  const items = lines.map((line) => element('li', { text: lineText(line, format) }));
  return element('ul', { className: 'formulas' }, ...items);
}

export interface ChoiceOptions {
  readonly text: string;
  /** Says what it does, for a screen reader. */
  readonly label: string;
  /** Finds it again after the page was drawn anew: the keyboard focus stays. */
  readonly key: string;
  readonly chosen: boolean;
  readonly action: () => void;
}

/** A small button that stands in a table or a strip. */
export function choice({ text, label, key, chosen, action }: ChoiceOptions): HTMLElement {
  const attributes = { 'aria-label': label, 'aria-pressed': String(chosen), 'data-key': key };
  const made = element('button', { text, className: 'choice', attributes });
  made.addEventListener('click', action);
  return made;
}

/** Gives an element the colour of a value: `share` of the largest, from -1 to 1. */
export function tint(node: HTMLElement, value: number, largest: number): void {
  const share = largest > 0 && Number.isFinite(value) ? Math.min(1, Math.abs(value) / largest) : 0;
  node.classList.add(value < 0 ? 'below' : 'above');
  node.style.setProperty('--share', `${Math.round(share * 100)}%`);
}
