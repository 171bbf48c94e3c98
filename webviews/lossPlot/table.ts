/** The epochs as a table, a page of them at a time: for who reads numbers, or hears them. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { Client } from '../../src/shared/protocol/client.ts';
import type {
  LossPlotContract,
  LossPlotState,
  TablePart,
} from '../../src/shared/protocol/views/lossPlot.ts';
import { button } from '../kit/button.ts';
import { DataGrid } from '../kit/dataGrid.ts';
import { element, setText } from '../kit/dom.ts';
import { latest } from './latest.ts';

const pageRows = 100;
/** Of a run that trains: its records are read anew each time. */
const refreshEveryMs = 1000;

type TableButton = 'copyCsv' | 'exportCsv' | 'previousRows' | 'nextRows';

export class Table {
  readonly node = element('section', { id: 'table', className: 'table' });
  readonly #grid = new DataGrid({ id: 'epochs' });
  readonly #place = element('span', { className: 'place' });
  readonly #buttons: Readonly<Record<TableButton, HTMLElement>>;
  readonly #client: Client<LossPlotContract>;
  readonly #ask = latest(() => this.#read());
  #first = 0;
  #count = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #texts: LossPlotState['texts'] | null = null;

  constructor(client: Client<LossPlotContract>) {
    this.#client = client;
    // A refusal is shown by the host, where all errors are shown.
    const ask = (request: 'plot/copyTable' | 'plot/exportTable') => () =>
      void client.request(request, {}).catch(() => undefined);
    const make = (id: string, action: () => void) =>
      button({ id, appearance: 'secondary', action });
    this.#buttons = {
      previousRows: make('previousRows', () => this.#turn(-pageRows)),
      nextRows: make('nextRows', () => this.#turn(pageRows)),
      copyCsv: make('copyCsv', ask('plot/copyTable')),
      exportCsv: make('exportCsv', ask('plot/exportTable')),
    };
    const bar = element('div', { className: 'actions' });
    const { previousRows, nextRows, copyCsv, exportCsv } = this.#buttons;
    bar.append(previousRows, this.#place, nextRows, copyCsv, exportCsv);
    const scroller = element('div', { className: 'scroller' }, this.#grid.node);
    this.node.append(bar, scroller);
    this.node.hidden = true;
  }

  get isOpen(): boolean {
    return !this.node.hidden;
  }

  toggle(): void {
    this.node.hidden = !this.node.hidden;
    if (this.isOpen) this.#ask();
  }

  /** There may be more epochs, or other runs. */
  draw(state: LossPlotState): void {
    this.#texts = state.texts;
    for (const [id, node] of Object.entries(this.#buttons)) {
      setText(node, state.texts[id as TableButton]);
    }
    const isDue = performance.now() - this.#askedAt > refreshEveryMs;
    if (this.isOpen && (isDue || state.status.state !== 'running')) this.#ask();
  }

  #turn(by: number): void {
    this.#first = Math.max(0, Math.min(this.#first + by, this.#count - 1));
    this.#ask();
  }

  async #read(): Promise<void> {
    this.#askedAt = performance.now();
    const wish = { first: this.#first, count: pageRows };
    this.#show(await this.#client.request('plot/table', wish));
  }

  #show({ header, rows, count }: TablePart): void {
    this.#count = count;
    const locale = document.documentElement.lang;
    const shown = [this.#first + 1, this.#first + rows.length, count];
    const counts = shown.map((each) => formatCount(each, locale));
    this.#place.textContent = rows.length === 0 ? '' : fillIn(this.#texts?.rowsOf ?? '', ...counts);
    const { previousRows, nextRows } = this.#buttons;
    previousRows.hidden = nextRows.hidden = count <= pageRows;
    previousRows.toggleAttribute('disabled', this.#first === 0);
    nextRows.toggleAttribute('disabled', this.#first + pageRows >= count);
    this.#grid.show(header, rows);
  }
}
