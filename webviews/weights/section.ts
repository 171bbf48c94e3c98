/** One tensor on the page: heatmap, histogram, statistics and, on demand, its numbers. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type { TensorSummary } from '../../src/shared/protocol/core.ts';
import type { WeightsState } from '../../src/shared/protocol/views/weights.ts';
import type { TensorStatistics, TileWish, WeightsTile } from '../../src/shared/protocol/weights.ts';
import { element } from '../kit/dom.ts';
import { Histogram } from '../kit/histogram.ts';
import { filterBank } from './filters.ts';
import { FilterPicture } from './filterPicture.ts';
import { cellName, gridOf, isTurned, type Grid, type Layout } from './grid.ts';
import { Heatmap, mostPixels, type Cell } from './heatmap.ts';
import { Numbers } from './numbers.ts';
import { limitOf } from '../kit/scale.ts';
import { readScaleColors } from '../kit/themeScale.ts';

export interface SectionOptions {
  readonly tensor: TensorSummary;
  readonly state: WeightsState;
  /** The first kernel of a convolution looks at an image. */
  readonly isFirstKernel: boolean;
  readonly locale: string;
  /** Null where the weights of that moment are gone. */
  readonly read: (wish: TileWish & { readonly name: string }) => Promise<WeightsTile | null>;
}

export class TensorSection {
  readonly node: HTMLElement;
  readonly #options: SectionOptions;
  readonly #shape = element('p', { className: 'shape' });
  readonly #heatmap = new Heatmap((cell) => this.#say(cell));
  readonly #readout = element('p', { className: 'readout', attributes: { 'aria-live': 'polite' } });
  readonly #limits = element('p', { className: 'limits' });
  readonly #histogram: Histogram;
  readonly #statistics = element('dl');
  readonly #numbers: Numbers;
  readonly #filters: FilterPicture | null;
  #layout: Layout = 'keras';
  #tile: WeightsTile | null = null;
  #grid: Grid | null = null;
  #visible = false;
  #asking = false;
  #again = false;

