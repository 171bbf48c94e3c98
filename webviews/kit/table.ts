/**
 * A table whose cells hold buttons, bars or pictures: a DataGrid takes the keys of its cells for itself, and has no room
 * for more than text. What is plain text is a `textTable`, see dataGrid.ts.
 */
import { element } from './dom.ts';

export interface TableOptions {
  readonly id?: string;
  /** Says what it shows, for a screen reader. */
  readonly label?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | Node)[])[];
}

/** Header cells above rows of cells; the first cell of a row is its header. Scrolls by itself where it is wide. */
export function table({ id, label, head, rows }: TableOptions): HTMLElement {
  const header = element('tr', {}, ...head.map((text) => cell('th', text, 'col')));
  const lines = rows.map(([first = '', ...rest]) =>
    element('tr', {}, cell('th', first, 'row'), ...rest.map((content) => cell('td', content))),
  );
  const made = element(
    'table',
    {
      ...(id === undefined ? {} : { id }),
      ...(label === undefined ? {} : { attributes: { 'aria-label': label } }),
    },
    element('thead', {}, header),
    element('tbody', {}, ...lines),
  );
  return element('div', { className: 'scroller' }, made);
}

function cell(tag: 'td' | 'th', content: string | Node, scope?: string): HTMLElement {
  const made = element(tag, scope === undefined ? {} : { attributes: { scope } });
  made.append(content);
  return made;
}
