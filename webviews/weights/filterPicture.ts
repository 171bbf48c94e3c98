/** The filters of a convolution side by side, each as a small image, which the mouse and the arrow keys read. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { WeightsText } from '../../src/shared/protocol/views/weights.ts';
import type { TileBox, WeightsTile } from '../../src/shared/protocol/weights.ts';
import { element } from '../kit/dom.ts';
import {
  filterBox,
  filterColor,
  filterPixel,
  filtersAtOnce,
  shownFilters,
  type FilterBank,
} from './filters.ts';
import { moveCursor } from '../kit/moveCursor.ts';
import type { Cell } from './heatmap.ts';
import { Stepper } from './stepper.ts';
import type { ScaleColors } from '../kit/scale.ts';
import { readScaleColors } from '../kit/themeScale.ts';

const gap = 6;
/** CSS pixels: of the longer side of a filter, and of a value in it. */
const wantedSide = 44;
const cellSizes = { least: 3, most: 14 };
const mostColumns = 16;

export interface FilterPictureOptions {
  readonly bank: FilterBank;
  /** Of the tensor. */
  readonly name: string;
  readonly texts: Readonly<Record<WeightsText, string>>;
  readonly locale: string;
  /** Others are to be drawn. */
  readonly changed: () => void;
}

export class FilterPicture {
  readonly node: HTMLElement;
  readonly #options: FilterPictureOptions;
  readonly #canvas = element('canvas', {
    className: 'filters',
    attributes: { tabindex: '0', role: 'img' },
  });
  readonly #limits = element('p');
  readonly #readout = element('p', { className: 'readout', attributes: { 'aria-live': 'polite' } });
  readonly #channel: Stepper;
  readonly #page: Stepper;
  #shown: { readonly tile: WeightsTile; readonly limit: number; readonly first: number } | null =
    null;
  #cell: Cell | null = null;

  constructor(options: FilterPictureOptions) {
    this.#options = options;
    const { bank, name, texts, locale, changed } = options;
    const count = (value: number) => formatCount(value, locale);
    this.#channel = new Stepper({
      count: bank.mode === 'channel' ? bank.channels : 1,
      titles: { before: texts.channelBefore, after: texts.channelAfter },
      say: (at) => fillIn(texts.channelAt, count(at), count(bank.channels)),
      changed,
    });
    this.#page = new Stepper({
      count: Math.ceil(bank.filters / filtersAtOnce),
      titles: { before: texts.filtersBefore, after: texts.filtersAfter },
      say: (page) => this.#pageText(page, count),
      changed,
    });
    const title = element('h3', { text: texts.filters });
    const about = element('p', { className: 'about', text: texts[aboutMode[bank.mode]] });
    const steppers = element('p', { className: 'pager' }, this.#channel.node, this.#page.node);
    this.#limits.className = `limits ${bank.mode === 'channel' ? '' : 'light'}`;
    this.#canvas.setAttribute('aria-label', fillIn(texts.filtersOf, name));
    this.node = element('div', { className: 'bank', attributes: { 'data-mode': bank.mode } });
    this.node.append(title, about, steppers, this.#canvas, this.#limits, this.#readout);
    this.#listen();
  }

  /** What to ask for, as a box of the tensor. */
  box(): TileBox {
    return filterBox(this.#options.bank, this.#place);
  }

  /** `limit`: the size of the largest value of the whole kernel. */
  draw(tile: WeightsTile, limit: number): void {
    const { bank, locale } = this.#options;
    const { first } = this.#place;
    this.#shown = { tile, limit, first };
    const ends = [-limit, 0, limit].map((value) => formatValue(value, locale));
    this.#limits.replaceChildren(...ends.map((text) => element('span', { text })));
    this.node.dataset['filters'] = String(shownFilters(bank, first));
    this.#choose(this.#cell);
  }

  /** In the colours of another theme. */
  redraw(): void {
    this.#paint();
  }

  get #place() {
    return { first: this.#page.at * filtersAtOnce, channel: this.#channel.at };
  }

  #pageText(page: number, count: (value: number) => string): string {
    const { bank, texts } = this.#options;
    const first = page * filtersAtOnce;
    const last = first + shownFilters(bank, first) - 1;
    return fillIn(texts.filtersAt, count(first), count(last), count(bank.filters));
  }

  /** Filters in a row, and CSS pixels of a value. */
  #layout() {
    const { bank } = this.#options;
    const fits = Math.floor(wantedSide / Math.max(bank.height, bank.width));
    const size = Math.max(cellSizes.least, Math.min(cellSizes.most, fits));
    const room = Math.max(200, this.node.clientWidth || 600);
    const inRow = Math.floor((room + gap) / (bank.width * size + gap));
    const shown = shownFilters(bank, this.#shown?.first ?? 0);
    const columns = Math.max(1, Math.min(inRow, mostColumns, shown));
    return { size, columns, rows: Math.ceil(shown / columns), shown };
  }

  #paint(): void {
    const { bank } = this.#options;
    const { size, columns, rows, shown } = this.#layout();
    const [stepX, stepY] = [bank.width * size + gap, bank.height * size + gap];
    const context = sized(this.#canvas, columns * stepX - gap, rows * stepY - gap);
    const colors = readScaleColors();
    const border = getComputedStyle(this.#canvas).borderTopColor;
    for (let i = 0; i < shown; i++) {
      const [x, y] = [(i % columns) * stepX, Math.floor(i / columns) * stepY];
      this.#paintFilter(context, i, { x, y, size, colors });
      context.strokeStyle = border;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, bank.width * size - 1, bank.height * size - 1);
    }
    this.#outline(context, size);
  }

  #paintFilter(
    context: CanvasRenderingContext2D,
    index: number,
    { x, y, size, colors }: Spot,
  ): void {
    if (this.#shown === null) return;
    const { bank } = this.#options;
    const { tile, limit, first } = this.#shown;
    for (let row = 0; row < bank.height; row++) {
      for (let column = 0; column < bank.width; column++) {
        const at = { ...this.#place, first, filter: first + index, row, column };
        const values = filterPixel(bank, tile.values, at);
        context.fillStyle = `rgb(${filterColor(bank.mode, values, limit, colors).join(' ')})`;
        context.fillRect(x + column * size, y + row * size, size, size);
      }
    }
  }

  #outline(context: CanvasRenderingContext2D, size: number): void {
    if (this.#cell === null) return;
    const { bank } = this.#options;
    const { row, column } = this.#cell;
    const x = column * size + Math.floor(column / bank.width) * gap;
    const y = row * size + Math.floor(row / bank.height) * gap;
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, size - 2, size - 2);
  }

  #listen(): void {
    this.#canvas.addEventListener('mousemove', ({ offsetX, offsetY }) =>
      this.#choose(this.#cellAt(offsetX, offsetY)),
    );
    this.#canvas.addEventListener('mouseleave', () => this.#choose(null));
    this.#canvas.addEventListener('focus', () => this.#choose(this.#cell ?? { row: 0, column: 0 }));
    this.#canvas.addEventListener('blur', () => this.#choose(null));
    this.#canvas.addEventListener('keydown', (event) => {
      const { bank } = this.#options;
      const { rows, columns } = this.#layout();
      const size = { rows: rows * bank.height, columns: columns * bank.width };
      const next = moveCursor(event.key, this.#cell ?? { row: 0, column: 0 }, size);
      if (next === null) return;
      event.preventDefault();
      this.#choose(next);
    });
    new ResizeObserver(() => this.#paint()).observe(this.node);
  }

  /** A value, as if the filters had no gap between them; null for what lies in one. */
  #cellAt(x: number, y: number): Cell | null {
    const { bank } = this.#options;
    const { size } = this.#layout();
    const along = (at: number, length: number) => {
      const step = length * size + gap;
      const inside = Math.floor((at % step) / size);
      return inside < length && at >= 0 ? Math.floor(at / step) * length + inside : null;
    };
    const [row, column] = [along(y, bank.height), along(x, bank.width)];
    return row === null || column === null ? null : { row, column };
  }

  #choose(cell: Cell | null): void {
    this.#cell = cell !== null && this.#filterOf(cell) !== null ? cell : null;
    this.#paint();
    this.#readout.textContent = this.#cell === null ? '' : this.#read(this.#cell);
  }

  /** Among those on show; null beyond the last. */
  #filterOf({ row, column }: Cell): number | null {
    const { bank } = this.#options;
    const { columns, shown } = this.#layout();
    const inRow = Math.floor(column / bank.width);
    const index = Math.floor(row / bank.height) * columns + inRow;
    return inRow < columns && index < shown ? index : null;
  }

  #read(cell: Cell): string {
    if (this.#shown === null) return '';
    const { bank, texts, locale } = this.#options;
    const { tile, first } = this.#shown;
    const [row, column] = [cell.row % bank.height, cell.column % bank.width];
    const filter = first + (this.#filterOf(cell) ?? 0);
    const values = filterPixel(bank, tile.values, { ...this.#place, first, filter, row, column });
    const text = bank.mode === 'rgb' ? texts.filterRgb : texts.filterValue;
    const shown = values.map((value) => formatValue(value, locale));
    return fillIn(text, formatCount(filter, locale), `[${row}, ${column}]`, ...shown);
  }
}

/** Where a filter is drawn. */
interface Spot {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colors: ScaleColors;
}

const aboutMode = { rgb: 'aboutRgb', grey: 'aboutGrey', channel: 'aboutChannel' } as const;

/** A canvas of so many CSS pixels, sharp on any screen. */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  return context;
}
