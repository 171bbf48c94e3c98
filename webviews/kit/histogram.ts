/** Counts in bins of equal width as bars, with a line at zero; mouse and arrow keys read them. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { Histogram as Bins } from '../../src/shared/protocol/dataReport.ts';
import { binRange, moveBin, zeroAt } from './bins.ts';
import { element } from './dom.ts';
import './histogram.css';

export interface HistogramOptions {
  /** Of the picture, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly locale: string;
  /** How values are written. */
  readonly format: (value: number, locale: string) => string;
  /** `{0} to {1}: {2}`, of a bin and its count. */
  readonly binText: string;
}

export class Histogram {
  readonly #options: HistogramOptions;
  readonly #canvas = element('canvas', {
    className: 'histogram',
    attributes: { tabindex: '0', role: 'img' },
  });
  /** The ends of the range; or what the mouse or the cursor is at. */
  readonly #caption = element('p', { className: 'ends', attributes: { 'aria-live': 'polite' } });
  readonly node = element('div', { className: 'bins' }, this.#canvas, this.#caption);
  #bins: Bins | null = null;
  #chosen: number | null = null;

  constructor(options: HistogramOptions) {
    this.#options = options;
    this.#canvas.style.width = `${options.width}px`;
    this.#canvas.style.height = `${options.height}px`;
    this.node.style.width = `${options.width}px`;
    this.#canvas.addEventListener('mousemove', (event) => this.#point(event));
    this.#canvas.addEventListener('mouseleave', () => this.#choose(null));
    this.#canvas.addEventListener('focus', () => this.#choose(this.#chosen ?? 0));
    this.#canvas.addEventListener('blur', () => this.#choose(null));
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @param label what a screen reader says of the picture. Null bins hide it. */
  draw(bins: Bins | null, label: string): void {
    this.#bins = bins;
    this.node.hidden = bins === null;
    this.#canvas.setAttribute('aria-label', label);
    const kept = this.#chosen !== null && this.#chosen < (bins?.counts.length ?? 0);
    this.#choose(kept ? this.#chosen : null);
  }

  #paint(): void {
    if (this.#bins === null) return;
    if (!this.#canvas.isConnected) {
      // Outside the document there are no colours yet.
      requestAnimationFrame(() => {
        if (this.#canvas.isConnected) this.#paint();
      });
      return;
    }
    const { width, height } = this.#options;
    const scale = window.devicePixelRatio;
    this.#canvas.width = width * scale;
    this.#canvas.height = height * scale;
    const context = this.#canvas.getContext('2d')!;
    context.scale(scale, scale);
    const style = getComputedStyle(this.#canvas);
    const { counts } = this.#bins;
    const most = Math.max(...counts);
    const bar = width / counts.length;
    counts.forEach((count, i) => {
      context.fillStyle = i === this.#chosen ? style.outlineColor : style.color;
      // One value among millions shows still.
      const size = count === 0 ? 0 : Math.max(1, (count / most) * (height - 2));
      context.fillRect(i * bar, height - size, Math.max(1, bar - 1), size);
    });
    const zero = zeroAt(this.#bins);
    if (zero === null) return;
    context.fillStyle = style.borderBottomColor;
    context.fillRect(zero * width, 0, 1, height);
  }

  #point({ offsetX }: MouseEvent): void {
    if (this.#bins === null) return;
    const { length } = this.#bins.counts;
    const bin = Math.floor((offsetX / this.#options.width) * length);
    this.#choose(Math.max(0, Math.min(length - 1, bin)));
  }

  #key(event: KeyboardEvent): void {
    const next = moveBin(event.key, this.#chosen ?? 0, this.#bins?.counts.length ?? 0);
    if (next === null) return;
    event.preventDefault();
    this.#choose(next);
  }

  #choose(bin: number | null): void {
    this.#chosen = bin;
    this.#paint();
    if (this.#bins === null) return;
    const texts =
      bin === null
        ? [this.#bins.min, this.#bins.max].map((value) => this.#write(value))
        : [this.#describe(this.#bins, bin)];
    this.#caption.replaceChildren(...texts.map((text) => element('span', { text })));
  }

  #describe(bins: Bins, bin: number): string {
    const { locale, binText } = this.#options;
    const { from, to } = binRange(bins, bin);
    const count = formatCount(bins.counts[bin]!, locale);
    if (from === to) return `${this.#write(from)}: ${count}`;
    return fillIn(binText, this.#write(from), this.#write(to), count);
  }

  #write(value: number): string {
    return this.#options.format(value, this.#options.locale);
  }
}
