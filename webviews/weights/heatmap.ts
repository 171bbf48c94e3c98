/** A canvas with a cell for each value, which the mouse and the arrow keys read. */
import { element } from '../kit/dom.ts';
import { moveCursor } from '../kit/moveCursor.ts';
import type { Grid } from './grid.ts';
import { pixelsOf, type ScaleColors } from '../kit/scale.ts';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Of the canvas, in CSS pixels; a tile has no more cells than this. */
export const mostPixels = { rows: 168, columns: 336 };
const largestCell = 28;

export class Heatmap {
  readonly node = element('canvas', {
    className: 'heatmap',
    attributes: { tabindex: '0', role: 'img' },
  });
  readonly #onCell: (cell: Cell | null) => void;
  #grid: Grid | null = null;
  #cell: Cell | null = null;
  #picture: ImageData | null = null;

  constructor(onCell: (cell: Cell | null) => void) {
    this.#onCell = onCell;
    this.node.addEventListener('mousemove', (event) => this.#point(event));
    this.node.addEventListener('mouseleave', () => this.#choose(null));
    this.node.addEventListener('focus', () => this.#choose(this.#cell ?? { row: 0, column: 0 }));
    this.node.addEventListener('blur', () => this.#choose(null));
    this.node.addEventListener('keydown', (event) => this.#key(event));
  }

  draw(grid: Grid, limit: number, colors: ScaleColors): void {
    this.#grid = grid;
    if (grid.rows * grid.columns === 0) return;
    this.#picture = new ImageData(pixelsOf(grid.values, limit, colors), grid.columns, grid.rows);
    this.#paint();
    if (this.#cell !== null) this.#choose(this.#cell);
  }

  #paint(): void {
    if (this.#grid === null || this.#picture === null) return;
    const size = cellPixels(this.#grid);
    const scale = window.devicePixelRatio;
    const { width, height } = this.#picture;
    this.node.width = Math.round(width * size * scale);
    this.node.height = Math.round(height * size * scale);
    this.node.style.width = `${width * size}px`;
    this.node.style.height = `${height * size}px`;
    const small = element('canvas', { attributes: { width: `${width}`, height: `${height}` } });
    small.getContext('2d')!.putImageData(this.#picture, 0, 0);
    const context = this.node.getContext('2d')!;
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, this.node.width, this.node.height);
    if (this.#cell !== null) this.#outline(context, this.#cell, size * scale);
  }

  #outline(context: CanvasRenderingContext2D, { row, column }: Cell, size: number): void {
    context.strokeStyle = getComputedStyle(this.node).color;
    context.lineWidth = Math.max(1, Math.min(2, size / 4));
    context.strokeRect(
      column * size + 1,
      row * size + 1,
      Math.max(1, size - 2),
      Math.max(1, size - 2),
    );
  }

  #point({ offsetX, offsetY }: MouseEvent): void {
    if (this.#grid === null) return;
    const size = cellPixels(this.#grid);
    const { rows, columns } = this.#grid;
    this.#choose({
      row: Math.max(0, Math.min(rows - 1, Math.floor(offsetY / size))),
      column: Math.max(0, Math.min(columns - 1, Math.floor(offsetX / size))),
    });
  }

  #key(event: KeyboardEvent): void {
    if (this.#grid === null) return;
    const next = moveCursor(event.key, this.#cell ?? { row: 0, column: 0 }, this.#grid);
    if (next === null) return;
    event.preventDefault();
    this.#choose(next);
  }

  #choose(cell: Cell | null): void {
    const { rows = 0, columns = 0 } = this.#grid ?? {};
    const inside = cell !== null && cell.row < rows && cell.column < columns;
    this.#cell = inside ? cell : null;
    this.#paint();
    this.#onCell(this.#cell);
  }
}

function cellPixels({ rows, columns }: Grid): number {
  const fits = Math.min(mostPixels.columns / columns, mostPixels.rows / rows);
  return Math.max(1, Math.min(largestCell, Math.floor(fits)));
}
