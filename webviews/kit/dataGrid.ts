/**
 * A table in VS Code's look, with its keys (see toolkit.ts): a page of rows of a longer one. Cells stay where rows
 * come anew, so that a table can follow a run that trains, and keeps its focus and its place.
 */
import { element, setText } from './dom.ts';
import './dataGrid.css';

type Cells = readonly string[];

export interface DataGridOptions {
  readonly id?: string;
  /** Says what it shows, for a screen reader. */
  readonly label?: string;
  /** The first cell of a row is its header. */
  readonly rowHeaders?: boolean;
}

/** A short table of plain text that is drawn once; the first cell of a row is its header. Scrolls by itself. */
export function textTable({
  head,
  rows,
  ...options
}: Omit<DataGridOptions, 'rowHeaders'> & {
  readonly head: Cells;
  readonly rows: readonly Cells[];
}): HTMLElement {
  const grid = new DataGrid({ ...options, rowHeaders: true });
  grid.show(head, rows);
  return element('div', { className: 'scroller' }, grid.node);
}

export class DataGrid {
  readonly node: HTMLElement;
  readonly #rowHeaders: boolean;
  #rows: HTMLElement[] = [];
  #shape = '';

  constructor({ id, label, rowHeaders = false }: DataGridOptions) {
    this.node = element('vscode-data-grid', {
      ...(id === undefined ? {} : { id }),
      className: 'data-grid',
      ...(label === undefined ? {} : { attributes: { 'aria-label': label } }),
    });
    this.#rowHeaders = rowHeaders;
  }

  /** The header stays on top. */
  show(header: Cells, rows: readonly Cells[]): void {
    const lines = [header, ...rows];
    const shape = `${lines.length} ${header.length}`;
    if (shape !== this.#shape) this.#make(lines);
    this.#shape = shape;
    // Every row is a grid of its own, to which the whole hands this on.
    this.node.setAttribute('grid-template-columns', columnWidths(lines));
    for (const [i, row] of this.#rows.entries()) {
      for (const [k, cell] of [...row.children].entries()) {
        setText(cell as HTMLElement, lines[i]![k] ?? '');
      }
    }
  }

  #make(lines: readonly Cells[]): void {
    this.#rows = lines.map((cells, i) =>
      i === 0
        ? makeRow('sticky-header', cells.length, () => 'columnheader')
        : makeRow('default', cells.length, (column) =>
            this.#rowHeaders && column === 1 ? 'rowheader' : 'default',
          ),
    );
    this.node.replaceChildren(...this.#rows);
  }
}

/** @param cellType of a column, counted from 1. */
function makeRow(type: string, cells: number, cellType: (column: number) => string): HTMLElement {
  const row = element('vscode-data-grid-row', { attributes: { 'row-type': type } });
  for (let i = 1; i <= cells; i++) {
    const attributes = { 'cell-type': cellType(i), 'grid-column': String(i) };
    row.append(element('vscode-data-grid-cell', { attributes }));
  }
  return row;
}

/** Room for the longest text of each column. */
function columnWidths(lines: readonly Cells[]): string {
  const [header = []] = lines;
  const longest = header.map((_, k) => Math.max(...lines.map((cells) => cells[k]?.length ?? 0)));
  return longest.map((length) => `${length + 4}ch`).join(' ');
}
