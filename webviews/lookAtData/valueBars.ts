/** The commonest values of a column as bars: of all of them, where they are few. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { ColumnReport } from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { countText, type ViewContext } from './viewContext.ts';

/** Scrolls where it is longer than its box. */
export function valueBars(column: ColumnReport, context: ViewContext): HTMLElement {
  const { texts, locale } = context;
  const { top, values, distinct, name } = column;
  const label = fillIn(texts.values, name);
  const list = element('ul', {
    className: 'value-bars',
    attributes: { tabindex: '0', 'aria-label': label },
  });
  const most = top[0]?.count ?? 0;
  // Where no value comes twice there is nothing to compare, only examples to see.
  if (most <= 1) list.append(element('li', { className: 'note', text: texts.examples }));
  for (const { value, count } of top) {
    const text = most > 1 ? countText(count, values, context) : '';
    list.append(valueBar({ value, text, share: most > 1 ? count / most : 0 }));
  }
  const others = distinct - top.length;
  if (others > 0) {
    const text = fillIn(texts.otherValues, formatCount(others, locale));
    list.append(element('li', { className: 'note', text }));
  }
  return list;
}

export interface ValueBar {
  readonly value: string;
  readonly text: string;
  /** Of the longest bar. */
  readonly share: number;
}

export function valueBar({ value, text, share }: ValueBar): HTMLElement {
  const name = element('span', { className: 'name', text: value, attributes: { title: value } });
  const bar = element('span', { className: 'bar', attributes: { 'aria-hidden': 'true' } });
  bar.style.setProperty('--share', String(share));
  return element('li', {}, name, bar, element('span', { className: 'count', text }));
}

/** CSS pixels that the list takes, as lookAtData.css lays it out. */
export function barsHeight({ top, distinct }: ColumnReport): number {
  const notes = Number((top[0]?.count ?? 0) <= 1) + Number(distinct > top.length);
  return Math.min(116, 21 * (top.length + notes)) + 8;
}
