import { formatValue } from '../../src/shared/numberFormat.ts';
import type { EvaluateState } from '../../src/shared/protocol/views/evaluate.ts';
import { element } from '../kit/dom.ts';

/** What all parts of the page draw from. */
export interface Drawing {
  readonly texts: EvaluateState['texts'];
  readonly locale: string;
}

export function number(value: number | null | undefined, { locale }: Drawing): string {
  return value === null || value === undefined ? '–' : formatValue(value, locale);
}

export function percent(value: number, { locale }: Drawing): string {
  const options = { style: 'percent', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}

/** Header cells above rows of cells; the first cell of a row is its header. */
export function table(
  id: string,
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
): HTMLElement {
  const cell = (tag: 'td' | 'th', content: string | Node, scope?: string) => {
    const made = element(tag, scope === undefined ? {} : { attributes: { scope } });
    made.append(content);
    return made;
  };
  const header = element('tr', {}, ...head.map((text) => cell('th', text, 'col')));
  const lines = rows.map(([first = '', ...rest]) =>
    element('tr', {}, cell('th', first, 'row'), ...rest.map((content) => cell('td', content))),
  );
  const made = element(
    'table',
    { id },
    element('thead', {}, header),
    element('tbody', {}, ...lines),
  );
  return element('div', { className: 'scroller' }, made);
}
