/**
 * Pictures of many lines, of which mostly few are new: lines of one kind that follow each other lie on a sheet of their
 * own, and sheets are laid over each other. A sheet whose lines are the very same is not drawn again, so that who shows
 * another kind of line waits for the lines of that kind alone, and who raises a run for that run alone. The pixels are
 * those of drawing line after line: on top of each is the last line that touches it, in its sheet as among all.
 */
import type { Picture } from '../shared/plot/picture.ts';
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import type { ValueScale } from '../shared/plot/valueScale.ts';
import { breather } from './breather.ts';
import type { Memory } from './memory.ts';
import { Raster, type LineStyle } from './raster.ts';

export interface Sheet {
  /** From below to the top; null for one that cannot be read. */
  readonly lines: readonly (SeriesColumns | null)[];
  readonly style: LineStyle;
}

export interface SheetsWish {
  readonly columns: number;
  readonly scale: ValueScale;
  /** Lines over all others, numbered through all sheets from 0. */
  readonly raised: ReadonlySet<number>;
}

export class Sheets {
  /** So far: tests hold it to bounds where times would be noise. */
  linesDrawn = 0;
  readonly #memory: Memory<unknown>;

  constructor(memory: Memory<unknown>) {
    this.#memory = memory;
  }

  /** @returns a picture whose layer i + 1 is line i, numbered through all sheets. */
  async picture(sheets: readonly Sheet[], wish: SheetsWish): Promise<Picture> {
    const [only, ...others] = sheets;
    if (only !== undefined && others.length === 0 && wish.raised.size === 0) {
      return (await this.#raster(only, wish)).picture();
    }
    const all = new Raster(wish.columns, wish.scale);
    let below = 0;
    for (const sheet of sheets) {
      all.lay(await this.#raster(sheet, wish), below);
      below += sheet.lines.length;
    }
    let layer = 0;
    for (const { lines, style } of sheets) {
      for (const line of lines) {
        if (wish.raised.has(layer++)) this.#draw(all, layer, { line, style });
      }
    }
    return all.picture();
  }

  async #raster({ lines, style }: Sheet, { columns, scale }: SheetsWish): Promise<Raster> {
    const ids = lines.map((line) => line?.id ?? 0);
    const key = JSON.stringify([columns, scale, style, ids]);
    const known = this.#memory.sheets.get(key);
    if (known !== undefined) return known;
    const raster = new Raster(columns, scale);
    const breathe = breather();
    let layer = 0;
    for (const line of lines) {
      this.#draw(raster, ++layer, { line, style });
      const breath = breathe();
      if (breath !== undefined) await breath;
    }
    this.#memory.keepSheet(key, raster);
    return raster;
  }

  #draw(
    raster: Raster,
    layer: number,
    { line, style }: { readonly line: SeriesColumns | null; readonly style: LineStyle },
  ): void {
    if (line === null) return;
    raster.draw(layer, line, style);
    this.linesDrawn++;
  }
}
