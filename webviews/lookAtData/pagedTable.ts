/** A small table of which a page of columns is shown at a time. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import { element } from '../kit/dom.ts';
import type { ViewContext } from './viewContext.ts';

export interface TableRow {
  /** Stay where they are on every page. */
  readonly heads: readonly (Node | string)[];
  readonly cells: readonly string[];
  readonly faded?: boolean;
}

export interface TableContent {
  readonly heads: readonly string[];
  readonly names: readonly string[];
  readonly rows: readonly TableRow[];
}

const columnsOnPage = 24;

export class PagedTable {
  readonly #content: TableContent;
  readonly #context: ViewContext;
  readonly #table = element('table', { className: 'first-rows' });
  readonly #place = element('span');
  readonly node: HTMLElement;
  #first = 0;

  constructor(content: TableContent, context: ViewContext) {
    this.#content = content;
    this.#context = context;
    const { texts } = context;
    const before = this.#step('←', texts.columnsBefore, -columnsOnPage);
    const after = this.#step('→', texts.columnsAfter, columnsOnPage);
    const pager = element('p', { className: 'pager' }, before, after, this.#place);
    pager.hidden = content.names.length <= columnsOnPage;
    const scroller = element('div', { className: 'scroller' }, this.#table);
    scroller.tabIndex = 0;
    this.node = element('div', {}, pager, scroller);
    this.#draw();
  }

  #step(text: string, title: string, columns: number): HTMLElement {
    const attributes = { title, 'aria-label': title, type: 'button' };
    const made = element('button', { text, className: 'page', attributes });
    made.addEventListener('click', () => this.#move(columns));
    return made;
  }

  #move(columns: number): void {
    const next = this.#first + columns;
    if (next >= this.#content.names.length) return;
    this.#first = Math.max(0, next);
    this.#draw();
  }

  #draw(): void {
    const { heads, names, rows } = this.#content;
    const { texts, locale } = this.#context;
    const page = <T>(cells: readonly T[]) => cells.slice(this.#first, this.#first + columnsOnPage);
    const title = (text: string) => element('th', { text, attributes: { scope: 'col' } });
    const lines = rows.map((row) => {
      const own = row.heads.map((head) => {
        const cell = element('th', { attributes: { scope: 'row' } });
        cell.append(head);
        return cell;
      });
      const cells = page(row.cells).map((text) => element('td', { text }));
      const className = row.faded === true ? 'faded' : '';
      return element('tr', { className }, ...own, ...cells);
    });
    const top = element('tr', {}, ...heads.map(title), ...page(names).map(title));
    this.#table.replaceChildren(top, ...lines);
    const last = Math.min(names.length, this.#first + columnsOnPage);
    const counts = [this.#first + 1, last, names.length].map((n) => formatCount(n, locale));
    this.#place.textContent = fillIn(texts.columnsOf, ...counts);
  }
}