  constructor(options: SectionOptions) {
    this.#options = options;
    const { name } = options.tensor;
    this.#numbers = new Numbers(options.state.texts, () => void this.refresh());
    const { locale, state } = options;
    const binText = state.texts.bin;
    const size = { width: 240, height: 72 };
    this.#histogram = new Histogram({ ...size, locale, format: formatValue, binText });
    const picture = element('div', {}, this.#heatmap.node, this.#limits, this.#readout);
    const spread = element('div', {}, this.#histogram.node, this.#statistics);
    const row = element('div', { className: 'pictures' }, picture, spread);
    this.node = element('section', { attributes: { 'data-name': name } });
    this.#filters = this.#createFilters();
    this.node.append(element('h2', { text: name }), this.#shape);
    if (this.#filters !== null) this.node.append(this.#filters.node);
    this.node.append(row, this.#numbers.node);
    this.#describe();
  }

  #createFilters(): FilterPicture | null {
    const { tensor, isFirstKernel, state, locale } = this.#options;
    const bank = filterBank(tensor, isFirstKernel);
    if (bank === null) return null;
    const { texts } = state;
    const changed = () => void this.refresh();
    return new FilterPicture({ bank, name: tensor.name, texts, locale, changed });
  }

  /** Only what is on the screen is asked for. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) void this.refresh();
  }

  setLayout(layout: Layout): void {
    this.#layout = layout;
    this.#numbers.restart();
    this.#describe();
    void this.refresh();
  }

  /** Asks for the weights of the moment; what is asked meanwhile is asked once more at the end. */
  async refresh(): Promise<void> {
    if (!this.#visible) return;
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#read();
    } catch {
      // The host shows it, where all errors are shown.
    }
    this.#asking = false;
    if (this.#again) void this.refresh();
  }

  /** In the colours of another theme. */
  redraw(): void {
    if (this.#tile !== null) this.#draw(this.#tile);
    this.#filters?.redraw();
  }

  async #read(): Promise<void> {
    const { tensor, read, state, locale } = this.#options;
    const { name, shape } = tensor;
    const { rows, columns } = mostPixels;
    const most = isTurned(shape, this.#layout) ? { rows: columns, columns: rows } : mostPixels;
    const tile = await read({ name, box: null, most });
    if (tile !== null) this.#draw(tile);
    await this.#readFilters();
    if (!this.#numbers.isOpen) return;
    const box = this.#numbers.box(shape, this.#layout);
    const window = await read({ name, box, most: { rows: box.rows, columns: box.columns } });
    if (window !== null) this.#numbers.draw(window, this.#layout, state, locale);
  }

  async #readFilters(): Promise<void> {
    if (this.#filters === null) return;
    const { tensor, read } = this.#options;
    const box = this.#filters.box();
    const tile = await read({ name: tensor.name, box, most: box });
    if (tile !== null) this.#filters.draw(tile, limitOf(tile.statistics.finite));
  }

  #draw(tile: WeightsTile): void {
    const { locale } = this.#options;
    const { finite } = tile.statistics;
    const limit = limitOf(finite);
    this.#tile = tile;
    this.#grid = gridOf(tile, this.#layout);
    this.#heatmap.draw(this.#grid, limit, readScaleColors());
    const ends = [-limit, 0, limit].map((value) => formatValue(value, locale));
    this.#limits.replaceChildren(...ends.map((text) => element('span', { text })));
    const bins = finite === null ? null : { ...finite, counts: finite.histogram };
    this.#histogram.draw(bins, this.#spread(finite));
    this.#drawStatistics(tile);
    this.#describe();
    this.node.dataset['step'] = String(tile.step);
    this.node.dataset['cells'] = `${this.#grid.rows}x${this.#grid.columns}`;
  }

  #drawStatistics({ statistics }: WeightsTile): void {
    const { locale, state } = this.#options;
    const { texts } = state;
    const { finite, count, zeros, nan, infinite } = statistics;
    const values = (['min', 'max', 'mean', 'std'] as const).map((key) => {
      const text = finite === null ? '–' : formatValue(finite[key], locale);
      return [texts[key], text, false] as const;
    });
    const counts = Object.entries({ count, zeros, nan, infinite }).map(([key, number]) => {
      const bad = (key === 'nan' || key === 'infinite') && number > 0;
      return [texts[key as 'count'], formatCount(number, locale), bad] as const;
    });
    const pairs = [...values, ...counts].map(([label, value, bad]) => [
      element('dt', { text: label }),
      element('dd', { text: value, className: bad ? 'bad' : '' }),
    ]);
    this.#statistics.replaceChildren(...pairs.flat());
  }

  /** Shape and layout, and what a screen reader says of the pictures. */
  #describe(): void {
    const { tensor, state } = this.#options;
    const { texts } = state;
    const { name, shape } = tensor;
    const turned = isTurned(shape, this.#layout);
    const sizes = (turned ? [...shape].reverse() : shape).join(' × ');
    const layout =
      shape.length > 2 ? texts.kernelImage : turned ? texts.kernelPytorch : texts.kernelKeras;
    this.#shape.textContent =
      shape.length === 1 ? `${sizes} · ${texts.vector}` : `${sizes} · ${layout}`;
    this.#heatmap.node.setAttribute('aria-label', fillIn(texts.heatmap, name));
  }

  /** Where most of the values lie, in words. */
  #spread(finite: TensorStatistics['finite']): string {
    if (finite === null) return '';
    const { state, locale, tensor } = this.#options;
    const [low, high] = [finite.mean - finite.std, finite.mean + finite.std];
    const ends = [Math.max(finite.min, low), Math.min(finite.max, high)];
    const values = ends.map((end) => formatValue(end, locale));
    return fillIn(state.texts.histogram, tensor.name, ...values);
  }

  #say(cell: Cell | null): void {
    const grid = this.#grid;
    if (grid === null || cell === null) {
      this.#readout.textContent = '';
      return;
    }
    const { locale, state, tensor } = this.#options;
    const at = cell.row * grid.columns + cell.column;
    const place = cellName(grid, cell.row, cell.column, tensor.shape.length === 1);
    const text = (values: Float32Array) => formatValue(values[at]!, locale);
    const { values, min, max } = grid;
    this.#readout.textContent =
      min === null || max === null
        ? `${place}: ${text(values)}`
        : fillIn(state.texts.block, place, text(values), text(min), text(max));
  }
}
