/** The values as a table, a window of it where the tensor is big. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { TileBox, WeightsTile } from '../../src/shared/protocol/weights.ts';
import type { WeightsState } from '../../src/shared/protocol/views/weights.ts';
import { DataGrid } from '../kit/dataGrid.ts';
import { element } from '../kit/dom.ts';
import { gridOf, isTurned, type Layout } from './grid.ts';

/** Of the window, as it is laid out. */
const windowSize = { rows: 32, columns: 16 };

export class Numbers {
  readonly node = element('details');
  readonly #summary = element('summary');
  readonly #place = element('span', { className: 'place' });
  readonly #table = new DataGrid({ rowHeaders: true });
  readonly #pager: HTMLElement;
  readonly #changed: () => void;
  #at = { row: 0, column: 0 };

  constructor(texts: WeightsState['texts'], changed: () => void) {
    this.#changed = changed;
    const step = (text: string, title: string, rows: number, columns: number) => {
      const attributes = { title, 'aria-label': title };
      const made = element('button', { text, className: 'page', attributes });
      made.addEventListener('click', () => this.#move(rows, columns));
      return made;
    };
    const { rows, columns } = windowSize;
    this.#pager = element(
      'p',
      { className: 'pager' },
      step('←', texts.columnsBefore, 0, -columns),
      step('→', texts.columnsAfter, 0, columns),
      step('↑', texts.rowsBefore, -rows, 0),
      step('↓', texts.rowsAfter, rows, 0),
      this.#place,
    );
    const scroller = element('div', { className: 'scroller numbers' }, this.#table.node);
    this.#summary.textContent = texts.numbers;
    this.node.append(this.#summary, this.#pager, scroller);
    this.node.addEventListener('toggle', changed);
  }

  get isOpen(): boolean {
    return this.node.open;
  }

  /** What to ask for, as a box of the tensor itself; a window that left the tensor comes back first. */
  box(shape: readonly number[], layout: Layout): TileBox {
    const whole = wholeSize(shape, layout);
    const { rows, columns } = windowSize;
    const within = (at: number, count: number, step: number) =>
      Math.min(at, Math.floor(Math.max(0, count - 1) / step) * step);
    const row = within(this.#at.row, whole.rows, rows);
    const column = within(this.#at.column, whole.columns, columns);
    this.#at = { row, column };
    return isTurned(shape, layout)
      ? { row: column, column: row, rows: columns, columns: rows }
      : { row, column, rows, columns };
  }

  draw(tile: WeightsTile, layout: Layout, { texts }: WeightsState, locale: string): void {
    const grid = gridOf(tile, layout);
    const whole = wholeSize(tile.shape, layout);
    const small = whole.rows <= windowSize.rows && whole.columns <= windowSize.columns;
    this.#pager.hidden = small;
    const { row, column } = grid.first;
    const places = [row, row + grid.rows - 1, whole.rows, column, column + grid.columns - 1];
    const counts = [...places, whole.columns].map((count) => formatCount(count, locale));
    this.#place.textContent = fillIn(texts.numbersOf, ...counts);
    const head = Array.from({ length: grid.columns }, (_, c) => String(column + c));
    const rows = Array.from({ length: grid.rows }, (_, r) => {
      const values = grid.values.subarray(r * grid.columns, (r + 1) * grid.columns);
      return [String(row + r), ...Array.from(values, (value) => formatValue(value, locale))];
    });
    this.#table.show(['', ...head], rows);
  }

  /** The first window, as for another layout. */
  restart(): void {
    this.#at = { row: 0, column: 0 };
  }

  #move(rows: number, columns: number): void {
    const { row, column } = this.#at;
    this.#at = { row: Math.max(0, row + rows), column: Math.max(0, column + columns) };
    this.#changed();
  }
}

function wholeSize(shape: readonly number[], layout: Layout) {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return isTurned(shape, layout) ? { rows: columns, columns: rows } : { rows, columns };
}
