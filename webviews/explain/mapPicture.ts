/** Feature maps side by side, which the mouse and the arrow keys read; of a layer's output a value can be chosen. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { FeatureMaps } from '../../src/shared/protocol/explainStep.ts';
import { element } from '../kit/dom.ts';
import { moveCursor } from '../kit/moveCursor.ts';
import { limitOf, pixelsOf } from '../kit/scale.ts';
import { readScaleColors } from '../kit/themeScale.ts';
import { count, number, paragraph, type Drawing } from './drawing.ts';
import {
  cellOf,
  cornerOf,
  placeAt,
  placeOfCell,
  placeOfUnit,
  tilingOf,
  unitOf,
  type MapPlace,
  type Tiling,
} from './mapTiles.ts';

export interface MapOptions {
  readonly maps: FeatureMaps;
  readonly title: string;
  /** See choice(). */
  readonly key: string;
  /** Index into the outputs of the layer. */
  readonly chosen?: number | undefined;
  readonly choose?: ((unit: number) => void) | undefined;
}

export function mapPicture(drawing: Drawing, options: MapOptions): HTMLElement {
  return new MapPicture(drawing, options).node;
}

class MapPicture {
  readonly node: HTMLElement;
  readonly #drawing: Drawing;
  readonly #options: MapOptions;
  readonly #canvas: HTMLCanvasElement;
  readonly #readout = element('p', { className: 'readout', attributes: { 'aria-live': 'polite' } });
  /** Under the mouse or the keyboard. */
  #place: MapPlace | null = null;

  constructor(drawing: Drawing, options: MapOptions) {
    this.#drawing = drawing;
    this.#options = options;
    const { title, key } = options;
    const attributes = { tabindex: '0', role: 'img', 'aria-label': title, 'data-key': key };
    this.#canvas = element('canvas', { className: 'maps', attributes });
    const label = element('span', { className: 'strip-title', text: title });
    const facts = paragraph(mapFacts(drawing, options.maps));
    this.node = element('div', { className: 'strip', attributes: { 'data-maps': key } });
    this.node.append(label, facts, this.#canvas, this.#readout);
    this.#listen();
  }

  get #tiling(): Tiling {
    return tilingOf(this.#options.maps, Math.max(120, this.node.clientWidth || 600));
  }

  #listen(): void {
    const canvas = this.#canvas;
    canvas.addEventListener('mousemove', ({ offsetX, offsetY }) => {
      this.#look(placeAt(this.#tiling, this.#options.maps.shown, offsetX, offsetY));
    });
    canvas.addEventListener('mouseleave', () => this.#look(null));
    canvas.addEventListener('blur', () => this.#look(null));
    canvas.addEventListener('click', () => this.#choose());
    canvas.addEventListener('keydown', (event) => this.#press(event));
    new ResizeObserver(() => this.#paint()).observe(this.node);
  }

  #press(event: KeyboardEvent): void {
    const { maps } = this.#options;
    const tiling = this.#tiling;
    const from = this.#place ?? { map: 0, row: 0, column: 0 };
    const size = { rows: tiling.down * tiling.rows, columns: tiling.across * tiling.columns };
    const next = moveCursor(event.key, cellOf(tiling, from), size);
    if (next !== null) this.#look(placeOfCell(tiling, maps.shown, next) ?? from);
    else if (event.key === 'Enter' || event.key === ' ') this.#choose();
    else return;
    event.preventDefault();
  }

  #look(place: MapPlace | null): void {
    this.#place = place;
    this.#readout.textContent = place === null ? '' : this.#read(place);
    this.#paint();
  }

  #choose(): void {
    const { choose, maps } = this.#options;
    if (this.#place !== null) choose?.(unitOf(maps, this.#place));
  }

  #read({ map, row, column }: MapPlace): string {
    const { maps } = this.#options;
    const { rows, columns } = this.#tiling;
    const value = maps.values[(map * rows + row) * columns + column]!;
    const place = [row, column].map((at) => count(this.#drawing, at * maps.block + 1));
    const { texts } = this.#drawing;
    return fillIn(
      texts.mapValue,
      count(this.#drawing, map + 1),
      place.join(', '),
      number(this.#drawing, value),
    );
  }

  #paint(): void {
    const { maps, chosen } = this.#options;
    const tiling = this.#tiling;
    const context = sized(this.#canvas, tiling);
    const colors = readScaleColors();
    const border = getComputedStyle(this.#canvas).borderTopColor;
    const pixels = pixelsOf(maps.values, limitOf(maps.statistics.finite), colors);
    const { rows, columns, size } = tiling;
    for (let map = 0; map < maps.shown; map++) {
      const { x, y } = cornerOf(tiling, map);
      const own = pixels.subarray(4 * map * rows * columns, 4 * (map + 1) * rows * columns);
      context.imageSmoothingEnabled = false;
      context.drawImage(imageOf(own, columns, rows), x, y, columns * size, rows * size);
      context.strokeStyle = border;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, columns * size - 1, rows * size - 1);
    }
    if (chosen !== undefined) this.#outline(context, placeOfUnit(maps, chosen));
    this.#outline(context, this.#place);
  }

  #outline(context: CanvasRenderingContext2D, place: MapPlace | null): void {
    if (place === null) return;
    const tiling = this.#tiling;
    const { size } = tiling;
    const { x, y } = cornerOf(tiling, place.map);
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    context.lineWidth = 2;
    context.strokeRect(x + place.column * size - 1, y + place.row * size - 1, size + 2, size + 2);
  }
}

/** How many maps there are, how large, and what values they have. */
function mapFacts(drawing: Drawing, maps: FeatureMaps): string {
  const { texts, locale } = drawing;
  const { height, width, channels, shown, statistics } = maps;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const sizes = [channels, height, width].map((size) => count(drawing, size));
  const left = channels > shown ? [fillIn(texts.more, count(drawing, channels - shown))] : [];
  const { finite, zeros } = statistics;
  const values = finite === null ? [] : [finite.min, finite.max, finite.mean];
  const told = values.map((value) => number(drawing, value));
  const share = percent.format(zeros / statistics.count);
  return [
    fillIn(texts.mapSizes, ...sizes),
    ...(finite === null ? [] : [fillIn(texts.mapValues, ...told, share)]),
    ...left,
  ].join('; ');
}

function imageOf(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
): HTMLCanvasElement {
  const made = element('canvas');
  made.width = width;
  made.height = height;
  made.getContext('2d')!.putImageData(new ImageData(pixels, width, height), 0, 0);
  return made;
}

/** A canvas of so many CSS pixels, sharp on any screen. */
function sized(
  canvas: HTMLCanvasElement,
  { width, height }: Pick<Tiling, 'width' | 'height'>,
): CanvasRenderingContext2D {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  return context;
}
