/** A list of any length of which only the rows on the screen are in the document. */
import { element, oncePerFrame } from './dom.ts';
import { visibleRange } from './visibleRange.ts';
import './virtualList.css';

export interface VirtualListOptions<T> {
  /** Height of an item's row in a list of this width; CSS pixels. */
  readonly rowHeight: (width: number, item: T) => number;
  readonly render: (item: T) => HTMLElement;
}

export class VirtualList<T> {
  readonly node = element('div', { className: 'virtual', attributes: { role: 'list' } });
  readonly #options: VirtualListOptions<T>;
  readonly #rows = new Map<T, HTMLElement>();
  readonly #update = oncePerFrame(() => this.update());
  #items: readonly T[] = [];
  /** Where each row begins in the list, and where the last one ends; for one width. */
  #starts = { width: 0, places: new Float64Array(1) };

  constructor(options: VirtualListOptions<T>) {
    this.#options = options;
    window.addEventListener('scroll', this.#update, { passive: true });
    // A window that only grows taller leaves the list as it is, but shows more of it.
    window.addEventListener('resize', this.#update, { passive: true });
    new ResizeObserver(this.#update).observe(this.node);
  }

  /** Items are told apart by identity: one that stays keeps its row. */
  show(items: readonly T[]): void {
    this.#items = items;
    this.#starts = { ...this.#starts, width: 0 };
    this.update();
  }

  /** Draws the rows anew, as for another theme. */
  redraw(): void {
    this.#rows.clear();
    this.node.replaceChildren();
    this.update();
  }

  update(): void {
    const { top, width } = this.node.getBoundingClientRect();
    if (width === 0) return; // not on the page, or hidden
    const starts = this.#startsAt(width);
    this.node.style.height = `${starts.at(-1)!}px`;
    const { from, to } = visibleRange({ starts, top, viewportHeight: window.innerHeight });
    this.#place(this.#items.slice(from, to), from, starts);
  }

  #startsAt(width: number): Float64Array {
    if (this.#starts.width === width) return this.#starts.places;
    const places = new Float64Array(this.#items.length + 1);
    this.#items.forEach((item, i) => {
      places[i + 1] = places[i]! + this.#options.rowHeight(width, item);
    });
    this.#starts = { width, places };
    return places;
  }

  #place(items: readonly T[], from: number, starts: Float64Array): void {
    const wanted = new Set(items);
    for (const [item, row] of this.#rows) {
      if (wanted.has(item)) continue;
      row.remove();
      this.#rows.delete(item);
    }
    // In the order of the list, because that is how Tab and screen readers go.
    let next = this.node.firstChild;
    items.forEach((item, i) => {
      const row = this.#rowOf(item);
      const [start, end] = [starts[from + i]!, starts[from + i + 1]!];
      row.style.top = `${start}px`;
      row.style.height = `${end - start}px`;
      row.setAttribute('aria-posinset', String(from + i + 1));
      row.setAttribute('aria-setsize', String(this.#items.length));
      if (row === next) next = row.nextSibling;
      else this.node.insertBefore(row, next);
    });
  }

  #rowOf(item: T): HTMLElement {
    const known = this.#rows.get(item);
    if (known !== undefined) return known;
    const row = element('div', { className: 'row', attributes: { role: 'listitem' } });
    row.append(this.#options.render(item));
    this.#rows.set(item, row);
    return row;
  }
}
