/** Numbers in a row of coloured cells, each with its name; outputs can be chosen. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { Strip } from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { count, number, tint, type Drawing } from './drawing.ts';

export interface StripOptions {
  readonly title: string;
  readonly strip: Strip;
  readonly nameOf: (index: number) => string;
  /** Absent where nothing can be chosen. */
  readonly choose?: (index: number) => void;
  readonly chosen?: number | undefined;
  /** See choice(). */
  readonly key: string;
}

export function stripOf(drawing: Drawing, options: StripOptions): HTMLElement {
  const { title, strip, key } = options;
  const largest = strip.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const cells = Array.from(strip.values, (value, index) => {
    const cell = cellOf(drawing, options, { value, index });
    tint(cell, value, largest);
    return element('li', {}, cell);
  });
  const left = strip.count - strip.values.length;
  if (left > 0) {
    const text = fillIn(drawing.texts.more, count(drawing, left));
    cells.push(element('li', { className: 'rest', text }));
  }
  const id = `strip-${key}`;
  const label = element('span', { id, className: 'strip-title', text: title });
  const list = element('ol', { attributes: { 'aria-labelledby': id } }, ...cells);
  return element('div', { className: 'strip', attributes: { 'data-strip': key } }, label, list);
}

function cellOf(
  drawing: Drawing,
  { nameOf, choose, chosen, key }: StripOptions,
  { value, index }: { readonly value: number; readonly index: number },
): HTMLElement {
  const name = element('span', { className: 'name', text: nameOf(index) });
  const shown = element('span', { className: 'value', text: number(drawing, value) });
  if (choose === undefined) return element('span', { className: 'cell' }, name, shown);
  const attributes = { 'aria-pressed': String(chosen === index), 'data-key': `${key}-${index}` };
  const made = element('button', { className: 'cell', attributes }, name, shown);
  made.addEventListener('click', () => choose(index));
  return made;
}
