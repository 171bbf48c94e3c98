/**
 * A table in VS Code's look, with its keys (see toolkit.ts): a page of rows of a longer one. Cells stay where rows
 * come anew, so that a table can follow a run that trains, and keeps its focus and its place.
 */
import { element, setText } from './dom.ts';
import './dataGrid.css';

type Cells = readonly string[];

export class DataGrid {
  readonly node: HTMLElement;
  #rows: HTMLElement[] = [];
  #shape = '';

  constructor(id: string) {
    this.node = element('vscode-data-grid', { id, className: 'data-grid' });
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
    this.#rows = lines.map((cells, i) => makeRow(cells.length, i === 0));
    this.node.replaceChildren(...this.#rows);
  }
}

function makeRow(cells: number, isHeader: boolean): HTMLElement {
  const row = element('vscode-data-grid-row', {
    attributes: { 'row-type': isHeader ? 'sticky-header' : 'default' },
  });
  for (let i = 1; i <= cells; i++) {
    const type = isHeader ? { 'cell-type': 'columnheader' } : {};
    const attributes = { ...type, 'grid-column': String(i) };
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
