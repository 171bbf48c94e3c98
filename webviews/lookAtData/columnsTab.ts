/** All columns of the table, to be sorted and filtered; of a wide table only those on the screen are drawn. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { ColumnReport, ColumnType, DataReport } from '../../src/shared/protocol/dataReport.ts';
import { isMeasured } from '../../src/shared/protocol/columnKind.ts';
import { element } from '../kit/dom.ts';
import { VirtualList } from '../kit/virtualList.ts';
import {
  chooseColumns,
  countTypes,
  everyColumn,
  sortKeys,
  type ColumnWish,
} from './columnOrder.ts';
import { columnRow } from './columnRow.ts';
import { columnRole } from './columnRole.ts';
import { barsHeight } from './valueBars.ts';
import type { ViewContext } from './viewContext.ts';

/** CSS pixels, as lookAtData.css lays a row out: side by side, or in a narrow tab one below the other. */
function rowHeight(width: number, column: ColumnReport): number {
  if (width >= 760) return 138;
  const facts = column.wrongNumber === null ? 108 : 152;
  if (column.values === 0) return facts + 24;
  return facts + (column.numbers !== null && isMeasured(column) ? 232 : barsHeight(column));
}

export class ColumnsTab {
  readonly #context: ViewContext;
  readonly #changed: (wish: ColumnWish) => void;
  readonly #filter: HTMLInputElement;
  readonly #sort = element('select', { id: 'sort' });
  readonly #type = element('select', { id: 'type' });
  readonly #shown = element('p', { className: 'note', attributes: { role: 'status' } });
  readonly #list = new VirtualList<ColumnReport>({
    rowHeight,
    render: (column) => this.#render(column),
  });
  readonly panel: HTMLElement;
  #report: DataReport | null = null;
  #wish: ColumnWish = everyColumn;

  /** @param changed the user asked for other columns, or another order. */
  constructor(context: ViewContext, changed: (wish: ColumnWish) => void) {
    this.#context = context;
    this.#changed = changed;
    const { texts } = context;
    const attributes = { type: 'search', placeholder: texts.filter, 'aria-label': texts.filter };
    this.#filter = element('input', { id: 'filter', attributes });
    const options = sortKeys.map((key) => [key, texts[`sort.${key}`]] as const);
    fillSelect(this.#sort, options);
    const bar = element('div', { className: 'toolbar' }, this.#filter);
    bar.append(labelled(texts.sort, this.#sort), labelled(texts.type, this.#type), this.#shown);
    this.panel = element('div', {}, bar, this.#list.node);
    for (const control of [this.#filter, this.#sort, this.#type]) {
      control.addEventListener('input', () => this.#change());
    }
  }

  show(report: DataReport, wish: ColumnWish): void {
    const { texts, locale } = this.#context;
    const { columns } = report.table!;
    this.#report = report;
    const types = [...countTypes(columns)].map(
      ([type, count]) =>
        [type, `${texts[`type.${type}`]} (${formatCount(count, locale)})`] as const,
    );
    fillSelect(this.#type, [['', texts.allTypes] as const, ...types]);
    // A type that was asked for may be gone from the file.
    const type = types.some(([known]) => known === wish.type) ? wish.type : null;
    this.#wish = { ...wish, type };
    this.#filter.value = wish.filter;
    this.#sort.value = wish.sort;
    this.#type.value = type ?? '';
    this.#draw();
  }

  /** The panel shows now, or has another size. */
  update(): void {
    this.#list.update();
  }

  /** In the colours of another theme. */
  redraw(): void {
    this.#list.redraw();
  }

  #change(): void {
    const type = this.#type.value === '' ? null : (this.#type.value as ColumnType);
    const sort = sortKeys.find((key) => key === this.#sort.value) ?? 'file';
    this.#wish = { sort, filter: this.#filter.value, type };
    this.#changed(this.#wish);
    this.#draw();
  }

  #draw(): void {
    const { texts, locale } = this.#context;
    const columns = this.#report?.table?.columns ?? [];
    const chosen = chooseColumns(columns, this.#wish, locale);
    const counts = [chosen.length, columns.length].map((count) => formatCount(count, locale));
    this.#shown.textContent =
      chosen.length === 0 ? texts.noMatch : fillIn(texts.columnsShown, ...counts);
    this.#list.show(chosen);
  }

  #render(column: ColumnReport): HTMLElement {
    const report = this.#report!;
    const role = columnRole(column.name, report, this.#context.texts);
    return columnRow(column, { file: report.table!.file, role }, this.#context);
  }
}

function fillSelect(
  select: HTMLSelectElement,
  options: readonly (readonly [value: string, text: string])[],
): void {
  const made = options.map(([value, text]) => element('option', { text, attributes: { value } }));
  select.replaceChildren(...made);
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('label', { text }, control);
}
